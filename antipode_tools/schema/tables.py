"""The loops over tables in template.yaml, one for each shape of table that the models have.

A loop cannot vary an array by its variable: Fn::If takes no name that is put together
(https://github.com/aws-cloudformation/cfn-language-discussion/issues/137), and a mapping holds no
maps. So each shape has a loop of its own, made from table.yaml.in beside this module. Indexes are
seldom those of another model, so they are written out.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from antipode_tools.schema.mappings import scalar, sort_type
from antipode_tools.schema.marks import marked
from antipode_tools.schema.model import Keyed, Model
from antipode_tools.schema.scalars import key_type

_PART = "tables by antipode schema"

_OWN_NAME = "!Sub ${AWS::StackName}-${Table}"
_FROM_PARAMETER = "{Ref: !Sub '${Table}TableName'}"
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
    """What tables have that others have not.

    Attributes:
        named: a name that is not the stack's, but a parameter.
        attributes: the types of the indexes' attributes, without the table's own key, since a table
            names each attribute once.
        indexes: the keys of the indexes, by their names; in the order of the names, so that their
            order in the models' file is none of the template's business.
    """

    sort_key: bool
    ttl: bool
    named: bool = False
    attributes: tuple[tuple[str, str], ...] = ()
    indexes: tuple[tuple[str, tuple[str, ...]], ...] = ()


def with_tables(template: str, models: Iterable[Model]) -> str:
    """The text of template.yaml with the loops over these models' tables.

    Raises:
        TemplateError: the comments that mark the loops are not there.
    """
    of_shapes: dict[Shape, list[str]] = {}
    for model in models:
        of_shapes.setdefault(_shape(model), []).append(model.id)
    # In an order that does not follow that of the models, for a small diff.
    shapes = sorted(of_shapes, key=lambda each: (each.indexes, each.sort_key, each.ttl, each.named))
    loops = [_loop(shape, of_shapes[shape]) for shape in shapes]
    return marked(template, _PART, "\n".join(loops))


def _shape(model: Model) -> Shape:
    own = {model.partition.name, model.sort_attribute}
    types = {
        name: type_
        for index in model.indexes
        for name, type_ in _attribute_types(index)
        if name not in own
    }
    keys = {
        index.name: tuple(name for name, _ in _attribute_types(index)) for index in model.indexes
    }
    return Shape(
        sort_key=bool(model.sorts),
        ttl=model.ttl is not None,
        named=model.table is not None,
        attributes=tuple(sorted(types.items())),
        indexes=tuple(sorted(keys.items())),
    )


def _attribute_types(keyed: Keyed) -> Iterator[tuple[str, str]]:
    """The attributes of a key, and DynamoDB's types of them."""
    yield keyed.partition.name, key_type(keyed.partition.named)
    if keyed.sort_attribute:
        yield keyed.sort_attribute, sort_type(keyed)


def _loop(shape: Shape, models: Sequence[str]) -> str:
    parts = {
        "@LOOP": _name(shape, models),
        "@MODELS": ", ".join(models),
        "@NAME": _FROM_PARAMETER if shape.named else _OWN_NAME,
        "@ATTRIBUTES": textwrap.indent(_attributes(shape), 12 * " "),
        "@KEY": textwrap.indent(_SORT_KEY, 12 * " ") if shape.sort_key else "",
        "@INDEXES": textwrap.indent(_indexes(shape), 10 * " "),
        "@TTL": textwrap.indent(_TTL, 10 * " ") if shape.ttl else "",
    }
    text = Path(__file__).with_name("table.yaml.in").read_text(encoding="utf-8")
    for place, part in parts.items():
        text = text.replace(place, part)
    return text


def _name(shape: Shape, models: Sequence[str]) -> str:
    """The name of a loop, which no other has."""
    sorted_ = "Sorted" if shape.sort_key else ""
    expiring = "Expiring" if shape.ttl else ""
    named = "Named" if shape.named else ""
    like = f"Like{models[0]}" if shape.indexes else ""
    return f"Each{named}{sorted_}{expiring}Table{like}"


def _attributes(shape: Shape) -> str:
    """Beside the partition key."""
    others = (
        f"- AttributeName: {scalar(name)}\n  AttributeType: {type_}\n"
        for name, type_ in shape.attributes
    )
    return "".join([_SORT_ATTRIBUTE if shape.sort_key else "", *others])


def _indexes(shape: Shape) -> str:
    if not shape.indexes:
        return ""
    return "GlobalSecondaryIndexes:\n" + "".join(_index(*index) for index in shape.indexes)


def _index(name: str, key: Sequence[str]) -> str:
    schema = "".join(
        f"      - AttributeName: {scalar(attribute)}\n        KeyType: {type_}\n"
        for attribute, type_ in zip(key, ("HASH", "RANGE"), strict=False)
    )
    return (
        f"  - IndexName: {scalar(name)}\n"
        f"    KeySchema:\n{schema}"
        "    Projection: {ProjectionType: ALL}\n"
    )
