"""Conditions of cfn-lint that remember their answers.

At each Fn::If, and of each property that may be left out, cfn-lint asks which conditions can hold
together. It works that out anew each time, a thousand times for one table, which is most of what
it does. What it finds with these is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any

from cfnlint import conditions  # type: ignore[import-untyped] # cfn-lint comes without types
from cfnlint.context.conditions import (  # type: ignore[import-untyped] # as above
    Conditions,
    Unsatisfiable,
)
from cfnlint.rules import CloudFormationLintRule  # type: ignore[import-untyped] # as above
from cfnlint.template import Template  # type: ignore[import-untyped] # as above
from sympy.assumptions.cnf import (  # type: ignore[import-untyped] # nor does what it solves them by
    EncodedCNF,
)


class Remember(CloudFormationLintRule):  # type: ignore[misc] # as above
    """Finds nothing. But rules are shown the template before the first of them is asked."""

    id = "I9999"
    shortdesc = description = "remember which conditions can hold together"

    def initialize(self, cfn: Template) -> None:
        first = cfn.context.conditions
        told = {each.name: getattr(first, each.name) for each in fields(first) if each.init}
        for name in ("cnf", "hard_cnf"):
            told[name] = Clauses(told[name].data, told[name].encoding)
        cfn.context = cfn.context.evolve(conditions=Remembering(**told))
        cfn.conditions = RememberingParameters(cfn)


class Remembering(Conditions):  # type: ignore[misc] # as above
    """What holds of the conditions at one place of a template."""

    @cached_property
    def _below(self) -> dict[Any, Conditions | None]:
        """What holds at places below this one, or None where nothing can."""
        return {}

    @cached_property
    def _reachable(self) -> dict[Any, bool]:
        return {}

    def evolve(self, status: dict[str, bool], assumed: bool = False) -> Conditions:
        key = frozenset(status.items()), assumed
        if key not in self._below:
            try:
                self._below[key] = super().evolve(status, assumed)
            except Unsatisfiable:
                self._below[key] = None
        if (below := self._below[key]) is None:
            raise Unsatisfiable(new_status=status, current_status=self.status)
        return below

    def is_reachable(self, name: str, value: bool) -> bool:
        key = name, value
        if key not in self._reachable:
            self._reachable[key] = super().is_reachable(name, value)
        return self._reachable[key]


class RememberingParameters(conditions.Conditions):  # type: ignore[misc] # as above
    """Which conditions can hold together while parameters have the values that are looked at."""

    def __init__(self, template: Template) -> None:
        super().__init__(template)
        self._satisfiable: dict[Any, bool] = {}

    def satisfiable(self, status: dict[str, bool], values: Mapping[str, Any]) -> bool:
        key = frozenset(status.items()), repr(sorted(values.items()))
        if key not in self._satisfiable:
            self._satisfiable[key] = super().satisfiable(status, values)
        return self._satisfiable[key]


class Clauses(EncodedCNF):  # type: ignore[misc] # as above
    """Copies share their clauses, which nobody changes: a thousand copies would be 300 MB."""

    def copy(self) -> Clauses:
        return Clauses(list(self.data), dict(self.encoding))
