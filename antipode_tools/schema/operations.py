"""What a client, and the relay, can call: queries, mutations and subscriptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.adding import added, adding_type
from antipode_tools.schema.auth.rules import Operation, Rule, rules_of
from antipode_tools.schema.blocks import Block, braced
from antipode_tools.schema.conditions import sort_condition
from antipode_tools.schema.definitions import Definitions, Field
from antipode_tools.schema.directives import listened
from antipode_tools.schema.model import Index, Model
from antipode_tools.schema.models import is_single
from antipode_tools.schema.modes import RELAY, callers
from antipode_tools.schema.operation_names import KINDS, mutations_of
from antipode_tools.schema.outputs import declared

# A subscription filter takes at most five fields: more arguments could not be used together.
# https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
MAX_ARGUMENTS = 5

# Who wrote last is worth an argument on every subscription.
_UPDATED_IN = "updatedIn: String"
_DIRECTION = "sortDirection: ModelSortDirection"
_MISSED = "lastSync: String, limit: Int, nextToken: String"


def operations(
    definitions: Definitions, models: tuple[Model, ...], modes: Sequence[AuthMode]
) -> Iterator[Block]:
    """The three root types."""
    queries = (line for model in models for line in _queries(model, modes))
    mutations = (line for model in models for line in _mutations(model, modes))
    heard = (line for model in models for line in _subscriptions(definitions, model, modes))
    for name, lines in (("Query", queries), ("Mutation", mutations), ("Subscription", heard)):
        root = definitions.root(name)
        own = (line for field in root.fields for line in _own(field, models, modes)) if root else ()
        if written := [f"  {line}" for line in (*lines, *own)]:
            yield Block(name, braced(f"type {name}", written))


def _own(field: Field, models: Iterable[Model], modes: Sequence[AuthMode]) -> Iterator[str]:
    """An operation of the user's own."""
    yield from (f"# {line}".rstrip() for line in field.comment)
    yield f"{declared(field)}{_who(rules_of(field.directives), modes)}"
    if mutations := listened(field):
        names = (f'"{_announced(name, models)}"' for name in mutations)
        yield f"  @aws_subscribe(mutations: [{', '.join(names)}])"


def _announced(mutation: str, models: Iterable[Model]) -> str:
    """What a subscription to a mutation hangs on: where it is a model's, on the relay's of its
    kind, which is called in every Region."""
    for model in models:
        if kind := mutations_of(model.type).get(mutation):
            return f"publish{kind}{model.id}"
    return mutation


def _who(
    rules: Iterable[Rule] | None, modes: Sequence[AuthMode], operation: Operation | None = None
) -> str:
    """The modes that rules let do it, any operation where none is named, as directives."""
    allowing = (rule for rule in rules or () if operation in (None, *rule.operations))
    found = modes if rules is None else [mode for rule in allowing for mode in rule.modes(modes)]
    return callers(found, modes)


def _queries(model: Model, modes: Sequence[AuthMode]) -> Iterator[str]:
    names, lists = model.names, _who(model.rules, modes, Operation.LIST)
    if names.get:
        keys = ", ".join(f"{field.name}: {field.optional_type}!" for field in model.key)
        yield f"{names.get}({keys}): {model.name}{_who(model.rules, modes, Operation.GET)}"
    if names.list:
        yield _list(model, names.list, _own_arguments(model)) + lists
    if names.sync:
        yield "# What was announced since a `startedAt`; without `lastSync` where to begin from."
        yield f"{names.sync}({_MISSED}): Model{model.title}Connection{lists}"
    for index in model.indexes:
        if index.query:
            yield _list(model, index.query, _index_arguments(index)) + lists


def _list(model: Model, name: str, keys: Iterable[str]) -> str:
    page = (f"filter: Model{model.title}FilterInput", "limit: Int", "nextToken: String")
    return f"{name}({', '.join([*keys, *page])}): Model{model.title}Connection"


def _own_arguments(model: Model) -> Iterator[str]:
    """A key of the model's own says which partition to ask for without the others."""
    if model.has_own_key:
        yield f"{model.partition.name}: {model.partition.optional_type}"
        if sort := sort_condition(model, model=model.title):
            yield sort
        yield _DIRECTION


def _index_arguments(index: Index) -> Iterator[str]:
    yield f"{index.partition.name}: {index.partition.optional_type}!"
    if sort := sort_condition(index):
        yield sort
    yield _DIRECTION


def _mutations(model: Model, modes: Sequence[AuthMode]) -> Iterator[str]:
    names, title = model.names, model.title
    written = zip(KINDS, (names.create, names.update, names.delete), strict=True)
    for kind, name in written:
        if name:
            arguments = f"input: {kind}{title}Input!, condition: Model{title}ConditionInput"
            if kind == "Update" and added(model):
                arguments += f", add: {adding_type(model)}"
            who = _who(model.rules, modes, Operation(kind.lower()))
            yield f"{name}({arguments}): {model.name}{who}"
    if published := [f"publish{kind}{model.id}" for kind in publish_kinds(model)]:
        yield "# The relay's own: `change` is the whole item with `_was` and `_change`, as JSON."
        for name in published:
            yield f"{name}(change: AWSJSON!): {model.name} {RELAY}"


def publish_kinds(model: Model) -> list[str]:
    """The kinds of change that anyone can hear of."""
    heard = {*model.names.on, *model.own_on}
    return [kind for kind in KINDS if kind in heard or "Change" in heard]


def _subscriptions(
    definitions: Definitions, model: Model, modes: Sequence[AuthMode]
) -> Iterator[str]:
    who = _who(model.rules, modes, Operation.LISTEN)
    arguments = [f"filter: ModelSubscription{model.title}FilterInput"]
    fields = filter_fields(definitions, model)
    arguments += [f"{each.name}: {each.optional_type}" for each in fields]
    given = ", ".join([*arguments, _UPDATED_IN])
    for name in model.names.subscriptions:
        kinds = [kind for kind, names in model.names.on.items() if name in names]
        heard = KINDS if "Change" in kinds else kinds
        listed = ", ".join(f'"publish{kind}{model.id}"' for kind in heard)
        yield f"{name}({given}): {model.name}{who}"
        yield f"  @aws_subscribe(mutations: [{listed}])"


def filter_fields(definitions: Definitions, model: Model) -> list[Field]:
    """What subscribers can choose by, beside who wrote last: the key's fields, then others in the
    order of the file, as many as a filter takes beside the one by which the server may choose; and
    the owner, as Amplify has it, which can be nobody but who asks."""
    rest = (
        each
        for each in model.stored
        if not model.is_key(each) and each.name not in model.deciding and model.is_shown(each)
    )
    fields = [*model.key, *(each for each in rest if is_single(each, definitions))]
    others = 2 if model.deciding else 1
    owners = (model.type.field(name) for name in model.owners)
    own = [each for each in owners if each and not each.is_list and not model.is_key(each)]
    return [*fields[: MAX_ARGUMENTS - others], *own]
