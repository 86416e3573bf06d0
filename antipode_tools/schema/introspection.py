"""What Amplify's data client builds its documents from: `model_introspection` of its outputs.

Written for what the client reads of it, which is npm's @aws-amplify/data-schema: its
bridge-types.d.ts has the shape, its APIClient.mjs what is made of it. What the client would ask for
otherwise than the API has it is left out; client_rules.py tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from antipode_tools.schema import naming
from antipode_tools.schema.data_client import (
    Json,
    association,
    calls,
    is_asked,
    plural,
)
from antipode_tools.schema.definitions import (
    Argument,
    Definitions,
    EnumType,
    Field,
    InputType,
    ObjectType,
)
from antipode_tools.schema.directives import is_stored
from antipode_tools.schema.model import Model, Relation
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.stamps import CHANGE_FIELD, CHANGE_FIELDS, CHANGE_KINDS, CHANGE_TYPES

_ROOTS = {"Query": "queries", "Mutation": "mutations", "Subscription": "subscriptions"}


def introspection(definitions: Definitions, models: tuple[Model, ...]) -> Json:
    """The models and operations of a file that is right, as the data client knows them."""
    by_name = {model.name: model for model in models}
    document: dict[str, Any] = {
        "version": 1,
        "models": {model.name: _model(definitions, model, by_name) for model in models},
        "enums": _enums(definitions),
        "nonModels": _non_models(definitions),
    }
    for root in definitions.roots:
        fields = (field for field in root.fields if told(definitions, field.named))
        document[_ROOTS[root.name]] = {
            field.name: _operation(definitions, field) for field in fields
        }
    inputs = [each for each in definitions.all if isinstance(each, InputType)]
    if inputs:
        document["inputs"] = {each.name: _input(definitions, each) for each in inputs}
    return document


def told(definitions: Definitions, named: str) -> Json | str | None:
    """A type as the client knows it; None of what it cannot select: interfaces and unions, what
    holds nothing else, and what leads back to itself."""
    found = definitions.by_name.get(named)
    match found:
        case EnumType():
            return {"enum": named}
        case ObjectType() if found.is_model:
            return {"model": named}
        case ObjectType() if _is_circular(definitions, found):
            return None
        case ObjectType() if any(is_selected(definitions, each) for each in found.fields):
            return {"nonModel": named}
        case InputType():
            return {"input": named}
        case _:
            return named if named in SCALARS else None


def _model(definitions: Definitions, model: Model, models: Mapping[str, Model]) -> Json:
    relations = {relation.field.name: relation for relation in model.relations}
    fields = {}
    for field in (*model.type.fields, *model.stamps):
        if relation := relations.get(field.name):
            fields[field.name] = _relation(model, relation, models[relation.model])
        elif is_selected(definitions, field):
            is_read_only = field in model.stamps or not is_stored(field)
            fields[field.name] = {
                **_field(definitions, field),
                **({"isReadOnly": True} if is_read_only else {}),
            }
    fields[CHANGE_FIELD.name] = {**_field(CHANGE_TYPES, CHANGE_FIELD), "isReadOnly": True}
    return {
        "name": model.name,
        "pluralName": plural(model),
        "syncable": False,
        "fields": fields,
        "attributes": [_attribute(model), *_keys(model)],
        "primaryKeyInfo": {
            "isCustomPrimaryKey": model.has_own_key,
            "primaryKeyFieldName": model.partition.name,
            "sortKeyFieldNames": [field.name for field in model.sorts],
        },
    }


def _attribute(model: Model) -> Json:
    """What there is not, as the client reads it: {"mutations": {"delete": null}}."""
    missing: dict[str, dict[str, None]] = {}
    for call in calls(model):
        if not call.is_offered:
            missing.setdefault(call.part, {})[call.kind] = None
    return {"type": "model", "properties": missing}


def _keys(model: Model) -> Iterator[Json]:
    if model.has_own_key:
        yield {"type": "key", "properties": {"fields": [field.name for field in model.key]}}
    for index in model.indexes:
        query = {"queryField": index.query} if is_asked(model, index) else {}
        # The client names the type of a condition by it, and knows no other letters than a name's.
        name = index.name if index.name.isalnum() else naming.joined(index.name)
        fields = [field.name for field in index.key]
        yield {"type": "key", "properties": {"name": name, **query, "fields": fields}}


def _relation(model: Model, relation: Relation, related: Model) -> Json:
    found = association(model, relation, related)
    return {
        **_typed(relation.field.type, {"model": relation.model}),
        "name": relation.field.name,
        "attributes": [],
        **({"association": found} if found else {}),
    }


def _is_circular(definitions: Definitions, type_: ObjectType) -> bool:
    waiting, seen = [type_.name], set[str]()
    while waiting:
        for _, found in definitions.behind(definitions.by_name.get(waiting.pop())):
            if found is type_:
                return True
            if found.name not in seen:
                seen.add(found.name)
                waiting.append(found.name)
    return False


def is_selected(definitions: Definitions, field: Field) -> bool:
    """Whether the client can ask for a field: it gives no arguments."""
    return told(definitions, field.named) is not None and not field.arguments


def _field(definitions: Definitions, field: Field) -> Json:
    type_ = told(definitions, field.named)
    return {"name": field.name, **_typed(field.type, type_), "attributes": []}


def _typed(type_: str, named: Json | str | None) -> Json:
    """A type as it is written; of a list its members are what is required."""
    if not type_.startswith("["):
        return {"isArray": False, "type": named, "isRequired": type_.endswith("!")}
    return {
        "isArray": True,
        "type": named,
        "isRequired": type_.removesuffix("!").removesuffix("]").endswith("!"),
        "isArrayNullable": not type_.endswith("!"),
    }


def _non_models(definitions: Definitions) -> Json:
    types = [
        each
        for each in definitions.all
        if isinstance(each, ObjectType) and told(definitions, each.name) == {"nonModel": each.name}
    ]
    shapes = {each.name: _fields(definitions, each.fields) for each in types}
    shapes[CHANGE_FIELD.named] = _fields(CHANGE_TYPES, CHANGE_FIELDS)
    return {name: {"name": name, "fields": fields} for name, fields in shapes.items()}


def _fields(definitions: Definitions, fields: Iterable[Field]) -> Json:
    selected = (field for field in fields if is_selected(definitions, field))
    return {field.name: _field(definitions, field) for field in selected}


def _enums(definitions: Definitions) -> Json:
    enums = [each for each in (*definitions.all, CHANGE_KINDS) if isinstance(each, EnumType)]
    return {each.name: {"name": each.name, "values": list(each.values)} for each in enums}


def _operation(definitions: Definitions, field: Field) -> Json:
    arguments = _arguments(definitions, field.arguments)
    return {
        "name": field.name,
        **_typed(field.type, told(definitions, field.named)),
        **({"arguments": arguments} if arguments else {}),
    }


def _input(definitions: Definitions, input_: InputType) -> Json:
    return {"name": input_.name, "attributes": _arguments(definitions, input_.fields)}


def _arguments(definitions: Definitions, arguments: Iterable[Argument]) -> Json:
    return {
        each.name: {"name": each.name, **_typed(each.type, told(definitions, each.named))}
        for each in arguments
    }
