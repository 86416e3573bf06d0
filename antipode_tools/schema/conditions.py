"""Conditions on sort keys, and the order of what is found by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema import naming
from antipode_tools.schema.blocks import Block, braced
from antipode_tools.schema.definitions import Field
from antipode_tools.schema.model import Index, Keyed, Model
from antipode_tools.schema.scalars import SCALARS

_ORDERED = ("le", "lt", "ge", "gt")
_TEXTS = ("String", "ID")


def sort_condition(keyed: Keyed, given: int = 1, model: str = "") -> str | None:
    """The argument that conditions the rest of a key of which the first `given` fields are known:
    `position: ModelFloatKeyConditionInput`; None where there is no rest."""
    if len(keyed.key) == 1 or given > 1:
        return None
    return f"{keyed.sort_argument}: {condition_type(keyed, model)}"


def condition_type(keyed: Keyed, model: str = "") -> str:
    """The input type of the condition on what a key sorts by."""
    if len(keyed.sorts) > 1:
        return f"{_composite(keyed, model)}KeyConditionInput"
    return f"Model{_kind(keyed.sorts[0])}KeyConditionInput"


def key_conditions(models: Iterable[Model]) -> Iterator[Block]:
    """The conditions that there are, and the order."""
    models = tuple(models)
    keyed = [(each, model) for model in models for each in (model, *model.indexes) if each.sorts]
    kinds = {_kind(each.sorts[0]) for each, _ in keyed if len(each.sorts) == 1}
    for kind in ("String", "ID", "Int", "Float"):
        if kind in kinds:
            yield _condition(f"Model{kind}KeyConditionInput", kind, has_prefix=kind in _TEXTS)
    for each, model in keyed:
        if len(each.sorts) > 1:
            name = _composite(each, model.title)
            lines = (f"  {field.name}: {field.optional_type}" for field in each.sorts)
            yield Block(f"{name}KeyInput", braced(f"input {name}KeyInput", lines), model.type)
            yield _condition(f"{name}KeyConditionInput", f"{name}KeyInput", has_prefix=True)


def _condition(name: str, type_: str, *, has_prefix: bool) -> Block:
    lines = [f"  eq: {type_}", *(f"  {each}: {type_}" for each in _ORDERED)]
    lines.append(f"  between: [{type_}]")
    lines += [f"  beginsWith: {type_}"] * has_prefix
    return Block(name, braced(f"input {name}", lines))


def _composite(keyed: Keyed, model: str) -> str:
    if isinstance(keyed, Index):
        return f"Model{naming.upper(keyed.model)}{naming.joined(keyed.name)}Composite"
    return f"Model{model}PrimaryComposite"


def _kind(field: Field) -> str:
    """Amplify's word for the type: AWS's scalars and enums are texts, but for AWSTimestamp."""
    scalar = SCALARS.get(field.named)
    return scalar.filter if scalar else "String"
