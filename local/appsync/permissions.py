"""Which root fields IAM's policies let a caller have, asked once in a while for each.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#aws-iam-authorization
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from local.appsync.deployed import FieldKey
from local.appsync.ports import PERMISSION_DENIED, Identity, Unauthenticated

# A change of a policy is noticed after this time, as on AWS, where it takes some seconds.
KEPT_FOR = timedelta(seconds=10)

Evaluate = Callable[[str, str], Awaitable[bool]]
"""Whether the policies of an IAM user or role (its ARN) allow appsync:GraphQL on a resource."""


class Permissions:
    """What IAM allows on one API."""

    def __init__(self, evaluate: Evaluate, api_arn: str, now: Callable[[], datetime]) -> None:
        self._evaluate, self._arn, self._now = evaluate, api_arn, now
        self._kept: dict[tuple[str, FieldKey], tuple[datetime, asyncio.Future[bool]]] = {}

    async def narrowed(self, identity: Identity, fields: Collection[FieldKey]) -> Identity:
        """The caller of these root fields, without those that its policies do not allow.

        Raises Unauthenticated where they allow none.
        """
        if identity.policies_of is None:
            return identity
        denied = {key for key in fields if not await self._allows(identity.policies_of, key)}
        if denied and len(denied) == len(set(fields)):
            raise Unauthenticated(PERMISSION_DENIED)
        return replace(identity, denied=identity.denied | denied)

    async def _allows(self, policies_of: str, key: FieldKey) -> bool:
        at, asked = self._kept.get((policies_of, key), (None, None))
        if at is None or asked is None or self._now() - at >= KEPT_FOR:
            resource = f"{self._arn}/types/{key[0]}/fields/{key[1]}"
            # One question, however many requests wait for its answer.
            asked = asyncio.ensure_future(self._evaluate(policies_of, resource))
            self._kept[policies_of, key] = (self._now(), asked)
            asked.add_done_callback(lambda done: self._forget_failure(policies_of, key, done))
        return await asyncio.shield(asked)

    def _forget_failure(self, policies_of: str, key: FieldKey, done: asyncio.Future[bool]) -> None:
        if done.cancelled() or done.exception() is not None:
            self._kept.pop((policies_of, key), None)
