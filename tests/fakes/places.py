"""Regions in memory for the console: an API and a real-time endpoint each, served for real."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from antipode_tools.console.places import Place, Places
from antipode_tools.operate.probe.endpoint import Endpoint
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
            places.append(Place(name, endpoint.code, lambda endpoint=endpoint: endpoint))  # type: ignore[misc] # as above
        yield Places(places), regions


def _sign(url: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
    return {"host": "127.0.0.1", "x-api-key": "key"}
