"""How other processes change a world's conditions: JSON over HTTP, with the key in its file.

`GET /conditions` tells what is in force; `POST /conditions` takes an order; `GET /waiting` tells
how far the relays are, and `GET /counted` what the Regions have done. The key must come in a header
of our own, which no web page can send here without our leave.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from antipode_tools.project.conditions import ConditionError, Conditions
from antipode_tools.project.counted import Counted
from antipode_tools.project.world_file import Control, WorldFile
from antipode_tools.world.errors import AFRESH, WorldError
from antipode_tools.world.orders import Done, Order
from localaws.apigateway.gateway import Request, Response, serve
from localaws.asgi import Message, Receive, Send

PATH = "/conditions"
KEY_HEADER = "x-antipode-key"
WAITING = "/waiting"
COUNTED = "/counted"
_WITHIN_S = 10.0

Waiting = Mapping[str, float | None]


class OrderApi:
    """An ASGI application.

    Args:
        carry_out: has an order in force, and returns what to say of it.
        conditions: tells what is in force.
        waiting_since: tells by Region when the oldest change was written that its relay is not done
            with, in seconds since 1970.
        counted: tells by Region what it has done.
    """

    def __init__(
        self,
        key: str,
        carry_out: Callable[[Order], str],
        conditions: Callable[[], Conditions],
        waiting_since: Callable[[], Waiting] = dict,
        counted: Callable[[], Mapping[str, Counted]] = dict,
    ) -> None:
        self._key = key
        self._carry_out = carry_out
        self._conditions = conditions
        self._waiting_since = waiting_since
        self._counted = counted

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await serve(self._answer, scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        given = dict(request.headers).get(KEY_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._key.encode()):
            return _told(403, {"refused": f"the key of world.json must be in {KEY_HEADER}"})
        match request.method, request.path:
            case "GET", "/waiting":
                return _told(200, self._waiting_since())
            case "GET", "/counted":
                told = {code: asdict(counted) for code, counted in self._counted().items()}
                return _told(200, told)
            case "GET", "/conditions":
                return self._well("")
            case "POST", "/conditions":
                try:
                    return self._well(self._carry_out(Order.from_json(json.loads(request.body))))
                except ConditionError as error:
                    return _told(400, {"refused": str(error)})
                except ValueError:
                    return _told(400, {"refused": "the body must be an order in JSON"})
        return _told(404, {"refused": f"there is {PATH}, to GET and to POST"})

    def _well(self, said: str) -> Response:
        return _told(200, {"said": said, "conditions": self._conditions().as_json()})


def _told(status: int, body: Mapping[str, Any]) -> Response:
    headers = (("content-type", "application/json"),)
    return Response(status, json.dumps(body).encode(), headers)


def ask(world: WorldFile, order: Order | None = None) -> Done:
    """Give an order to a running world; without one, ask for what is in force.

    Raises:
        ConditionError: it cannot be carried out.
        WorldError: the world does not answer.
    """
    assert world.control is not None
    status, told = _asked(world.control, PATH, order)
    if status != 200:
        raise ConditionError(told["refused"])
    return Done(Conditions.from_json(told["conditions"]), told["said"])


def waiting_since(world: WorldFile) -> Waiting:
    """By the codes of the Regions: when the oldest change was written that waits for the relay.

    Raises:
        WorldError: the world does not answer.
    """
    assert world.control is not None
    status, told = _asked(world.control, WAITING, None)
    if status != 200:
        raise WorldError("the world does not tell how far its relays are", told["refused"], AFRESH)
    waiting: Waiting = told
    return waiting


def counted(world: WorldFile) -> Mapping[str, Counted]:
    """By the codes of the Regions: what each has done since the world was started.

    Raises:
        WorldError: the world does not answer.
    """
    assert world.control is not None
    status, told = _asked(world.control, COUNTED, None)
    if status != 200:
        raise WorldError("the world does not tell what it has done", told["refused"], AFRESH)
    return {code: Counted(**each) for code, each in told.items()}


async def asked(world: WorldFile, order: Order | None = None) -> Done:
    """`ask`, beside an event loop."""
    return await asyncio.to_thread(ask, world, order)


def _asked(control: Control, path: str, order: Order | None) -> tuple[int, Any]:
    connection = HTTPConnection(urlsplit(control.url).netloc, timeout=_WITHIN_S)
    method, body = ("GET", None) if order is None else ("POST", json.dumps(vars(order)))
    try:
        connection.request(method, path, body, {KEY_HEADER: control.key})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, ValueError) as error:
        raise WorldError("the world does not answer", repr(error)) from error
    finally:
        connection.close()
