"""What is wrong with a document, and where, as somebody types it."""

from __future__ import annotations

from dataclasses import dataclass

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode, parse, validate

_MOST = 20


@dataclass(frozen=True)
class Problem:
    """One mistake; line and column count from 1."""

    message: str
    line: int
    column: int


@dataclass(frozen=True)
class Checked:
    """A document that was looked at.

    Args:
        kind: of its operation: query, mutation or subscription; empty where there is none.
    """

    problems: tuple[Problem, ...]
    kind: str = ""


def check(schema: GraphQLSchema, text: str) -> Checked:
    """What is wrong with a document in this schema."""
    try:
        document = parse(text)
    except GraphQLError as error:
        return Checked((_problem(error),))
    operations = [
        each for each in document.definitions if isinstance(each, OperationDefinitionNode)
    ]
    if len(operations) != 1:
        many = f"one operation is sent at a time, and here are {len(operations)}"
        return Checked((Problem(many, 1, 1),))
    errors = validate(schema, document, max_errors=_MOST)
    return Checked(tuple(map(_problem, errors)), operations[0].operation.value)


def _problem(error: GraphQLError) -> Problem:
    for place in error.locations or ():
        return Problem(error.message, place.line, place.column)
    return Problem(error.message, 1, 1)
