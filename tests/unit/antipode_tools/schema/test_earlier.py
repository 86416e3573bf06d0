"""What an update's announcement says of the item as it was."""

from __future__ import annotations

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models

CARD = """
type Card @model @auth(rules: [{ allow: owner, ownerField: "writer" }]) @key(fields: ["id", "at"]) {
  id: ID!
  at: AWSDateTime!
  writer: String
  board: ID!
  state: State
  due: AWSDate
  points: Int
  price: Float
  done: Boolean
  expires: AWSTimestamp @ttl
  labels: [String]
  settings: AWSJSON
  place: Place
}
enum State { OPEN SHUT }
type Place { town: String }
"""


def types(source: str) -> dict[str, str]:
    """Each type of the schema as it is written, by its name."""
    schema = compile_models(source, modes=[AuthMode.AWS_IAM]).schema
    texts = [part for part in schema.split("\n\n") if part.startswith("type ")]
    return {text.split()[1]: text for text in texts}


def test_it_has_the_single_scalars_and_enums_that_an_update_can_change() -> None:
    assert (
        types(CARD)["CardWas"]
        == """\
type CardWas @aws_iam {
  board: String
  state: String
  due: String
  points: Int
  price: Float
  done: Boolean
  expires: AWSTimestamp
}"""
    )


def test_it_stands_on_the_model_beside_the_change() -> None:
    assert types(CARD)["Card"].endswith("""\
  # The item's values before an update that changed one of these; null otherwise, and in queries.
  _was: CardWas
  _change: Change
}""")


def test_a_model_without_such_fields_has_none() -> None:
    written = types("type M @model { id: ID!, labels: [String] }")
    assert "_was" not in written["M"]
    assert "MWas" not in written
