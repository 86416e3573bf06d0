"""The models of definitions that are known to be right."""

from __future__ import annotations

from collections.abc import Mapping

from antipode_tools.schema.auth.fields import deciding, owners
from antipode_tools.schema.auth.rules import rules_of
from antipode_tools.schema.definitions import Definitions, EnumType, Field, ObjectType
from antipode_tools.schema.directives import directive_of, model_arguments, relation_of
from antipode_tools.schema.keys import index_field, indexes_of, key_names
from antipode_tools.schema.model import Index, Model, Relation
from antipode_tools.schema.operation_names import names_of, own_subscriptions
from antipode_tools.schema.scalars import SCALARS
from antipode_tools.schema.times import times_of

DEFAULT_LIMIT = 100


def models_of(definitions: Definitions) -> tuple[Model, ...]:
    """The models of definitions that no rule refuses, in the order of the file."""
    indexes = {type_.name: tuple(indexes_of(type_)) for type_ in definitions.models}
    return tuple(
        _model(type_, indexes, own_subscriptions(definitions, type_))
        for type_ in definitions.models
    )


def operations_of(model: Model) -> tuple[str, ...]:
    """The fields of Query, Mutation and Subscription that clients have of a model."""
    names = model.names
    queries = (index.query for index in model.indexes)
    own = (names.get, names.list, names.sync, names.create, names.update, names.delete, *queries)
    return (*filter(None, own), *model.subscriptions)


def is_comparable(field: Field, definitions: Definitions) -> bool:
    """Whether a filter can compare the field: enums and scalars, and lists of them."""
    return field.named in SCALARS or isinstance(definitions.by_name.get(field.named), EnumType)


def is_single(field: Field, definitions: Definitions) -> bool:
    """Whether a subscriber can ask for one value of the field: no list, and no JSON."""
    return not field.is_list and field.named != "AWSJSON" and is_comparable(field, definitions)


def _model(
    type_: ObjectType,
    indexes: Mapping[str, tuple[Index, ...]],
    own_on: Mapping[str, tuple[str, ...]],
) -> Model:
    relations = (_relation(field, indexes) for field in type_.fields)
    return Model(
        type=type_,
        key=tuple(field for name in key_names(type_) if (field := index_field(type_, name))),
        names=names_of(type_),
        own_on=own_on,
        ttl=next((each for each in type_.fields if directive_of(each.directives, "ttl")), None),
        rules=rules_of(type_.directives),
        guarded={
            each.name: found
            for each in type_.fields
            if (found := rules_of(each.directives)) is not None
        },
        deciding=deciding(type_),
        owners=owners(type_),
        indexes=indexes[type_.name],
        relations=tuple(each for each in relations if each),
        times=times_of(type_),
        table=model_arguments(type_).get("table"),
    )


def _relation(field: Field, indexes: Mapping[str, tuple[Index, ...]]) -> Relation | None:
    """What a field's directive says, after relations.py has filled in what it leaves out."""
    directive = relation_of(field)
    if directive is None:
        return None
    name = directive.arguments.get("indexName")
    return Relation(
        field=field,
        model=field.named,
        many=directive.name == "hasMany",
        by=tuple(directive.arguments["fields"]),
        index=next((each for each in indexes[field.named] if each.name == name), None),
        limit=directive.arguments.get("limit", DEFAULT_LIMIT),
    )
