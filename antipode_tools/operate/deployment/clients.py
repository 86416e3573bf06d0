"""What clients would notice of a deployment, by the schema that is served and the one to come."""

from __future__ import annotations

import re

from graphql import DefinitionNode, GraphQLError, GraphQLSchema, build_ast_schema, parse
from graphql.language import DocumentNode
from graphql.utilities import find_breaking_changes, find_dangerous_changes

# The relay's own mutations, which are deployed with it and which nobody else may call.
_RELAYS = re.compile(r"\bMutation\.publish(?:Create|Update|Delete)\w")


def noticed(served: str, coming: str, appsync: str) -> list[str]:
    """What is gone or has changed for clients, a sentence each; additions are not noticed.

    Args:
        served, coming: schemas in GraphQL's language.
        appsync: the scalars and directives that AppSync adds to both.
    """
    try:
        before, after = (_read(text, appsync) for text in (served, coming))
    except (GraphQLError, TypeError) as error:  # TypeError: a name that nothing defines
        return [f"the schemas cannot be compared, look at their diff: {error}"]
    told = [
        *(change.description for change in find_breaking_changes(before, after)),
        *(change.description for change in find_dangerous_changes(before, after)),
    ]
    return [sentence for sentence in told if not _RELAYS.search(sentence)]


def _read(text: str, appsync: str) -> GraphQLSchema:
    own = parse(text).definitions
    there = {_name(each) for each in own}
    further = [each for each in parse(appsync).definitions if _name(each) not in there]
    document = DocumentNode(definitions=(*own, *further))
    return build_ast_schema(document, assume_valid=True, assume_valid_sdl=True)


def _name(definition: DefinitionNode) -> tuple[str, str]:
    name = getattr(definition, "name", None)
    return definition.kind, name.value if name else ""
