"""Who may read a field: its own directives, else its type's, else the API's default mode.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    DirectiveNode,
    FieldDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    ListValueNode,
    StringValueNode,
)

from localaws.appsync.deployed import FieldKey
from localaws.appsync.ports import AuthMode, Identity

# AppSync heeds @aws_auth only where user pools are the API's one mode, and then it narrows access.
LONE_COGNITO_DIRECTIVE = "aws_auth"

MODES = {
    "aws_api_key": AuthMode.API_KEY,
    "aws_iam": AuthMode.AWS_IAM,
    "aws_lambda": AuthMode.AWS_LAMBDA,
    "aws_oidc": AuthMode.OPENID_CONNECT,
    "aws_cognito_user_pools": AuthMode.AMAZON_COGNITO_USER_POOLS,
}

DEFINITIONS = """
directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String]) on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String]!) on OBJECT | FIELD_DEFINITION
directive @aws_subscribe(mutations: [String]!) on FIELD_DEFINITION
"""


@dataclass(frozen=True)
class Rule:
    """The modes that may read a field; for user pools, possibly the groups a caller must be in."""

    modes: frozenset[AuthMode]
    groups: frozenset[str] = field(default_factory=frozenset)

    def allows(self, identity: Identity) -> bool:
        if identity.mode not in self.modes:
            return False
        if identity.mode is not AuthMode.AMAZON_COGNITO_USER_POOLS or not self.groups:
            return True
        return not self.groups.isdisjoint(groups_of(identity))


def groups_of(identity: Identity) -> frozenset[str]:
    """The user pool groups that the caller is in; none if the claim is malformed."""
    groups = (identity.context or {}).get("groups")
    listed = groups if isinstance(groups, list) else []
    return frozenset(group for group in listed if isinstance(group, str))


def rules_of(
    schema: GraphQLSchema, default_mode: AuthMode, *, only_mode: bool
) -> Mapping[FieldKey, Rule]:
    """The effective rule of every field of every object type."""
    default = Rule(frozenset({default_mode}))
    lone_cognito = only_mode and default_mode is AuthMode.AMAZON_COGNITO_USER_POOLS
    return {
        (type_.name, name): _rule(_on_field(definition.ast_node), lone_cognito=lone_cognito)
        or _rule(_on_type(type_), lone_cognito=lone_cognito)
        or default
        for type_ in _object_types(schema)
        for name, definition in type_.fields.items()
    }


def _object_types(schema: GraphQLSchema) -> Iterator[GraphQLObjectType]:
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            yield type_


def _on_type(type_: GraphQLObjectType) -> Iterator[DirectiveNode]:
    for node in (type_.ast_node, *type_.extension_ast_nodes):
        if node is not None:
            yield from node.directives or ()


def _on_field(node: FieldDefinitionNode | None) -> Iterable[DirectiveNode]:
    return (node.directives or ()) if node is not None else ()


def _rule(directives: Iterable[DirectiveNode], *, lone_cognito: bool) -> Rule | None:
    modes: set[AuthMode] = set()
    groups: set[str] = set()
    for directive in directives:
        name = directive.name.value
        if name in MODES:
            modes.add(MODES[name])
            groups.update(names_in(directive))
        elif name == LONE_COGNITO_DIRECTIVE and lone_cognito:
            modes.add(AuthMode.AMAZON_COGNITO_USER_POOLS)
            groups.update(names_in(directive))
    return Rule(frozenset(modes), frozenset(groups)) if modes else None


def names_in(directive: DirectiveNode) -> Iterator[str]:
    """The strings in the directive's lists."""
    for argument in directive.arguments or ():
        if isinstance(argument.value, ListValueNode):
            for item in argument.value.values:
                if isinstance(item, StringValueNode):
                    yield item.value
