"""What a template says of resources that only the engine can resolve."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from antipode_tools.world.deployment.expansion import Node, TemplateRefused

# What the expansion leaves in a text in place of a reference that only the engine can resolve.
_SPOILED = re.compile(r"\{'(Fn::\w+|Ref)'")

_PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}")


@dataclass(frozen=True)
class References:
    """Mends what refers to resources: an API's addresses become those of this machine, and the
    `Fn::Sub` that the expansion drops around a reference that it cannot resolve comes back."""

    resources: frozenset[str]
    addresses: Mapping[str, Mapping[str, str]]

    def mended(self, node: Node) -> Node:
        """A part of a template, mended.

        Raises:
            TemplateRefused: a text has a reference that the expansion spoiled.
        """
        match node:
            case {"Fn::GetAtt": target, **others} if not others:
                name, _, attribute = _dotted(target).partition(".")
                return self._address(name, attribute) or node
            case dict():
                return {key: self.mended(value) for key, value in node.items()}
            case list():
                return [self.mended(value) for value in node]
            case str():
                return self._mended_text(node)
            case _:
                return node

    def _mended_text(self, text: str) -> Node:
        if _SPOILED.search(text):
            raise TemplateRefused(
                f"a reference to a resource in a text must be ${{Name}} in Fn::Sub: {text}"
            )
        addressed = _PLACEHOLDER.sub(
            lambda found: self._address(found[1], found[2] or "") or found[0], text
        )
        names = {found[1] for found in _PLACEHOLDER.finditer(addressed)}
        return {"Fn::Sub": addressed} if names & self.resources else addressed

    def _address(self, name: str, attribute: str) -> str | None:
        return self.addresses.get(name, {}).get(attribute)


def _dotted(target: str | list[str]) -> str:
    return target if isinstance(target, str) else ".".join(target)
