"""Comments: which are a type's or a field's own, and are carried over."""

from __future__ import annotations

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.definitions import Definition, Field, ObjectType
from antipode_tools.schema.reading import read

SOURCE = '''\
# About the file.

# About M,
# in two lines.
type M @model {
  # The key.
  id: ID!
  a: Int # on the line of another
  b: Int
  # Not right above.

  c: Int
  """
  A description,
  in two lines.
  """
  d: [E!]!
}

"Three."
enum E {
  # left out
  X
}
'''


def comments() -> dict[str, tuple[str, ...]]:
    found: list[Definition | Field] = []
    for definition in read(SOURCE).all:
        found.append(definition)
        found.extend(definition.fields if isinstance(definition, ObjectType) else ())
    return {each.name: each.comment for each in found}


def test_a_comment_is_of_what_stands_right_below() -> None:
    assert comments() == {
        "M": ("About M,", "in two lines."),
        "id": ("The key.",),
        "a": (),
        "b": (),
        "c": (),
        "d": ("A description,", "in two lines."),
        "E": ("Three.",),
    }


def test_descriptions_are_carried_over_as_comments_and_not_into_enums() -> None:
    schema = compile_models(SOURCE).schema
    assert (
        """\
# About M,
# in two lines.
type M @aws_api_key @aws_iam {
  # The key.
  id: ID
  a: Int
  b: Int
  c: Int
  # A description,
  # in two lines.
  d: [E]
"""
        in schema
    )
    assert "# Three.\nenum E {\n  X\n}\n" in schema
    assert '"""' not in schema


def test_lines_are_those_of_the_names() -> None:
    [model, enum] = read(SOURCE).all
    assert (model.line, enum.line) == (5, 21)
    assert isinstance(model, ObjectType)
    assert [field.line for field in model.fields] == [7, 8, 9, 12, 17]
