"""The base of all functions' errors, and what any of them may raise:

* AntipodeError
    * SettingsError            the function is configured wrongly: fix the deployment
    * relay.errors             what goes wrong with a batch of changes
    * health.board             CannotServeError: a part of the Region cannot serve
    * authorizer.refusal       RefusedError, KeysUnavailableError: a caller is not let in
    * canary.errors            a canary is not heard
    * replica.errors           ReplicaError: a replica's stream cannot be used
"""

from __future__ import annotations


class AntipodeError(Exception):
    """The base of all: what the project itself raises."""


class SettingsError(AntipodeError):
    """An environment variable is missing or wrong. Nothing to retry: deploy again."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(name, problem)
        self.name, self.problem = name, problem

    def __str__(self) -> str:
        return f"environment variable {self.name} {self.problem}"
