"""What the template is told of the models."""

from __future__ import annotations

import yaml

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.environment import entry
from antipode_tools.schema.mappings import mappings


def test_the_section_is_yaml_of_texts() -> None:
    source = """type A @model(queries: null) {
          no: ID! @primaryKey(sortKeyFields: ["on"])
          on: Int!
          y: AWSTimestamp @ttl
        }
        type b_c @model(queries: { list: "all" }) { id: ID!, text: String! @default(value: "it's") }
        type D @model(mutations: null) {
          id: ID! @primaryKey(sortKeyFields: ["one", "two"])
          one: Int!
          two: Int!
        }"""
    models = compile_models(source).models
    written = yaml.safe_load(mappings(models))["Mappings"]
    packed = ";".join(entry(model) for model in models)
    assert written == {
        "Models": {
            "A": {
                "Create": "createA",
                "Update": "updateA",
                "Delete": "deleteA",
                "PartitionKey": "no",
                "PartitionKeyType": "S",
                "SortKey": "on",
                "SortKeyType": "N",
                "Ttl": "y",
            },
            "Bc": {
                "Get": "getB_c",
                "List": "all",
                "Create": "createB_c",
                "Update": "updateB_c",
                "Delete": "deleteB_c",
                "PartitionKey": "id",
                "PartitionKeyType": "S",
                "SortKey": "",
                "SortKeyType": "S",
                "Ttl": "",
            },
            "D": {
                "Get": "getD",
                "List": "listDS",
                "PartitionKey": "id",
                "PartitionKeyType": "S",
                "SortKey": "one#two",
                "SortKeyType": "S",
                "Ttl": "",
            },
        },
        "Api": {
            "Environment": {
                "Models1": packed[:511],
                "Models2": packed[511:],
                **{f"Models{number}": "" for number in range(3, 41)},
            }
        },
        "Health": {"Table": {"Model": "A"}},
    }
