"""What scopes grant, over the fields that a client can call.

A scope is NAME:read or NAME:write, where NAME is a model, or `items` for those of every model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Set
from dataclasses import dataclass

# No model is called so: their names begin with a capital.
EVERY_MODEL = "items"


@dataclass(frozen=True)
class Grants:
    """The scope that each field of Query, Mutation and Subscription needs; None: no scope will do.

    What is denied is all that is not granted, so that a field which nobody thought of is denied.
    """

    needed: Mapping[str, str | None]

    def denied(self, scopes: Set[str]) -> list[str]:
        """The fields that these scopes do not grant, as AppSync names them."""
        return [field for field, scope in self.needed.items() if not _granted(scope, scopes)]

    def known(self, scopes: Set[str]) -> list[str]:
        """Those of the scopes that grant a field here, in their order."""
        fit = {each for scope in self.needed.values() if scope for each in _alternatives(scope)}
        return sorted(scopes & fit)


def load(text: str) -> Grants:
    """As fields.json has them."""
    needed: dict[str, str | None] = json.loads(text)
    return Grants(needed)


def _granted(scope: str | None, scopes: Set[str]) -> bool:
    return scope is not None and not scopes.isdisjoint(_alternatives(scope))


def _alternatives(scope: str) -> tuple[str, str]:
    """Itself, and the same of every model."""
    return scope, f"{EVERY_MODEL}:{scope.rpartition(':')[2]}"
