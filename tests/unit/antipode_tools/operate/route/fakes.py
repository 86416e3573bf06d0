"""The edge in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from antipode_tools.operate.route.changes import Changes
from antipode_tools.operate.route.store import ChangedMeanwhileError, Contents
from antipode_tools.operate.route.target import Edge
from antipode_tools.project.regions import Region

DOMAINS = {"eu-west-1": "eu.api.example.com", "ap-southeast-2": "ap.api.example.com"}
REGIONS = (
    Region("ireland", "eu-west-1", "antipode", {}),
    Region("sydney", "ap-southeast-2", "antipode", {}),
)
ROUTES = Path(__file__).parents[5] / "edge" / "routes.toml"


@dataclass
class FakeStore:
    """Keys and a version, which rises with each write.

    Args:
        batches: the sizes of what was written.
    """

    keys: dict[str, str] = field(default_factory=dict)
    version: int = 1
    batches: list[int] = field(default_factory=list)

    def read(self) -> Contents:
        return Contents(dict(self.keys), str(self.version))

    def write(self, batch: Changes, version: str) -> str:
        if version != str(self.version):
            raise ChangedMeanwhileError("another has changed them")
        self.keys |= batch.puts
        for key in batch.deletes:
            del self.keys[key]
        self.version += 1
        self.batches.append(len(batch))
        return str(self.version)


def edge(store: FakeStore) -> Edge:
    return Edge("antipode-edge", store, DOMAINS, REGIONS)
