"""What is known of the parts that a Region serves with: looked at in parallel, and kept a while.

Knows nothing of AWS. Route 53's checkers ask sixteen times in ten seconds, and anybody else may ask
as well: however many they are, a part is looked at no more than once in the time it is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from enum import StrEnum, auto

from antipode.errors import AntipodeError

LOG = logging.getLogger(__name__)

# Route 53 wants the answer within two seconds, some of which the gateway and the network take.
# https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
PATIENCE_S = 1.4


class Part(StrEnum):
    """What a Region cannot serve without."""

    DATA = "data"
    API = "api"
    RELAY = "relay"
    # Not a part that broke: somebody took the Region out.
    DRAINED = "drained"


class Condition(StrEnum):
    """How a part is."""

    WELL = auto()
    # It could not be looked at, and that alone is no reason to take the Region out.
    DEGRADED = auto()
    FAILING = auto()


class CannotServeError(AntipodeError):
    """The part was looked at and cannot serve. The message is for the log alone."""


@dataclass(frozen=True)
class Check:
    """One part, and how to look at it.

    Args:
        look: returns if all is well; raises CannotServeError if not, and anything else if it
            could not find out.
        keep_s: how long the finding holds.
        in_doubt: how the part is taken to be while a look hangs or could not find out.
    """

    part: Part
    look: Callable[[], None]
    keep_s: float
    in_doubt: Condition = Condition.FAILING


@dataclass(frozen=True)
class Finding:
    """What a look found, and when it was over."""

    condition: Condition
    at: float


class Board:
    """The findings of one process."""

    def __init__(
        self,
        checks: Sequence[Check],
        *,
        clock: Callable[[], float],
        executor: Executor,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._checks = checks
        self._clock = clock
        self._executor = executor
        self._patience_s = patience_s
        self._found: dict[Part, Finding] = {}
        self._looking: dict[Part, Future[Finding]] = {}

    def conditions(self) -> dict[Part, Condition]:
        """How each part is, in the order of the checks."""
        stale = [check for check in self._checks if not self._holds(check)]
        for check in stale:
            # One look at a time: a part that hangs does not gather threads.
            if check.part not in self._looking:
                self._looking[check.part] = self._executor.submit(self._look, check)
        wait(self._looking.values(), timeout=self._patience_s)
        self._collect()
        return {check.part: self._condition(check) for check in self._checks}

    def _collect(self) -> None:
        for part, future in list(self._looking.items()):
            if future.done():
                self._found[part] = future.result()
                del self._looking[part]

    def _holds(self, check: Check) -> bool:
        found = self._found.get(check.part)
        return found is not None and self._clock() - found.at < check.keep_s

    def _condition(self, check: Check) -> Condition:
        # What an earlier look found has no say: this one hangs.
        return check.in_doubt if check.part in self._looking else self._found[check.part].condition

    def _look(self, check: Check) -> Finding:
        try:
            check.look()
        except CannotServeError as error:
            LOG.error("%s cannot serve: %s", check.part, error)
            return Finding(Condition.FAILING, self._clock())
        except Exception:
            LOG.exception("%s could not be looked at: taken as %s", check.part, check.in_doubt)
            return Finding(check.in_doubt, self._clock())
        return Finding(Condition.WELL, self._clock())
