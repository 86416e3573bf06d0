"""A Lambda authorizer: a function that decides who may call, as AppSync invokes it.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#aws-lambda-authorization
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import parse_qs

from localaws.appsync import strict_json
from localaws.appsync.answers import Answer
from localaws.appsync.deployed import Api, Authorizer, FieldKey
from localaws.appsync.ports import (
    CONNECT_PATH,
    AuthMode,
    Identity,
    Json,
    SignedRequest,
    Unauthenticated,
)
from localaws.appsync.tokens import NOT_AUTHORIZED
from localaws.errors import LocalAwsError

log = logging.getLogger(__name__)

TIMEOUT_S = 10.0
MAX_TOKEN_CHARACTERS = 2048
MAX_KEPT_BYTES = 1_048_576
MAX_CONTEXT_BYTES = 5 * 1024 * 1024
# The operation that the service names when a socket connects.
CONNECT = "DeepDish:Connect"
# Cached answers, so that many tokens do not exhaust memory.
_KEPT = 1024

Invoke = Callable[[str, Json], Awaitable[Answer]]
"""Invokes the function with a payload and returns its answer."""


class _Malformed(LocalAwsError):
    """The function's answer does not have the required form."""


@dataclass(frozen=True)
class Verdict:
    """The function's answer for a token."""

    authorized: bool
    denied: frozenset[FieldKey] = frozenset()
    context: Json = None
    ttl_s: float | None = None


class LambdaAuthorizer:
    """Asks the function, and caches its answers by token."""

    def __init__(
        self,
        authorizer: Authorizer,
        api: Api,
        invoke: Invoke,
        now: Callable[[], datetime],
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._authorizer, self._api = authorizer, api
        self._invoke, self._now = invoke, now
        self._timeout_s = timeout_s
        self._kept: OrderedDict[str, tuple[datetime, Verdict]] = OrderedDict()

    @classmethod
    def of(cls, api: Api, invoke: Invoke, now: Callable[[], datetime]) -> Self | None:
        """The API's authorizer, if it has one."""
        return cls(api.authorizer, api, invoke, now) if api.authorizer else None

    async def identify(self, token: str, request: SignedRequest) -> Identity:
        """Raises Unauthenticated."""
        if not self._may_ask(token):
            raise Unauthenticated(NOT_AUTHORIZED)
        verdict = self._recalled(token) or await self._asked(token, request)
        if not verdict.authorized:
            raise Unauthenticated(NOT_AUTHORIZED)
        context = {"resolverContext": verdict.context or {}}
        return Identity(AuthMode.AWS_LAMBDA, context, denied=verdict.denied)

    def _may_ask(self, token: str) -> bool:
        expression = self._authorizer.expression
        short = len(token) <= MAX_TOKEN_CHARACTERS
        return short and (expression is None or re.fullmatch(expression, token) is not None)

    def _recalled(self, token: str) -> Verdict | None:
        until, verdict = self._kept.get(token, (self._now(), None))
        return verdict if self._now() < until else None

    async def _asked(self, token: str, request: SignedRequest) -> Verdict:
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._invoke(
                    self._authorizer.function, event(token, request, self._api)
                )
            verdict = read_verdict(_result(answer), self._api)
        except (TimeoutError, _Malformed) as error:
            log.warning("the authorizer failed: %s", error or "no answer in time")
            raise Unauthenticated(None, "BadRequestException") from None
        self._keep(token, verdict, _size(answer.result))
        return verdict

    def _keep(self, token: str, verdict: Verdict, size: int) -> None:
        ttl_s = self._authorizer.ttl_s if verdict.ttl_s is None else verdict.ttl_s
        if ttl_s <= 0 or size > MAX_KEPT_BYTES:
            return
        self._kept[token] = (self._now() + timedelta(seconds=ttl_s), verdict)
        self._kept.move_to_end(token)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


# -- The question -----------------------------------------------------------------------------


def event(token: str, request: SignedRequest, api: Api) -> Json:
    """The event that the function gets."""
    return {
        "authorizationToken": token,
        "requestContext": {
            "apiId": api.api_id,
            "accountId": _part(api.arn, 4),
            "requestId": str(uuid.uuid4()),
            **_operation(request),
        },
        "requestHeaders": {name.lower(): value for name, value in request.headers.items()},
    }


def _operation(request: SignedRequest) -> Json:
    if request.path == CONNECT_PATH:
        return {"queryString": "", "operationName": CONNECT, "variables": {}}
    fields = _fields(request)
    asked: Json = {
        "queryString": _of(str, fields.get("query"), ""),
        "variables": _of(dict, fields.get("variables"), {}),
    }
    if name := _of(str, fields.get("operationName"), ""):
        asked["operationName"] = name
    return asked


def _fields(request: SignedRequest) -> Mapping[str, Json]:
    """A request's members, as far as they can be read: it is validated later."""
    if request.method == "GET":
        given = {name: values[0] for name, values in parse_qs(request.query).items()}
        return given | {"variables": _loaded(given.get("variables", ""))}
    fields = _loaded(request.body)
    if isinstance(fields, dict):
        return fields
    return {"query": request.body.decode(errors="replace")}


def _loaded(text: str | bytes) -> Json:
    try:
        return strict_json.loads(text)
    except ValueError:
        return None


def _of(type_: type, value: Json, otherwise: Json) -> Json:
    return value if isinstance(value, type_) else otherwise


# -- The answer -------------------------------------------------------------------------------


def _result(answer: Answer) -> Json:
    if answer.error:
        raise _Malformed(answer.error.type)
    return answer.result


def read_verdict(result: Json, api: Api) -> Verdict:
    """The function's answer. Raises _Malformed."""
    if not isinstance(result, dict) or not isinstance(result.get("isAuthorized"), bool):
        raise _Malformed("isAuthorized is not a boolean")
    denied, context = result.get("deniedFields") or [], result.get("resolverContext")
    if not isinstance(denied, list) or not all(isinstance(each, str) for each in denied):
        raise _Malformed("deniedFields is not a list of strings")
    if not isinstance(context, dict | None) or _size(context) > MAX_CONTEXT_BYTES:
        raise _Malformed(f"resolverContext is not an object of at most {MAX_CONTEXT_BYTES} bytes")
    ttl_s = result.get("ttlOverride")
    if isinstance(ttl_s, bool) or not isinstance(ttl_s, int | float | None):
        raise _Malformed("ttlOverride is not a number")
    return Verdict(result["isAuthorized"], frozenset(denied_fields(denied, api)), context, ttl_s)


def denied_fields(listed: Iterable[str], api: Api) -> Iterator[FieldKey]:
    """The denied fields of this API, given as ARNs or as Type.field. There are no wildcards."""
    for each in listed:
        if each.startswith("arn:"):
            prefix, _, rest = each.partition("/types/")
            type_name, _, field = rest.partition("/fields/")
            if prefix == api.arn:
                yield type_name, field
        else:
            type_name, _, field = each.partition(".")
            yield type_name, field


def _size(value: Json) -> int:
    return len(json.dumps(value, separators=(",", ":")).encode())


def _part(arn: str, index: int) -> str:
    parts = arn.split(":")
    return parts[index] if index < len(parts) else ""
