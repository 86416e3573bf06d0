"""What stops a command that works on a deployed stack, as a tree.

* OperationError         what AWS or a function of ours answered: the message says what to do
    * NotRunningError    there is no such world or stack
        * NoCredentials  nothing here says who asks AWS
    * UsageError         the arguments name something that does not exist
"""

from __future__ import annotations

from enum import IntEnum


class OperationError(Exception):
    """The command cannot go on. Mend what the message says and run it again."""


class NotRunningError(OperationError):
    """There is nothing to work on: no local world, no credentials, or no stack."""


class NoCredentials(NotRunningError):
    """AWS is meant, and nothing on this machine says who asks."""


class UsageError(OperationError):
    """The command was called wrongly."""


class ExitCode(IntEnum):
    """The command's exit status, as that of every `antipode` command."""

    DONE = 0
    FAILED = 1
    WRONG_USAGE = 2
    NOT_RUNNING = 3
    INTERRUPTED = 130


def exit_code(error: OperationError) -> ExitCode:
    """What a command ends with that was stopped by this."""
    match error:
        case UsageError():
            return ExitCode.WRONG_USAGE
        case NotRunningError():
            return ExitCode.NOT_RUNNING
        case _:
            return ExitCode.FAILED
