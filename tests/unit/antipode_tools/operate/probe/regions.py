"""Regions in memory, served for real: what is written in one is told in all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from antipode_tools.operate.probe.endpoint import Endpoint
from antipode_tools.operate.probe.matrix import Kind
from antipode_tools.schema.compiler import compile_models
from tests.fakes.appsync import Request, http, stand_in
from tests.fakes.realtime import RealtimeServer, realtime_server

SCHEMA = compile_models("type ItemsModel @model { id: ID! item: String }").schema

# How often a Region tells of a write: which listener, and what kind of write.
Fate = Callable[[str, Kind], int]


def told_once(listener: str, kind: Kind) -> int:
    return 1


@dataclass
class Regions:
    """Two Regions whose relays are a loop in Python."""

    fate: Fate = told_once
    refuses: frozenset[str] = frozenset()
    servers: dict[str, RealtimeServer] = field(default_factory=dict)
    sequence: int = 0

    def answer(self, name: str, request: Request) -> bytes:
        query = json.loads(request.body)["query"]
        if name in self.refuses:
            told = {"data": None, "errors": [{"errorType": "Unauthorized", "message": "no"}]}
            return http(200, json.dumps(told).encode())
        found = re.search(r'\{ (create|update|delete)ItemsModel\(input: \{id: "(\w+)"', query)
        assert found, query
        self.sequence += 1
        kind = Kind(found[1].upper())
        change = {"id": f"{self.sequence}", "kind": kind, "sequence": f"{self.sequence}"}
        for listener, server in self.servers.items():
            for _ in range(self.fate(listener, kind)):
                # The subscriptions are numbered in the order of the kinds.
                id_ = str([*Kind].index(kind) + 1)
                field_ = f"on{kind.capitalize()}ItemsModel"
                server.tell(id_, {field_: {"id": found[2], "_change": change}})
        return http(200, b'{"data": {}}')


@contextmanager
def serving(regions: Regions, names: Sequence[str]) -> Iterator[list[Endpoint]]:
    """Serves the Regions for the length of the block."""
    with ExitStack() as exits:
        endpoints = []
        for name in names:
            regions.servers[name] = exits.enter_context(realtime_server())
            api = exits.enter_context(
                stand_in(lambda request, name=name: regions.answer(name, request))  # type: ignore[misc] # the loop's own name
            )
            endpoints.append(
                Endpoint(
                    name=name,
                    code=f"code-of-{name}",
                    graphql_url=f"http://127.0.0.1:{api.port}/graphql",
                    realtime_url=regions.servers[name].url,
                    sign=_sign,
                    schema=SCHEMA,
                    models=frozenset({"ItemsModel"}),
                )
            )
        yield endpoints


def _sign(url: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, str]:
    return {"host": "127.0.0.1", "x-api-key": "key"}
