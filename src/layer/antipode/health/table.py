"""The table that the health of a Region is read at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# The one key that the function's role may read, by its type. No item need have it.
PROBE: Mapping[str, str] = {"S": "antipode-health", "N": "0"}


@dataclass(frozen=True)
class Table:
    """A table, and the types of its key's attributes by their names, the partition key first."""

    name: str
    key: Mapping[str, str]

    @property
    def probe(self) -> dict[str, dict[str, str]]:
        """A key that no item need have."""
        return {name: {type_: PROBE[type_]} for name, type_ in self.key.items()}
