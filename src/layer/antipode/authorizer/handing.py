"""What of a token's claims is handed on to resolvers, for the rules that ask for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Handing:
    """The names of the claims that rules ask for: those of `groups` as lists of texts, those of
    `texts` as one text."""

    groups: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def of(self, said: Mapping[str, Any]) -> dict[str, str]:
        """The claims, as texts: nothing else reaches a resolver as it was sent. A list is JSON.

        A claim that is of another kind is left out, so that no rule lets anybody in by it.
        """
        return {**dict(self._texts(said)), **dict(self._groups(said))}

    def _groups(self, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for name in self.groups:
            value = said.get(name)
            # Some issuers write the only one without a list.
            listed = [value] if isinstance(value, str) else value
            if isinstance(listed, list) and all(isinstance(each, str) for each in listed):
                yield name, json.dumps(listed)

    def _texts(self, said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for name in self.texts:
            if isinstance(value := said.get(name), str):
                yield name, value


def load(text: str) -> Handing:
    """As claims.json has them."""
    told: dict[str, list[str]] = json.loads(text)
    return Handing(tuple(told["groups"]), tuple(told["texts"]))
