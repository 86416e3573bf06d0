"""What Amplify calls the operations and the types of a model.

https://github.com/aws-amplify/amplify-category-api: graphql-transformer-common's util.ts and
ModelResourceIDs.ts, amplify-graphql-index-transformer's utils.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pluralizer import Pluralizer

_PLURALIZER = Pluralizer()  # type: ignore[no-untyped-call]  # it has no types
# The one word that it was seen to have otherwise than npm's pluralize 8, which Amplify uses.
_PLURALIZER.irregularSingles.pop("canvas", None)
_WORD = re.compile(r"[^A-Za-z0-9]+")


def upper(name: str) -> str:
    """With a capital in front: operations have one before the name of a model."""
    return f"{name[:1].upper()}{name[1:]}"


def lower(name: str) -> str:
    """With a small letter in front."""
    return f"{name[:1].lower()}{name[1:]}"


def camel(words: Iterable[str]) -> str:
    """The words as one: the first with a small letter in front, the others with a capital."""
    first, *rest = words
    return "".join([lower(first), *map(upper, rest)])


def joined(name: str) -> str:
    """The words of a name that is no name of GraphQL's as one, each with a capital in front."""
    return "".join(map(upper, _WORD.split(name)))


def plural(model: str) -> str:
    """The plural of a model's name, with a capital in front."""
    return str(_PLURALIZER.plural(upper(model)))


def logical(name: str) -> str:
    """The name as a part of CloudFormation's logical ids, which are letters and digits."""
    return upper(_WORD.sub("", name))


def index_query(model: str, key: Iterable[str]) -> str:
    """The query by an index that has no queryField: cardsByBoardIdAndPosition."""
    return f"{lower(plural(model))}By{'And'.join(map(upper, key))}"


def foreign_key(model: str, field: str, key: str) -> str:
    """A field that holds a related item's key, where the schema declares none: postCommentsId."""
    return camel([model, field, key])
