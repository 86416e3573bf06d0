"""What a field's selection set asks for, as `ctx.info` shows it.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-context-reference-js.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLIncludeDirective,
    GraphQLNamedType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableValues,
    get_directive_values,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from localaws.appsync.ports import Json


def info_of(
    info: GraphQLResolveInfo[Any],
    variables: Mapping[str, Json],
    text_of: Callable[[SelectionSetNode], str],
) -> Json:
    """`ctx.info`. Variables are as the client sent them; `text_of` prints a selection set."""
    selections = info.field_nodes[0].selection_set
    selected = _Selected(info.schema, info.fragments, info.variable_values)
    paths = selected.paths(info.field_nodes, get_named_type(info.return_type))
    return {
        "fieldName": info.field_name,
        "parentTypeName": info.parent_type.name,
        "variables": dict(variables),
        "selectionSetList": list(dict.fromkeys(paths)),
        "selectionSetGraphQL": text_of(selections) if selections else "",
    }


def fields_in(
    selections: SelectionSetNode | None, fragments: Mapping[str, FragmentDefinitionNode]
) -> Iterator[FieldNode]:
    """The fields of a selection set, of whatever type, with each of its fragments spread once."""
    spread: set[str] = set()
    pending = [*selections.selections] if selections else []
    while pending:
        match selection := pending.pop(0):
            case FieldNode():
                yield selection
            case InlineFragmentNode():
                pending[:0] = selection.selection_set.selections
            case FragmentSpreadNode() if selection.name.value not in spread:
                spread.add(selection.name.value)
                pending[:0] = fragments[selection.name.value].selection_set.selections
            case _:
                # A fragment spread before.
                pass


def filtered(
    data: Json, nodes: Sequence[FieldNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> Json:
    """The data of util.error, without what was not selected."""
    if isinstance(data, list):
        return [filtered(each, nodes, fragments) for each in data]
    selected = [field for node in nodes for field in fields_in(node.selection_set, fragments)]
    if not isinstance(data, dict) or not selected:
        return data
    return {
        key_of(node): filtered(data[node.name.value], [node], fragments)
        for node in selected
        if node.name.value in data
    }


def key_of(node: FieldNode) -> str:
    """The name that a field's value has in the response."""
    return node.alias.value if node.alias else node.name.value


@dataclass(frozen=True)
class _Selected:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues

    def paths(self, nodes: Iterable[FieldNode], type_: GraphQLNamedType) -> Iterator[str]:
        spread: set[str] = set()
        for node in nodes:
            if node.selection_set and is_composite_type(type_):
                yield from self._inside(node.selection_set, type_, spread)

    def _inside(
        self, selections: SelectionSetNode, type_: GraphQLCompositeType, spread: set[str]
    ) -> Iterator[str]:
        for selection in selections.selections:
            if not self._is_included(selection):
                continue
            match selection:
                case FieldNode():
                    yield from self._field(selection, type_)
                case InlineFragmentNode():
                    condition = selection.type_condition
                    if condition is None or self._covers(condition.name.value, type_):
                        yield from self._inside(selection.selection_set, type_, spread)
                case FragmentSpreadNode() if selection.name.value not in spread:
                    spread.add(selection.name.value)
                    fragment = self.fragments[selection.name.value]
                    if self._covers(fragment.type_condition.name.value, type_):
                        yield from self._inside(fragment.selection_set, type_, spread)
                case _:
                    # A fragment spread before.
                    pass

    def _field(self, node: FieldNode, type_: GraphQLCompositeType) -> Iterator[str]:
        yield key_of(node)
        if field := self.schema.get_field(type_, node.name.value):
            for path in self.paths([node], get_named_type(field.type)):
                yield f"{key_of(node)}/{path}"

    def _covers(self, condition: str, type_: GraphQLCompositeType) -> bool:
        """Whether all of `type_` satisfies the condition. Of an interface or a union the list
        shows only what belongs to the type itself."""
        wider = self.schema.get_type(condition)
        return wider is type_ or (is_abstract_type(wider) and self.schema.is_sub_type(wider, type_))

    def _is_included(self, node: SelectionNode) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, self.variables)
        if skip and skip["if"]:
            return False
        include = get_directive_values(GraphQLIncludeDirective, node, self.variables)
        return include is None or bool(include["if"])
