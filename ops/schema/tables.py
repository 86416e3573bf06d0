"""The loops over tables in template.yaml, one for each shape of table that the models have.

A loop cannot vary an array by its variable: Fn::If takes no name that is put together
(https://github.com/aws-cloudformation/cfn-language-discussion/issues/137), and a mapping holds no
maps. So each shape has a loop of its own, made from table.yaml.in beside this module.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from ops.schema.marks import marked
from ops.schema.models import Model

_PART = "tables by antipode schema"

_SORT_ATTRIBUTE = """\
- AttributeName: !FindInMap [Models, !Ref Table, SortKey, {DefaultValue: ''}]
  AttributeType: !FindInMap [Models, !Ref Table, SortKeyType, {DefaultValue: S}]
"""
_SORT_KEY = """\
- AttributeName: !FindInMap [Models, !Ref Table, SortKey, {DefaultValue: ''}]
  KeyType: RANGE
"""
_TTL = """\
TimeToLiveSpecification:
  AttributeName: !FindInMap [Models, !Ref Table, Ttl, {DefaultValue: ''}]
  Enabled: true
"""


@dataclass(frozen=True)
class Shape:
    """What tables have that others have not."""

    sort_key: bool
    ttl: bool

    @property
    def loop(self) -> str:
        """The name of the loop over tables of this shape."""
        sorted_ = "Sorted" if self.sort_key else ""
        expiring = "Expiring" if self.ttl else ""
        return f"Each{sorted_}{expiring}Table"


SHAPES = tuple(Shape(sort_key, ttl) for sort_key, ttl in product((False, True), repeat=2))


def with_tables(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with the loops over these models' tables.

    Raises:
        TemplateError: the comments that mark the loops are not there.
    """
    shapes = {
        model.name: Shape(sort_key=model.sort is not None, ttl=model.ttl is not None)
        for model in models
    }
    loops = [
        _loop(shape, names)
        for shape in SHAPES
        if (names := [name for name, its in shapes.items() if its == shape])
    ]
    return marked(template, _PART, "\n".join(loops))


def _loop(shape: Shape, models: Sequence[str]) -> str:
    parts = {
        "@LOOP": shape.loop,
        "@MODELS": ", ".join(models),
        "@ATTRIBUTE": textwrap.indent(_SORT_ATTRIBUTE, 12 * " ") if shape.sort_key else "",
        "@KEY": textwrap.indent(_SORT_KEY, 12 * " ") if shape.sort_key else "",
        "@TTL": textwrap.indent(_TTL, 10 * " ") if shape.ttl else "",
    }
    text = Path(__file__).with_name("table.yaml.in").read_text(encoding="utf-8")
    for place, part in parts.items():
        text = text.replace(place, part)
    return text
