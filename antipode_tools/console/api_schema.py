"""What an API's schema says to whoever sends operations: its models, a document of each field."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    NamedTypeNode,
    ScalarTypeDefinitionNode,
    Visitor,
    build_ast_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    parse,
    visit,
)

# Null but in announcements.
_OF_ANNOUNCEMENTS = ("_was", "_change")
_CHANGE = "_change { id kind sequence region recordedAt }"
_KINDS = ("Create", "Update", "Delete")


def understood(sdl: str) -> GraphQLSchema:
    """The schema that an API serves. AppSync's SDL does not define AppSync's own scalars.

    Raises:
        GraphQLSyntaxError: it is no SDL.
    """
    named = _Named()
    visit(parse(sdl, no_location=True), named)
    scalars = sorted(name for name in named.named - named.defined if name.startswith("AWS"))
    whole = "\n".join([sdl, *(f"scalar {name}" for name in scalars)])
    return build_ast_schema(parse(whole), assume_valid=True, assume_valid_sdl=True)


def version_of(sdl: str) -> str:
    """Another one for another schema."""
    return hashlib.sha256(sdl.encode()).hexdigest()[:16]


class _Named(Visitor):
    """The types that a document names, and those of them that are scalars it defines."""

    def __init__(self) -> None:
        super().__init__()
        self.named: set[str] = set()
        self.defined: set[str] = set()

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        self.named.add(node.name.value)

    def enter_scalar_type_definition(self, node: ScalarTypeDefinitionNode, *_: object) -> None:
        self.defined.add(node.name.value)


@dataclass(frozen=True)
class Model:
    """A model, as the console follows its items.

    Args:
        key: the fields that identify an item.
        get: the document that asks for one; its variables are the key's fields.
        changes: the documents of its subscriptions.
    """

    name: str
    key: tuple[str, ...]
    get: str
    changes: tuple[str, ...]


def models(schema: GraphQLSchema) -> list[Model]:
    """The models of a schema, as docs/models.md promises them: getM, DeleteMInput and onCreateM."""
    query, subscription = schema.query_type, schema.subscription_type
    found = []
    for field in query.fields if query else ():
        name = field.removeprefix("get")
        keys = schema.get_type(f"Delete{name}Input")
        if query is None or field == name or not isinstance(keys, GraphQLInputObjectType):
            continue
        heard = [f"on{kind}{name}" for kind in _KINDS]
        found.append(
            Model(
                name=name,
                key=tuple(keys.fields),
                get=document("query", field, query.fields[field]),
                changes=tuple(
                    document("subscription", each, subscription.fields[each], bare=True)
                    for each in heard
                    if subscription and each in subscription.fields
                ),
            )
        )
    return found


def document(kind: str, name: str, field: GraphQLField, *, bare: bool = False) -> str:
    """A document for one field.

    Args:
        bare: without arguments.
    """
    taken = {} if bare else given(field)
    declared = ", ".join(f"${each}: {argument.type}" for each, argument in taken.items())
    passed = ", ".join(f"{each}: ${each}" for each in taken)
    title = f"{name[0].upper()}{name[1:]}" + (f"({declared})" if declared else "")
    call = name + (f"({passed})" if passed else "")
    selected = [*_selection(field, "    ", announces=kind == "subscription")]
    lines = [f"  {call} {{", *selected, "  }"] if selected else [f"  {call}"]
    return "\n".join([f"{kind} {title} {{", *lines, "}", ""])


def given(field: GraphQLField) -> Mapping[str, GraphQLArgument]:
    """The arguments that a ready operation has."""
    return {
        name: argument
        for name, argument in field.args.items()
        if is_required_argument(argument) or name == "limit"
    }


def _selection(
    field: GraphQLField, indent: str, *, announces: bool, depth: int = 0
) -> Iterator[str]:
    """The fields of what a field gives: leaves, what lies in them, and items of a page."""
    type_ = get_named_type(field.type)
    if not isinstance(type_, GraphQLObjectType):
        return
    for name, inner in type_.fields.items():
        named = get_named_type(inner.type)
        if is_leaf_type(named):
            yield f"{indent}{name}"
        elif name in _OF_ANNOUNCEMENTS:
            if name == "_change" and announces and depth == 0:
                yield f"{indent}{_CHANGE}"
        elif name == "items" or (depth == 0 and not (inner.args or announces)):
            within = f"{indent}  "
            if lines := [*_selection(inner, within, announces=announces, depth=depth + 1)]:
                yield from (f"{indent}{name} {{", *lines, f"{indent}}}")
