"""Regions in memory for the console: an API and a real-time endpoint each, served for real."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from boto3 import Session

from antipode_tools.console.places import Place, Places
from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.regions import Region
from antipode_tools.schema.compiler import compile_models
from tests.fakes.appsync import Request, http, stand_in
from tests.fakes.realtime import Answer, RealtimeServer, accepting, realtime_server

# JSON.
Json = Any

SCHEMA = compile_models("type ItemsModel @model { id: ID! item: String }").schema


@dataclass
class FakeRegions:
    """What they answer, and their real-time endpoints by name."""

    answers: Mapping[str, Callable[[Json], Json]] = field(default_factory=dict)
    servers: dict[str, RealtimeServer] = field(default_factory=dict)

    def answer(self, name: str, request: Request) -> bytes | None:
        asked = json.loads(request.body)
        told = self.answers[name](asked) if name in self.answers else {"data": {}}
        return None if told is None else http(200, json.dumps(told).encode())


@contextmanager
def some(
    *names: str,
    answers: Mapping[str, Callable[[Json], Json]] | None = None,
    schema: str = SCHEMA,
    realtime: Answer = accepting,
) -> Iterator[tuple[Places, FakeRegions]]:
    """Regions of these names, for the length of a block.

    Args:
        answers: to GraphQL, by Region; None closes the connection.
    """
    regions = FakeRegions(answers or {})
    with ExitStack() as exits:
        places: list[Place] = []
        for name in names:
            regions.servers[name] = exits.enter_context(realtime_server(realtime))
            api = exits.enter_context(
                stand_in(lambda request, name=name: regions.answer(name, request))  # type: ignore[misc] # the loop's own name
            )
            endpoint = Endpoint(
                name=name,
                code=f"code-of-{name}",
                graphql_url=f"http://127.0.0.1:{api.port}/graphql",
                realtime_url=regions.servers[name].url,
                sign=_sign,
                schema=schema,
                models=frozenset(),
            )
            places.append(a_place(name, endpoint))
        yield Places(places), regions


def a_place(name: str, endpoint: Endpoint) -> Place:
    """A Region with this API, and a stack that says nothing of itself."""
    return Place(name, endpoint.code, lambda: a_target(name), lambda _: endpoint)


def a_target(name: str = "ireland") -> Target:
    """A stack that says nothing of itself, in a world that is not there."""
    region = Region(name, f"code-of-{name}", "antipode", {})
    return Target(region, Where.LOCAL, Session("key", "secret"), {}, {})


def a_lost_place(name: str, code: str) -> Place:
    """A Region whose stack is not found."""

    def lost() -> Target:
        raise OperationError("the stack is not there")

    return Place(name, code, lost, _reached)


def _reached(target: Target) -> Endpoint:
    raise NotImplementedError


def _sign(url: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
    return {"host": "127.0.0.1", "x-api-key": "key"}
