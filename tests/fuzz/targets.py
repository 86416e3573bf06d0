"""What is fuzzed: the parsers of credentials, and the HTTP and WebSocket entries of each mode.

A case that gets anything but a proper answer raises Finding.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

from antipode.authorizer import tokens as authorizer_tokens
from antipode.authorizer.keys import Key, Keys, KeyStore
from antipode.authorizer.refusal import KeysUnavailableError, RefusedError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from localaws.appsync import sigv4, tokens
from localaws.appsync.identity import credential
from localaws.appsync.ports import AuthMode, Unauthenticated
from localaws.appsync.tokens import TokenRefused
from tests.fuzz.mutation import Mutator
from tests.unit.localaws.appsync.fakes import NOW
from tests.unit.localaws.appsync.issuing import POOL, PROVIDER, pool_claims, provider_claims, signed
from tests.unit.localaws.appsync.modes import GOOD, Served
from tests.unit.localaws.appsync.test_tokens import key

PATIENCE_S = 20.0

SIGNATURE = (
    "AWS4-HMAC-SHA256 Credential=AKIA/20260102/eu-west-1/appsync/aws4_request, "
    "SignedHeaders=host;x-amz-date, Signature=" + "0" * 64
)
DOCUMENTS = (
    "{ items { id } }",
    "query Q($id: ID!) { item(id: $id) { id part { size } parts { label } } }",
    'mutation { put(input: {id: "1", name: "a", data: "{}"}) { id at } }',
    "{ __schema { types { name } } }",
    "query A { items { ...F } } fragment F on Item { id }",
)
SUBSCRIPTIONS = (
    "subscription { onPublish { id } }",
    'subscription S($id: ID) { onPublish(id: $id, name: "a") { id name } }',
)
FRAME_TYPES = frozenset(
    {"ka", "connection_ack", "connection_error", "start_ack", "error", "data", "complete"}
)


class Finding(AssertionError):
    """The input got what nothing may get."""


@dataclass(frozen=True)
class Target:
    """One thing to fuzz. `case` runs one input, made by the mutator."""

    name: str
    case: Callable[[Mutator], Awaitable[None]]


# -- Parsers ------------------------------------------------------------------------------------


async def parsers(mutator: Mutator) -> None:
    """Every parser of credentials refuses, in its own way, what it does not let in."""
    text = mutator.token(mutator.one_of((signed(pool_claims()), signed(provider_claims()))))
    try:
        _parse(text)
        _parse_for_authorizer(text)
        with suppress(sigv4.SignatureError):
            sigv4.parse_authorization(mutator.text(SIGNATURE))
    except Exception as broken:
        raise Finding(f"{text!r} broke a parser: {broken!r}") from broken


def _parse(text: str) -> None:
    with suppress(Unauthenticated):
        credential({"authorization": text}, set(AuthMode))
    for issuer in (POOL, PROVIDER):
        with suppress(TokenRefused):
            tokens.verify(tokens.read(text), issuer, key(), NOW)


_RULES = authorizer_tokens.Rules(PROVIDER.issuer, "web", skew=30)


def _parse_for_authorizer(text: str) -> None:
    keys = Keys((Key("RS256", key().key, "1"), Key("HS256", b"s" * 64)))
    store = KeyStore(lambda: keys, NOW.timestamp, lambda _: None)
    with suppress(RefusedError, KeysUnavailableError):
        bare = authorizer_tokens.bare(text)
        authorizer_tokens.verify(bare, store, _RULES, NOW.timestamp())


# -- HTTP ---------------------------------------------------------------------------------------


def http(served: Served) -> Target:
    async def case(mutator: Mutator) -> None:
        request = _request(served, mutator)
        answer = await _exchanged(served.host, request)
        status = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
        if status is None:
            raise Finding(f"{request!r} is answered {answer[:200]!r}")
        if status[1] >= b"500" or b"InternalFailure" in answer:
            raise Finding(f"{request!r} is answered {answer!r}")

    return Target(f"HTTP, {served.mode}", case)


def _request(served: Served, mutator: Mutator) -> bytes:
    fields = {
        "query": mutator.text(mutator.one_of(DOCUMENTS)),
        "variables": mutator.json({"id": "1"}),
        "operationName": mutator.one_of((None, None, "Q", mutator.odd())),
    }
    body = json.dumps(mutator.json(fields)).encode()
    if mutator.random.random() < 0.5:
        body = mutator.raw(body)
    method = mutator.one_of((b"POST", b"POST", b"POST", b"GET", b"OPTIONS", b"PUT"))
    target = b"/graphql"
    if method == b"GET":
        query = base64.b64encode(body)[:4000] if mutator.random.random() < 0.3 else b"{items{id}}"
        target += b"?query=" + _visible(mutator.raw(query))
    lines = [method + b" " + target + b" HTTP/1.1", b"host: " + served.host.encode()]
    lines += [
        name.encode() + b": " + _visible(value.encode(errors="replace"))
        for name, value in credentials(served.mode, mutator).items()
    ]
    lines += [b"connection: close", b"content-length: %d" % len(body)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _visible(value: bytes) -> bytes:
    """What may stand in a line of HTTP: whatever else is h11's to refuse, and not ours."""
    return bytes(byte for byte in value if 0x21 <= byte <= 0x7E) or b"x"


def credentials(mode: AuthMode, mutator: Mutator) -> Mapping[str, str]:
    """Good ones now and then, so that what lies behind them is reached."""
    good = GOOD[mode]
    match mutator.random.randrange(6):
        case 0 | 1 | 2:
            return good
        case 3:
            [(name, value)] = good.items()
            changed = mutator.token(value) if value.count(".") == 2 else mutator.text(value)
            return {mutator.one_of((name, name.upper())): changed}
        case 4:
            return {"authorization": mutator.text(SIGNATURE), "x-amz-date": "20260102T030405Z"}
        case _:
            return {**good, mutator.one_of(("x-api-key", "authorization")): mutator.text("x")}


async def _exchanged(host: str, request: bytes) -> bytes:
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    try:
        writer.write(request)
        async with asyncio.timeout(PATIENCE_S):
            return await reader.read()
    except TimeoutError:
        return b"(nothing)"
    finally:
        writer.close()


# -- WebSockets ---------------------------------------------------------------------------------


def handshake(served: Served) -> Target:
    async def case(mutator: Mutator) -> None:
        header: Any = mutator.json({"host": served.host, **credentials(served.mode, mutator)})
        raw = mutator.raw(json.dumps(header).encode())
        encoded = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        if mutator.random.random() < 0.2:
            encoded = _visible(mutator.raw(encoded.encode())).decode()
        url, protocols = f"ws://{served.host}/graphql/realtime", [f"header-{encoded}"]
        if mutator.random.random() < 0.3:
            url, protocols = f"{url}?header={encoded}&payload=e30=", []
        await _opened(url, [mutator.one_of(("graphql-ws", "graphql-ws", "x")), *protocols])

    return Target(f"handshake, {served.mode}", case)


async def _opened(url: str, protocols: list[str]) -> None:
    offered = [Subprotocol(name.replace(",", "")) for name in protocols]
    try:
        async with (
            asyncio.timeout(PATIENCE_S),
            connect(url, subprotocols=offered, proxy=None, close_timeout=1) as socket,
        ):
            _check_frame(await socket.recv())
    except TimeoutError:
        raise Finding(f"{url} with {protocols} is not answered") from None
    except InvalidStatus as refused:
        if refused.response.status_code >= 500:
            raise Finding(f"{url} with {protocols} is answered {refused}") from None
    except ConnectionClosed as closed:
        _check_close(closed)
    except (WebSocketException, ValueError):
        pass  # the client itself will not send it, or take the subprotocol that was not offered


def frames(served: Served) -> Target:
    async def case(mutator: Mutator) -> None:
        sent = [_frame(served.mode, mutator) for _ in range(mutator.random.randrange(1, 6))]
        async with AsyncExitStack() as exits:
            try:
                client = await exits.enter_async_context(served.connected(GOOD[served.mode]))
                for frame in sent:
                    await client.socket.send(frame)
                await _acknowledged(client.socket)
            except ConnectionClosed as closed:
                _check_close(closed)
            except TimeoutError:
                raise Finding(f"nothing is heard after {sent!r}") from None
            except Finding as finding:
                raise Finding(f"after {sent!r}: {finding}") from None

    return Target(f"frames, {served.mode}", case)


def _frame(mode: AuthMode, mutator: Mutator) -> str | bytes:
    data = {
        "query": mutator.text(mutator.one_of(SUBSCRIPTIONS)),
        "variables": mutator.json({"id": "1"}),
    }
    body = json.dumps(mutator.json(data))
    payload = {
        "data": mutator.text(body) if mutator.random.random() < 0.3 else body,
        "extensions": {"authorization": {"host": "h", **credentials(mode, mutator)}},
    }
    message = {
        "id": mutator.one_of(("1", "2", "3")),
        "type": mutator.one_of(("start", "start", "start", "stop", "connection_init", "pong")),
        "payload": payload,
    }
    text = json.dumps(mutator.json(message))
    if mutator.random.random() < 0.3:
        raw = mutator.raw(text.encode())
        return raw if mutator.random.random() < 0.2 else raw.decode(errors="replace")
    return text


async def _acknowledged(socket: ClientConnection) -> None:
    """The connection still answers after all that, and said nothing improper on the way."""
    await socket.send('{"type":"stop","id":"the last"}')
    async with asyncio.timeout(PATIENCE_S):
        while _check_frame(await socket.recv()) != {"id": "the last", "type": "complete"}:
            pass


def _check_frame(frame: str | bytes) -> Any:
    message = json.loads(frame)
    if message.get("type") not in FRAME_TYPES or "InternalFailure" in str(frame):
        raise Finding(f"the server sent {frame!r}")
    return message


def _check_close(closed: ConnectionClosed) -> None:
    # 1006: cut off without a word. 1011: an error that nobody had thought of.
    code = closed.rcvd.code if closed.rcvd else 1006
    if code in (1006, 1011):
        raise Finding(f"the connection was closed with {code}")


PARSERS = Target("parsers", parsers)
ENTRIES = (http, handshake, frames)
