"""Waiting for AWS between the steps of a command that works things out from what it sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from antipode_tools.operate.stacks.errors import OperationError

# How often AWS is asked whether it has finished.
PAUSE_S = 10.0


class BusyError(OperationError):
    """It cannot be done yet: AWS is at work on it, or has not let go of it. Try again."""


@dataclass(frozen=True)
class Wait:
    """Nothing can be done before AWS has finished something."""

    why: str


@dataclass
class Patience:
    """How long a run waits for AWS in all, from when this is made.

    Args:
        say: called with what is waited for, once for each cause.
        clock: seconds that only rise.
    """

    seconds: float
    say: Callable[[str], None]
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    _until: float = field(init=False)
    _said: str = field(init=False, default="")

    def __post_init__(self) -> None:
        self._until = self.clock() + self.seconds

    def wait(self, why: str) -> None:
        """Lets a while pass.

        Raises:
            OperationError: it has been long enough.
        """
        if self.clock() >= self._until:
            raise OperationError(
                f"{why}; {self.seconds / 60:.0f} minutes were not enough."
                " Run this again: it continues from there"
            )
        if why != self._said:
            self.say(f"  waiting: {why}")
            self._said = why
        self.sleep(PAUSE_S)
