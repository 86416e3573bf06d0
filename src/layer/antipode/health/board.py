"""What is known of the parts that a Region serves with: looked at in parallel, and kept a while.

Knows nothing of AWS. Route 53's checkers ask sixteen times in ten seconds, and anybody else may ask
as well: however many they are, a part is looked at no more than once in the time it is kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from enum import StrEnum

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


class CannotServe(Exception):
    """What a look at a part found. The message is for the log, and for nobody outside."""


@dataclass(frozen=True)
class Check:
    """One part, and how to look at it.

    Args:
        look: returns if all is well; raises whatever else it finds.
        keep_s: how long the finding holds.
    """

    part: Part
    look: Callable[[], None]
    keep_s: float


@dataclass(frozen=True)
class Finding:
    """What a look found, and when it was over."""

    well: bool
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

    def failing(self) -> list[Part]:
        """The parts that cannot serve, or did not say in time that they can."""
        stale = [check for check in self._checks if not self._holds(check)]
        for check in stale:
            # One look at a time: a part that hangs does not gather threads.
            if check.part not in self._looking:
                self._looking[check.part] = self._executor.submit(self._look, check)
        wait(self._looking.values(), timeout=self._patience_s)
        self._collect()
        return [check.part for check in self._checks if not self._is_well(check)]

    def _collect(self) -> None:
        for part, future in list(self._looking.items()):
            if future.done():
                self._found[part] = future.result()
                del self._looking[part]

    def _holds(self, check: Check) -> bool:
        found = self._found.get(check.part)
        return found is not None and self._clock() - found.at < check.keep_s

    def _is_well(self, check: Check) -> bool:
        # What is still being looked at has no say: it hangs.
        return check.part not in self._looking and self._found[check.part].well

    def _look(self, check: Check) -> Finding:
        try:
            check.look()
        except Exception as error:  # Whatever it is: a part that cannot be looked at has failed.
            LOG.exception("%s cannot serve: %r", check.part, error)
            return Finding(False, self._clock())
        return Finding(True, self._clock())
