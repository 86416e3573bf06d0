"""What the template and the resolvers are told of the models."""

from __future__ import annotations

import pytest
import yaml

from antipode_tools.schema.diagnostics import Refused
from antipode_tools.schema.mappings import (
    MAX_CHARACTERS,
    indexes,
    keys,
    mappings,
    owners,
    required,
)
from antipode_tools.schema.models import Model, models_of
from antipode_tools.schema.reading import read


def models(source: str) -> tuple[Model, ...]:
    return models_of(read(source))


def keyed(number: int, name: str = "k" * 80) -> tuple[Model, ...]:
    return models(
        "\n".join(
            f'type M{each} @model @key(fields: ["{name}"]) {{ {name}: ID! }}'
            for each in range(number)
        )
    )


def test_a_plain_id_needs_no_word() -> None:
    assert keys(models("type M @model { id: ID! }")) == ("", "", "", "")


def test_a_key_of_one_and_of_two_fields_is_packed() -> None:
    source = """type A @model @key(fields: ["sku"]) { sku: ID! }
        type B @model { id: ID! }
        type C @model @key(fields: ["customer", "number"]) { customer: ID!, number: Int! }
        type D @model @key(fields: ["id", "number"]) { id: ID!, number: Int! }"""
    assert keys(models(source)) == ("A=sku;C=customer,number;D=id,number", "", "", "")


def test_a_variable_is_filled_before_the_next_is_used() -> None:
    first, second, *rest = keys(keyed(7))
    assert (len(first.split(";")), len(second.split(";")), rest) == (6, 1, ["", ""])
    assert len(first) <= MAX_CHARACTERS < len(f"{first};{second}")


def test_more_than_four_variables_hold_is_refused() -> None:
    assert all(keys(keyed(24)))
    with pytest.raises(Refused) as raised:
        keys(keyed(25))
    assert str(raised.value) == (
        "the keys of the models take 2110 characters, and the API's environment has 4 variables of "
        "511: shorten the names of models and of these fields, or let more models have the key id"
    )


def test_one_key_that_fits_no_variable_is_refused() -> None:
    with pytest.raises(Refused):
        keys(keyed(1, "k" * 510))


def test_the_owners_are_packed_without_the_models_that_have_none() -> None:
    source = """type A @model(owner: "author") { id: ID!, author: String }
        type B @model { id: ID! }
        type C @model(owner: "owner") { id: ID!, owner: String }"""
    assert owners(models(source)) == ("A=author;C=owner", "", "", "")


def test_more_owners_than_four_variables_hold_are_refused() -> None:
    name = "o" * 250
    source = "\n".join(
        f'type M{each} @model(owner: "{name}") {{ id: ID!, {name}: String }}' for each in range(9)
    )
    with pytest.raises(Refused) as raised:
        owners(models(source))
    assert str(raised.value) == (
        "the owners of the models take 2281 characters, and the API's environment has 4 variables "
        "of 511: shorten the names of models and of these fields, or deploy some models as a "
        "second stack"
    )


def test_the_indexes_are_packed_by_the_names_of_their_queries() -> None:
    source = """type A @model
          @index(name: "byState", fields: ["state", "updatedAt"])
          @index(name: "bySku", fields: ["sku"]) { id: ID!, state: State, sku: ID }
        type B @model { id: ID! }
        enum State { NEW OLD }"""
    assert indexes(models(source)) == (
        "AByState=byState,state,updatedAt;ABySku=bySku,sku",
        "",
        "",
        "",
    )


def test_more_indexes_than_four_variables_hold_are_refused() -> None:
    name = "i" * 120
    source = "\n".join(
        f'type M{each} @model @index(name: "{name}", fields: ["id"]) {{ id: ID! }}'
        for each in range(9)
    )
    with pytest.raises(Refused) as raised:
        indexes(models(source))
    assert str(raised.value) == (
        "the indexes of the models take 2218 characters, and the API's environment has 4 variables "
        "of 511: shorten the names of models and of these fields, or deploy some models as a "
        "second stack"
    )


def test_the_required_fields_are_those_that_an_update_could_remove() -> None:
    source = """type A @model(owner: "owner") @key(fields: ["sku"]) {
          sku: ID!
          owner: String!
          lines: [Line!]!
          note: String
        }
        type B @model { id: ID!, note: [String!] }
        type Line { text: String! }"""
    assert required(models(source)) == ("A=lines", *[""] * 11)


def test_the_required_fields_of_one_model_may_fill_several_variables() -> None:
    fields = [f"{'f' * 60}{number}" for number in range(10)]
    source = f"type A @model {{ id: ID!, {', '.join(f'{field}: ID!' for field in fields)} }}"
    first, second, *rest = required(models(source))
    assert (first, second, set(rest)) == (
        f"A={','.join(fields[:8])}",
        f"A={','.join(fields[8:])}",
        {""},
    )


def test_more_required_fields_than_twelve_variables_hold_are_refused() -> None:
    name = "r" * 500
    source = "\n".join(f"type M{each} @model {{ id: ID!, {name}: ID! }}" for each in range(13))
    with pytest.raises(Refused) as raised:
        required(models(source))
    assert str(raised.value) == (
        "the required fields of the models take 6542 characters, and the API's environment has 12 "
        "variables of 511: shorten the names of models and of these fields, or deploy some models "
        "as a second stack"
    )


def test_the_section_is_yaml_of_texts() -> None:
    source = """type A @model @key(fields: ["no", "on"]) { no: ID!, on: Int!, y: AWSTimestamp @ttl }
        type B @model(owner: "no") @index(name: "byNo", fields: ["no", "createdAt"]) {
          id: ID!
          no: String
          text: String!
        }"""
    assert yaml.safe_load(mappings(models(source))) == {
        "Mappings": {
            "Models": {
                "A": {
                    "PartitionKey": "no",
                    "PartitionKeyType": "S",
                    "SortKey": "on",
                    "SortKeyType": "N",
                    "Ttl": "y",
                },
                "B": {
                    "PartitionKey": "id",
                    "PartitionKeyType": "S",
                    "SortKey": "",
                    "SortKeyType": "S",
                    "Ttl": "",
                },
            },
            "Api": {
                "Environment": {
                    "Keys1": "A=no,on",
                    "Keys2": "",
                    "Keys3": "",
                    "Keys4": "",
                    "Owners1": "B=no",
                    "Owners2": "",
                    "Owners3": "",
                    "Owners4": "",
                    "Indexes1": "BByNo=byNo,no,createdAt",
                    "Indexes2": "",
                    "Indexes3": "",
                    "Indexes4": "",
                    "Required1": "B=text",
                    **{f"Required{number}": "" for number in range(2, 13)},
                }
            },
            "Health": {"Table": {"Model": "A"}},
        }
    }
