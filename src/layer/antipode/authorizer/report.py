"""What is said of a decision: a metric always, a log line for a refusal, and no token ever."""

from __future__ import annotations

from dataclasses import dataclass

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import MetricUnit

from antipode.authorizer.authorizer import Decision
from antipode.authorizer.refusal import KeysUnavailableError, Reason
from antipode.metrics import emit
from antipode.namespace import Namespace


@dataclass(frozen=True)
class Reporter:
    """Speaks to the log and to CloudWatch's metrics."""

    logger: Logger
    namespace: Namespace

    def decided(self, decision: Decision) -> None:
        """Counts a decision, and logs why it is a refusal."""
        match decision.reason:
            case None:
                pass
            case Reason.INTERNAL:
                self.logger.error("caller refused", reason=decision.reason, exc_info=decision.error)
            case reason:
                self.logger.warning("caller refused", reason=reason)
        self._count(Authorized=decision.reason is None, Refused=decision.reason is not None)

    def keys_failed(self, error: KeysUnavailableError) -> None:
        """Tells that keys could not be fetched, whether or not those at hand still serve."""
        self.logger.error("keys cannot be fetched", detail=str(error))
        self._count(KeysUnavailable=True)

    def _count(self, **counts: bool) -> None:
        # Zeros included: an alarm needs them.
        values = {name: [int(each)] for name, each in counts.items()}
        emit(self.namespace, MetricUnit.Count, values)
