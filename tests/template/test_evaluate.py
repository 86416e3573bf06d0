"""The evaluator itself: it refuses what AWS refuses, in branches that are not taken as well."""

from __future__ import annotations

import pytest

from .evaluate import TemplateError, evaluate
from .reading import load

REGIONS = """
Parameters:
  Regions: {Type: CommaDelimitedList, Default: 'eu-west-1,ap-southeast-2'}
Conditions:
  Never: !Equals [a, b]
"""


def test_a_bare_select_over_a_list_parameter_is_refused_in_a_resource_that_does_not_exist() -> None:
    template = (
        REGIONS
        + """
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Condition: Never
    Properties: {QueueName: !Select [2, !Ref Regions]}
"""
    )
    with pytest.raises(TemplateError) as raised:
        evaluate(load(template))
    assert str(raised.value) == "Fn::Select cannot select nonexistent value at index 2"


def test_a_bare_select_over_a_list_parameter_is_refused_in_a_branch_that_is_not_taken() -> None:
    template = (
        REGIONS
        + """
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !If [Never, !Select [2, !Ref Regions], name]}
"""
    )
    with pytest.raises(TemplateError, match="nonexistent value at index 2"):
        evaluate(load(template))


PADDED = (
    REGIONS
    + """
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Select [2, !Split [',', !Join [',', [!Join [',', !Ref Regions], %s, %s]]]]
"""
)


def test_a_padded_select_is_the_padding_beyond_the_end() -> None:
    stack = evaluate(load(PADDED % ("none", "none")))
    assert stack.of_type("AWS::SQS::Queue") == {"Queue": {"QueueName": "none"}}


@pytest.mark.parametrize("padding", [("none", "''"), ("''", "''")])
def test_a_list_that_ends_in_nothing_is_refused(padding: tuple[str, str]) -> None:
    with pytest.raises(TemplateError, match=r"^Fn::Split of '.*' ends in an empty member$"):
        evaluate(load(PADDED % padding))


def test_a_look_up_of_a_missing_key_needs_a_default() -> None:
    template = """
Mappings: {Keys: {A: {name: id}}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !FindInMap [Keys, B, name%s]}
"""
    with pytest.raises(TemplateError) as raised:
        evaluate(load(template % ""))
    assert str(raised.value) == "Fn::FindInMap finds no Keys.B.name, and has no default"
    stack = evaluate(load(template % ", {DefaultValue: none}"))
    assert stack.of_type("AWS::SQS::Queue") == {"Queue": {"QueueName": "none"}}


@pytest.mark.parametrize(
    "value",
    ["!Ref Nothing", "!GetAtt Nothing.Arn", "!Sub 'a ${Nothing}'", "!Sub 'a ${Nothing.Arn}'"],
)
def test_a_reference_to_nothing_is_refused(value: str) -> None:
    template = f"Resources: {{Queue: {{Type: T, Properties: {{Name: {value}}}}}}}"
    with pytest.raises(TemplateError) as raised:
        evaluate(load(template))
    assert str(raised.value) == "a reference to Nothing, which is not in the template"


def test_a_reference_to_what_does_not_exist_in_this_region_is_refused() -> None:
    template = (
        REGIONS
        + """
Resources:
  Table: {Type: T, Condition: Never}
  Queue: {Type: T, Properties: {Name: !Ref Table}}
"""
    )
    with pytest.raises(TemplateError) as raised:
        evaluate(load(template))
    assert str(raised.value) == "Queue needs Table, which does not exist in this stack"


def test_a_dependency_on_what_does_not_exist_in_this_region_is_refused() -> None:
    template = (
        REGIONS
        + """
Resources:
  Table: {Type: T, Condition: Never}
  Queue: {Type: T, DependsOn: Table}
"""
    )
    with pytest.raises(TemplateError, match="Queue needs Table"):
        evaluate(load(template))


def test_a_circle_is_refused() -> None:
    template = """
Resources:
  Api: {Type: T, Properties: {Role: !GetAtt Role.RoleId}}
  Role: {Type: T, Properties: {Policy: !Sub '${Api.Arn}/types/*'}}
"""
    with pytest.raises(
        TemplateError, match=r"^circular: (Api -> Role -> Api|Role -> Api -> Role)$"
    ):
        evaluate(load(template))


def test_a_loop_is_unrolled_in_keys_texts_and_references() -> None:
    template = """
Parameters:
  Models: {Type: CommaDelimitedList, Default: 'A,B'}
Resources:
  Fn::ForEach::EachModel:
    - Model
    - !Ref Models
    - ${Model}Table:
        Type: T
        Properties: {Name: !Ref Model, Other: !GetAtt [!Sub '${Model}Key', Arn]}
      ${Model}Key: {Type: K, Properties: {Name: !Sub '${AWS::StackName}-${Model}'}}
"""
    stack = evaluate(load(template))
    assert stack.of_type("T") == {
        "ATable": {"Name": "A", "Other": "${AKey.Arn}"},
        "BTable": {"Name": "B", "Other": "${BKey.Arn}"},
    }
    assert stack.of_type("K") == {
        "AKey": {"Name": "antipode-A"},
        "BKey": {"Name": "antipode-B"},
    }


def test_a_loop_that_makes_one_thing_twice_is_refused() -> None:
    template = "Resources: {'Fn::ForEach::L': [M, [A, A], {'${M}Table': {Type: T}}]}"
    with pytest.raises(TemplateError, match=r"^ATable is there twice$"):
        evaluate(load(template))


def test_no_value_leaves_properties_and_members_out() -> None:
    template = (
        REGIONS
        + """
Resources:
  Queue:
    Type: T
    Properties:
      Name: !If [Never, name, !Ref AWS::NoValue]
      List: [a, !If [Never, b, !Ref AWS::NoValue]]
"""
    )
    assert evaluate(load(template)).of_type("T") == {"Queue": {"List": ["a"]}}


def test_a_rule_that_does_not_hold_is_refused_in_its_own_words() -> None:
    template = (
        REGIONS
        + """
Rules:
  Listed:
    Assertions:
      - {Assert: !Contains [!Ref Regions, !Ref AWS::Region], AssertDescription: not listed}
Resources: {}
"""
    )
    evaluate(load(template), region="ap-southeast-2")
    with pytest.raises(TemplateError, match=r"^not listed$"):
        evaluate(load(template), region="us-east-1")


@pytest.mark.parametrize(
    ("declaration", "value", "message"),
    [
        ("{Type: Number, Default: 1, MaxValue: 3}", "4", "4 is not between None and 3"),
        ("{Type: String, Default: a, AllowedValues: [a]}", "b", r"'b' is not one of \['a'\]"),
        (
            "{Type: CommaDelimitedList, Default: A, AllowedPattern: '[A-Z]'}",
            "A,b",
            r"'b' does not match \[A-Z\]",
        ),
    ],
)
def test_a_parameter_is_held_to_its_declaration(declaration: str, value: str, message: str) -> None:
    template = load(f"{{Parameters: {{P: {declaration}}}, Resources: {{}}}}")
    with pytest.raises(TemplateError, match=f"^parameter P: {message}$"):
        evaluate(template, parameters={"P": value})


def test_a_list_parameter_is_trimmed_member_by_member() -> None:
    template = load("""
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a, b'}}
Resources: {Q: {Type: T, Properties: {Names: !Ref Names}}}
""")
    assert evaluate(template).of_type("T") == {"Q": {"Names": ["a", "b"]}}


def test_an_unknown_function_is_refused() -> None:
    template = load("Resources: {Q: {Type: T, Properties: {P: !Base64 text}}}")
    with pytest.raises(TemplateError, match=r"^Fn::Base64 is not a function that is known here$"):
        evaluate(template)
