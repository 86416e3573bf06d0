"""A sample item to try an API with, made from the deployed schema, whatever its models.

It relies on what docs/models.md promises for every model: createM, CreateMInput and so on.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from ipaddress import IPv4Address

from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    TypeNode,
    parse,
)

# GraphQL literals by the names of fields.
Literals = Mapping[str, str]

Words = tuple[str, str]

# Those of the AWS walkthrough.
_WORDS = ("MyItem", "YourItem")

# 2100-01-01: an item with a time to live must not expire while somebody looks at it.
_FAR = 4_102_444_800


class NothingToTryError(Exception):
    """An API's schema can create none of its models: so there is no item to try it with."""

    def __str__(self) -> str:
        return "there is nothing to try the API with: its schema can create none of its models"


@dataclass(frozen=True)
class Seed:
    """What a value is made from: a word, and a number below 2**24."""

    word: str
    number: int


@dataclass(frozen=True)
class Sample:
    """One item of a model.

    Args:
        key: identifies the item.
        key_is_made: whether the API generates the key where a create leaves it out.
        created: its first values, besides the key.
        updated: what then changes.
    """

    model: str
    key: Literals
    key_is_made: bool
    created: Literals
    updated: Literals

    @property
    def given(self) -> Literals:
        """The least that the item can be created with, and what changes later."""
        return self.created if self.key_is_made else {**self.key, **self.created}

    @property
    def shown(self) -> str:
        """The fields that identify the item, and those that change in it."""
        return " ".join(dict.fromkeys([*self.key, *self.updated]))


def new_key() -> Seed:
    """The seed of a key that no item has yet."""
    number = secrets.randbelow(2**24)
    return Seed(f"Item{number:06x}", number)


def written(values: Literals) -> str:
    """Literals as the inside of an object, or as arguments."""
    return ", ".join(f"{name}: {value}" for name, value in values.items())


def sample(sdl: str, models: Container[str], *, key: Seed, words: Words = _WORDS) -> Sample:
    """An item of the first model of the schema.

    Args:
        models: those that the API is deployed with.
        key: makes the item's key, so it must be new.
        words: for the item as it is created, and then changed.

    Raises:
        NothingToTryError: the schema has none of the models.
    """
    types = _types(sdl)
    model = next((model for model in _creatable(types) if model in models), None)
    if model is None:
        raise NothingToTryError
    return _Sampling(types).of(model, key, words)


@lru_cache(maxsize=2)  # a probe asks for each of its items
def _types(sdl: str) -> Mapping[str, DefinitionNode]:
    return {name: node for node in parse(sdl).definitions if (name := _name(node))}


def greeting(sdl: str, models: Container[str]) -> str:
    """A mutation that says hello; where it names the item's key, it can be sent only once."""
    item = sample(sdl, models, key=new_key(), words=("hello", "hello"))
    call = f"create{item.model}(input: {{{written(item.given)}}})"
    return f"mutation {{ {call} {{ {item.shown} }} }}"


class _Sampling:
    """Values for the types of one schema."""

    def __init__(self, types: Mapping[str, DefinitionNode]) -> None:
        self._types = types

    def of(self, model: str, key: Seed, words: Words) -> Sample:
        before, after = (Seed(word, number) for number, word in enumerate(words, 1))
        keys = self._fields(f"Delete{model}Input")
        names = {field.name.value for field in keys}
        required = [field for field in self._fields(f"Create{model}Input") if _is_required(field)]
        rest = [f for f in self._fields(f"Create{model}Input") if f.name.value not in names]
        changed = self._telling(field for field in rest if self._is_free(model, field))
        kept = [field for field in rest if field in changed or field in required]
        return Sample(
            model=model,
            key=self._values(keys, key),
            key_is_made=names.isdisjoint(field.name.value for field in required),
            created=self._values(kept, before),
            updated=self._values(changed, after),
        )

    def _fields(self, name: str) -> tuple[InputValueDefinitionNode, ...]:
        node = self._types[name]
        assert isinstance(node, InputObjectTypeDefinitionNode)
        return tuple(node.fields or ())

    def _is_free(self, model: str, field: InputValueDefinitionNode) -> bool:
        """Whether whoever creates the item may choose the value: not whose it is. What rules look
        at is in no filter of subscriptions."""
        name = f"ModelSubscription{model}FilterInput"
        if name not in self._types:
            return True
        return field.name.value in {each.name.value for each in self._fields(name)}

    def _telling(
        self, fields: Iterable[InputValueDefinitionNode]
    ) -> list[InputValueDefinitionNode]:
        """The field to change: preferably text, and never an object, whose change shows less."""
        leaves = [field for field in fields if not self._is_nested(_bare(field.type))]
        texts = [field for field in leaves if _named(_bare(field.type)) == "String"]
        return [*texts, *leaves][:1]

    def _is_nested(self, type_: TypeNode) -> bool:
        is_object = isinstance(self._types.get(_named(type_)), InputObjectTypeDefinitionNode)
        return is_object or isinstance(type_, ListTypeNode)

    def _values(self, fields: Iterable[InputValueDefinitionNode], seed: Seed) -> Literals:
        return {field.name.value: self._value(_bare(field.type), seed) for field in fields}

    def _value(self, type_: TypeNode, seed: Seed) -> str:
        if isinstance(type_, ListTypeNode):
            return "[]"
        name = _named(type_)
        match self._types.get(name):
            case InputObjectTypeDefinitionNode(fields=fields):
                required = [field for field in fields or () if _is_required(field)]
                return f"{{{written(self._values(required, seed))}}}"
            case EnumTypeDefinitionNode(values=values):
                names = [value.name.value for value in values or ()]
                return names[(seed.number - 1) % len(names)]
            case _:
                return json.dumps(SCALARS[name](seed))


SCALARS: Mapping[str, Callable[[Seed], str | int | bool]] = {
    "ID": lambda seed: seed.word,
    "String": lambda seed: seed.word,
    "Int": lambda seed: seed.number,
    "Float": lambda seed: seed.number,
    "Boolean": lambda seed: seed.number % 2 == 0,
    "AWSDate": lambda seed: (date(2000, 1, 1) + timedelta(seed.number % 1_000_000)).isoformat(),
    "AWSDateTime": lambda seed: f"{datetime.fromtimestamp(seed.number, UTC):%Y-%m-%dT%H:%M:%SZ}",
    "AWSEmail": lambda seed: f"{seed.word}@example.com",
    "AWSIPAddress": lambda seed: str(IPv4Address("10.0.0.0") + seed.number),
    "AWSJSON": lambda seed: json.dumps(seed.word),
    "AWSPhone": lambda seed: f"+353{seed.number:08}",
    "AWSTime": lambda seed: f"{datetime.fromtimestamp(seed.number, UTC):%H:%M:%S}",
    "AWSTimestamp": lambda seed: _FAR + seed.number,
    "AWSURL": lambda seed: f"https://example.com/{seed.word}",
}


def _creatable(types: Mapping[str, DefinitionNode]) -> Iterable[str]:
    mutation = types.get("Mutation")
    if isinstance(mutation, ObjectTypeDefinitionNode):
        names = [field.name.value for field in mutation.fields or ()]
        yield from (name.removeprefix("create") for name in names if name.startswith("create"))


def _name(node: DefinitionNode) -> str | None:
    match node:
        case (
            ObjectTypeDefinitionNode() | InputObjectTypeDefinitionNode() | EnumTypeDefinitionNode()
        ):
            return node.name.value
        case _:
            return None


def _is_required(field: InputValueDefinitionNode) -> bool:
    return isinstance(field.type, NonNullTypeNode)


def _bare(type_: TypeNode) -> TypeNode:
    return type_.type if isinstance(type_, NonNullTypeNode) else type_


def _named(type_: TypeNode) -> str:
    while isinstance(type_, ListTypeNode | NonNullTypeNode):
        type_ = type_.type
    assert isinstance(type_, NamedTypeNode)
    return type_.name.value
