"""What a client, and the relay, can call: queries, mutations and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.blocks import Block, braced
from antipode_tools.schema.definitions import Definitions, Field
from antipode_tools.schema.filters import key_condition
from antipode_tools.schema.models import KINDS, Index, Model, is_comparable
from antipode_tools.schema.modes import RELAY

# A subscription filter takes at most five fields: more arguments could not be used together.
# https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
MAX_ARGUMENTS = 5

# Who wrote last is worth an argument on every subscription.
_UPDATED_IN = "updatedIn: String"


def operations(definitions: Definitions, models: tuple[Model, ...]) -> Iterator[Block]:
    """The three root types."""
    yield _root("Query", (line for model in models for line in _queries(model)))
    yield _root("Mutation", _mutations(models))
    yield _root("Subscription", (line for m in models for line in _subscriptions(definitions, m)))


def _root(name: str, lines: Iterable[str]) -> Block:
    return Block(name, braced(f"type {name}", (f"  {line}" for line in lines)))


def _queries(model: Model) -> Iterator[str]:
    keys = ", ".join(f"{field.name}: {field.type}" for field in model.key)
    yield f"get{model.name}({keys}): {model.name}"
    yield _list(model, f"list{model.name}", _partition_arguments(model))
    for index in model.indexes:
        yield _list(model, index.query, _index_arguments(model, index))


def _list(model: Model, name: str, keys: Iterable[str]) -> str:
    page = (f"filter: {model.name}FilterInput", "limit: Int", "nextToken: String")
    return f"{name}({', '.join([*keys, *page])}): {model.name}Connection"


def _partition_arguments(model: Model) -> Iterator[str]:
    """With a sort key a partition holds many items, which can be asked for without the others."""
    if model.sort:
        yield f"{model.partition.name}: {model.partition.optional_type}"
        yield from _sort_arguments(model.sort)


def _index_arguments(model: Model, index: Index) -> Iterator[str]:
    """The partition must be given, but for the owner's: that is the caller's, and nobody else's."""
    if index.partition != model.owner:
        yield f"{index.partition.name}: {index.partition.optional_type}!"
    if index.sort:
        yield from _sort_arguments(index.sort)


def _sort_arguments(sort: Field) -> tuple[str, ...]:
    return (f"{sort.name}: {key_condition(sort)}", "sortDirection: SortDirection")


def _mutations(models: Iterable[Model]) -> Iterator[str]:
    for model in models:
        name = model.name
        for kind in KINDS:
            yield f"{kind.lower()}{name}(input: {kind}{name}Input!): {name}"
        yield "# The relay's own: `change` is the whole item with `_was` and `_change`, as JSON."
        for kind in KINDS:
            yield f"publish{kind}{name}(change: AWSJSON!): {name} {RELAY}"


def _subscriptions(definitions: Definitions, model: Model) -> Iterator[str]:
    published = [f"publish{kind}{model.name}" for kind in KINDS]
    fields = filter_fields(definitions, model)
    arguments = ", ".join([*(f"{each.name}: {each.optional_type}" for each in fields), _UPDATED_IN])
    # One subscription for each kind and then, where the model has it, one for all.
    heard = [*([each] for each in published), published]
    for name, mutations in zip(model.subscriptions, heard, strict=False):
        listed = ", ".join(f'"{mutation}"' for mutation in mutations)
        yield f"{name}({arguments}): {model.name}"
        yield f"  @aws_subscribe(mutations: [{listed}])"


def filter_fields(definitions: Definitions, model: Model) -> list[Field]:
    """What subscribers can choose by, beside who wrote last: the key's fields, then others in the
    order of the file, as many as a filter takes. The server itself filters by the owner."""
    rest = (
        field for field in model.type.fields if not model.is_key(field) and field != model.owner
    )
    fields: list[Field] = [*model.key, *(each for each in rest if is_comparable(each, definitions))]
    others = 2 if model.owner else 1
    return fields[: MAX_ARGUMENTS - others]
