"""Any item that a schema's type has: as DynamoDB keeps it, and as a subscriber must be told it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
)
from hypothesis import strategies as st

from antipode_tools.schema.selection import is_related

Json = Any  # as the json module reads it


@dataclass(frozen=True)
class Value:
    """One value: DynamoDB's attribute value, and its JSON in GraphQL."""

    stored: Json
    told: Json


@dataclass(frozen=True, eq=False)
class JsonText:
    """Equal to every text of this JSON: objects have no order, and numbers are JavaScript's."""

    value: Json

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and _in_doubles(other) == _in_doubles(json.dumps(self.value))


def _in_doubles(text: str) -> Json:
    return json.loads(text, parse_int=float)


ABSENT = Value(None, None)

texts = st.text(max_size=8)
# Integers that JavaScript tells apart from their neighbours.
integers = st.integers(-(2**53) + 1, 2**53 - 1)
# Numbers that DynamoDB takes: between 1e-130 and 1e126.
floats = st.floats(-1e100, 1e100).filter(lambda number: number == 0 or abs(number) > 1e-100)
json_values = st.recursive(
    st.none() | st.booleans() | integers | floats | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
).filter(lambda value: value is not None)


def text(value: str) -> Value:
    return Value({"S": value}, value)


def number(value: float) -> Value:
    return Value({"N": repr(value)}, value)


def stored_json(value: Json) -> Json:
    """The attribute value that a resolver makes of JSON."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case str():
            return {"S": value}
        case list():
            return {"L": [stored_json(each) for each in value]}
        case _:
            return {"M": {name: stored_json(each) for name, each in value.items()}}


SCALARS: Mapping[str, st.SearchStrategy[Value]] = {
    "ID": texts.map(text) | integers.map(lambda id: Value({"N": str(id)}, str(id))),
    "String": texts.map(text),
    "Int": st.integers(-(2**31), 2**31 - 1).map(number),
    "Float": (floats | integers).map(number),
    "Boolean": st.booleans().map(lambda value: Value({"BOOL": value}, value)),
    "AWSDate": st.dates().map(lambda day: text(day.isoformat())),
    "AWSDateTime": st.datetimes().map(lambda time: text(f"{time.isoformat()}Z")),
    "AWSEmail": st.from_regex(r"[a-z]{1,5}@[a-z]{1,5}\.ie", fullmatch=True).map(text),
    "AWSIPAddress": st.ip_addresses().map(lambda address: text(str(address))),
    "AWSJSON": json_values.map(lambda value: Value(stored_json(value), JsonText(value))),
    "AWSPhone": st.from_regex(r"\+353[0-9]{7}", fullmatch=True).map(text),
    "AWSTime": st.times().map(lambda time: text(time.isoformat())),
    "AWSTimestamp": st.integers(0, 2**40).map(number),
    "AWSURL": st.from_regex(r"https://[a-z]{1,5}\.ie/[a-z]{0,5}", fullmatch=True).map(text),
}


@dataclass(frozen=True)
class Items:
    """Items of a schema's types; `whole` ones have a value for every field, at every depth."""

    schema: GraphQLSchema
    whole: bool = True

    def of(self, model: str, key: tuple[str, ...]) -> st.SearchStrategy[Value]:
        """Items of a model as they lie in its table, with what the resolvers stamp."""
        type_ = self.schema.type_map[model]
        assert isinstance(type_, GraphQLObjectType)
        fields = {
            name: self._present(field.type) if name in key else self._value(field.type)
            for name, field in type_.fields.items()
            if name not in ("_was", "_change") and not is_related(get_named_type(field.type))
        }
        return _object(fields, type_.name)

    def _value(self, type_: GraphQLOutputType) -> st.SearchStrategy[Value]:
        present = self._present(type_)
        return present if self.whole else st.just(ABSENT) | _null() | present

    def _present(self, type_: GraphQLOutputType) -> st.SearchStrategy[Value]:
        match type_:
            case GraphQLNonNull(of_type=inner):
                return self._present(inner)
            case GraphQLList(of_type=inner):
                return self._lists(inner)
            case GraphQLObjectType(fields=fields):
                values = {name: self._value(field.type) for name, field in fields.items()}
                return _object(values, type_.name)
            case GraphQLInterfaceType() | GraphQLUnionType():
                members = self.schema.get_possible_types(type_)
                return st.one_of([self._present(member).map(_typed) for member in members])
            case GraphQLEnumType(values=values):
                return st.sampled_from(sorted(values)).map(text)
            case _:
                return SCALARS[type_.name]

    def _lists(self, inner: GraphQLOutputType) -> st.SearchStrategy[Value]:
        element = self._present(inner) if self.whole else self._present(inner) | _null()
        lists = st.lists(element, max_size=2).map(
            lambda values: Value(
                {"L": [each.stored for each in values]}, [each.told for each in values]
            )
        )
        if str(inner) not in ("String", "Int"):
            return lists
        tag = "SS" if str(inner) == "String" else "NS"
        sets = st.lists(self._present(inner), min_size=1, max_size=2, unique_by=_told).map(
            lambda values: Value(
                {tag: [next(iter(each.stored.values())) for each in values]},
                [each.told for each in values],
            )
        )
        return lists | sets


def _told(value: Value) -> Json:
    return value.told


def _null() -> st.SearchStrategy[Value]:
    return st.just(Value({"NULL": True}, None))


def _object(fields: Mapping[str, st.SearchStrategy[Value]], name: str) -> st.SearchStrategy[Value]:
    return st.fixed_dictionaries(dict(fields)).map(
        lambda values: Value(
            {"M": {field: each.stored for field, each in values.items() if each != ABSENT}},
            {"__typename": name, **{field: each.told for field, each in values.items()}},
        )
    )


def _typed(value: Value) -> Value:
    """A member of an interface or a union: it says what it is, since DynamoDB does not."""
    stored = {"__typename": {"S": value.told["__typename"]}, **value.stored["M"]}
    return Value({"M": stored}, value.told)
