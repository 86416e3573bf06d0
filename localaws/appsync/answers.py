"""What a data source answers: a result, or an error that the response handler may look at."""

from __future__ import annotations

from dataclasses import dataclass

from localaws.appsync.ports import Json


@dataclass(frozen=True)
class SourceError:
    """`ctx.error`."""

    message: str
    type: str


@dataclass(frozen=True)
class Answer:
    """`ctx.result` and `ctx.error`."""

    result: Json = None
    error: SourceError | None = None


class InvalidRequest(Exception):
    """A request handler returned what its data source does not take: the field fails."""
