"""Which root fields IAM's policies allow a caller, with answers cached for a while.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#aws-iam-authorization
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from localaws.appsync.deployed import FieldKey
from localaws.appsync.ports import PERMISSION_DENIED, Identity, Unauthenticated
from localaws.iam.policies import Evaluate

log = logging.getLogger(__name__)

# A changed policy takes effect after some seconds, as on AWS. An answer older than the first is
# still used while IAM is asked again; one older than the second is not used any more.
KEPT_FOR = timedelta(seconds=10)
STALE_AFTER = timedelta(seconds=60)

# The ARN of a user or role, and a field.
_Question = tuple[str, FieldKey]


@dataclass(frozen=True)
class _Known:
    allowed: bool
    at: datetime


class Permissions:
    """IAM's answers for one API."""

    def __init__(self, evaluate: Evaluate, api_arn: str, now: Callable[[], datetime]) -> None:
        self._evaluate, self._arn, self._now = evaluate, api_arn, now
        self._known: dict[_Question, _Known] = {}
        self._asking: dict[_Question, asyncio.Task[bool]] = {}

    async def narrowed(self, identity: Identity, fields: Collection[FieldKey]) -> Identity:
        """The caller's identity, denied those of these root fields that its policies do not allow.

        Raises Unauthenticated if they allow none.
        """
        if identity.policies_of is None:
            return identity
        denied = {key for key in fields if not await self._allows(identity.policies_of, key)}
        if denied and len(denied) == len(set(fields)):
            raise Unauthenticated(PERMISSION_DENIED)
        return replace(identity, denied=identity.denied | denied)

    async def _allows(self, policies_of: str, key: FieldKey) -> bool:
        question = (policies_of, key)
        known = self._known.get(question)
        if known is None or self._now() - known.at >= STALE_AFTER:
            return await asyncio.shield(self._ask(question))
        if self._now() - known.at >= KEPT_FOR:
            # Nobody waits for this: requests must not stall every ten seconds.
            self._ask(question)
        return known.allowed

    def _ask(self, question: _Question) -> asyncio.Task[bool]:
        """One question, however many requests wait for its answer."""
        if question not in self._asking:
            asked = self._asking[question] = asyncio.create_task(self._answered(question))
            asked.add_done_callback(lambda done: self._end(question, done))
        return self._asking[question]

    async def _answered(self, question: _Question) -> bool:
        policies_of, (type_name, field) = question
        at = self._now()
        resource = f"{self._arn}/types/{type_name}/fields/{field}"
        allowed = await self._evaluate(policies_of, resource)
        self._known[question] = _Known(allowed, at)
        return allowed

    def _end(self, question: _Question, done: asyncio.Task[bool]) -> None:
        del self._asking[question]
        if not done.cancelled() and (error := done.exception()):
            log.warning("IAM did not answer: %r", error)
