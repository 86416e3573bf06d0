"""Evaluates the template as eagerly as AWS does, which cfn-lint does not.

AWS::LanguageExtensions evaluates every function, whether its condition holds or not
(https://github.com/aws-cloudformation/cfn-language-discussion/issues/159): one Fn::Select beyond
the end of a list fails the whole deployment, from a branch that is not taken. So does it here.

What only a deployment can know stays in the text as CloudFormation writes it in Fn::Sub:
`${Api.ApiId}` for an attribute, `${Api}` for a reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from .reading import Node, walk

REFERENCE = re.compile(r"\$\{([A-Za-z0-9:]+)(?:\.([A-Za-z0-9.]+))?\}")
SECTIONS = ("Conditions", "Resources", "Outputs")
NO_VALUE = object()


class TemplateError(Exception):
    """AWS would refuse the template, or the parameters it is given."""


@dataclass(frozen=True)
class Stack:
    """What a template makes in one Region: only what exists there, every function evaluated."""

    region: str
    conditions: Mapping[str, bool]
    resources: Mapping[str, Node]
    outputs: Mapping[str, Node]

    def of_type(self, resource_type: str) -> dict[str, Node]:
        """The properties of every resource of a type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == resource_type
        }


def evaluate(
    template: Node,
    *,
    region: str = "eu-west-1",
    parameters: Mapping[str, str] | None = None,
    stack_name: str = "antipode",
    as_it_is: bool = False,
) -> Stack:
    """The stack that deploying `template` makes.

    For other modes the template is taken as `antipode schema --auth` leaves it, unless
    `as_it_is`. Raises TemplateError where AWS would fail: for a value or a rule, in a function that
    it cannot evaluate, or for a reference to what does not exist.
    """
    values = {
        **parameter_values(template, parameters or {}),
        "AWS::Region": region,
        "AWS::StackName": stack_name,
        "AWS::AccountId": "111122223333",
        "AWS::Partition": "aws",
        "AWS::StackId": f"arn:aws:cloudformation:{region}:111122223333:stack/{stack_name}/0f",
        "AWS::URLSuffix": "amazonaws.com",
    }
    unrolled = {name: unroll(template.get(name, {}), values) for name in SECTIONS}
    evaluator = Evaluator(values, unrolled["Conditions"], template.get("Mappings", {}), unrolled)
    rules = template.get("Rules", {})
    evaluator.assert_rules(
        rules
        if as_it_is
        else stamped(rules, values.get("AuthMode"), values.get("AdditionalAuthModes"))
    )
    conditions = {name: evaluator.condition(name) for name in unrolled["Conditions"]}
    resources = existing(evaluator.value(unrolled["Resources"]), conditions)
    outputs = existing(evaluator.value(unrolled["Outputs"]), conditions)
    refuse_dangling(resources, outputs)
    refuse_circles(resources)
    return Stack(region, conditions, resources, outputs)


def stamped(rules: Node, mode: Node, additional: Node) -> Node:
    """The rules of a template whose schema is made for these modes."""
    if (name := "AuthModeIsTheSchemas") not in rules:
        return rules
    first, *_ = rules[name]["Assertions"]
    asserted = [
        {"Fn::Equals": [{"Ref": "AuthMode"}, mode]},
        {"Fn::EachMemberIn": [{"Ref": "AdditionalAuthModes"}, additional]},
    ]
    return {**rules, name: {"Assertions": [{**first, "Assert": each} for each in asserted]}}


# -- Parameters ---------------------------------------------------------------------------------


def parameter_values(template: Node, given: Mapping[str, str]) -> dict[str, Node]:
    """The value of every parameter, given or by default."""
    declared = template.get("Parameters", {})
    for name in given:
        if name not in declared:
            raise TemplateError(f"there is no parameter {name}")
    return {
        name: parameter_value(name, declaration, given.get(name))
        for name, declaration in declared.items()
    }


def parameter_value(name: str, declaration: Node, given: str | None) -> Node:
    text = str(declaration["Default"]) if given is None else given
    if declaration["Type"] != "CommaDelimitedList":
        check_member(name, declaration, text)
        return text
    members = [member.strip() for member in text.split(",")]
    for member in members:
        check_member(name, declaration, member)
    return members


def check_member(name: str, declaration: Node, member: str) -> None:
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, member):
        raise TemplateError(f"parameter {name}: {member!r} does not match {pattern}")
    allowed = declaration.get("AllowedValues")
    if allowed is not None and member not in [str(value) for value in allowed]:
        raise TemplateError(f"parameter {name}: {member!r} is not one of {allowed}")
    if declaration["Type"] == "Number":
        low, high = declaration.get("MinValue"), declaration.get("MaxValue")
        if (low is not None and float(member) < low) or (high is not None and float(member) > high):
            raise TemplateError(f"parameter {name}: {member} is not between {low} and {high}")


# -- Loops --------------------------------------------------------------------------------------


def unroll(node: Node, values: Mapping[str, Node]) -> Node:
    """Every Fn::ForEach replaced by what it stands for."""
    if isinstance(node, list):
        return [unroll(member, values) for member in node]
    if not isinstance(node, dict):
        return node
    unrolled: dict[str, Node] = {}
    for key, value in node.items():
        items = iterate(value, values) if key.startswith("Fn::ForEach::") else [(key, value)]
        for name, item in items:
            if name in unrolled:
                raise TemplateError(f"{name} is there twice")
            unrolled[name] = unroll(item, values)
    return unrolled


def iterate(loop: Node, values: Mapping[str, Node]) -> Iterator[tuple[str, Node]]:
    identifier, collection, fragment = loop
    if identifier in values:
        raise TemplateError(f"the loop's {identifier} is a parameter as well")
    members = values[collection["Ref"]] if isinstance(collection, dict) else collection
    if not isinstance(members, list):
        raise TemplateError(f"a loop over {members!r}, which is not a list")
    for member in members:
        yield from unroll(substitute(fragment, identifier, member), values).items()


def substitute(node: Node, identifier: str, member: str) -> Node:
    """A loop's fragment for one member of its collection."""
    match node:
        case {"Ref": name} if name == identifier:
            return member
        case dict():
            return {
                key.replace(f"${{{identifier}}}", member): substitute(value, identifier, member)
                for key, value in node.items()
            }
        case list():
            return [substitute(value, identifier, member) for value in node]
        case str():
            return node.replace(f"${{{identifier}}}", member)
        case _:
            return node


# -- Functions ----------------------------------------------------------------------------------


@dataclass
class Evaluator:
    """Evaluates every function there is, in branches that are not taken as well."""

    values: Mapping[str, Node]
    conditions: Mapping[str, Node]
    mappings: Mapping[str, Node]
    sections: Mapping[str, Node]
    decided: dict[str, bool] = field(default_factory=dict)

    def value(self, node: Node) -> Node:
        if isinstance(node, list):
            members = [self.value(member) for member in node]
            return [member for member in members if member is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            [(name, argument)] = node.items()
            if name == "Ref" or name.startswith("Fn::"):
                return self.call(name, argument)
        members_by_key = {key: self.value(member) for key, member in node.items()}
        return {key: value for key, value in members_by_key.items() if value is not NO_VALUE}

    def call(self, name: str, argument: Node) -> Node:
        functions: Mapping[str, Callable[[Node], Node]] = {
            "Ref": self.ref,
            "Fn::GetAtt": self.get_att,
            "Fn::Sub": self.sub,
            "Fn::Join": self.join,
            "Fn::Split": self.split,
            "Fn::Select": self.select,
            "Fn::If": self.choose,
            "Fn::FindInMap": self.find_in_map,
            "Fn::Length": self.length,
        }
        if name not in functions:
            raise TemplateError(f"{name} is not a function that is known here")
        return functions[name](argument)

    def ref(self, argument: Node) -> Node:
        name = self.value(argument)
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.values:
            return self.values[name]
        return self.reference(name)

    def get_att(self, argument: Node) -> str:
        resource, attribute = self.value(argument)
        return self.reference(resource, attribute)

    def reference(self, resource: str, attribute: str | None = None) -> str:
        if resource not in self.sections["Resources"]:
            raise TemplateError(f"a reference to {resource}, which is not in the template")
        return f"${{{resource}}}" if attribute is None else f"${{{resource}.{attribute}}}"

    def sub(self, argument: Node) -> str:
        text, variables = argument if isinstance(argument, list) else (argument, {})

        def replaced(match: re.Match[str]) -> str:
            name, attribute = match.groups()
            if name in variables:
                return str(self.value(variables[name]))
            return str(self.ref(name) if attribute is None else self.reference(name, attribute))

        return REFERENCE.sub(replaced, text)

    def join(self, argument: Node) -> str:
        delimiter, members = argument
        evaluated = self.value(members)
        if not isinstance(evaluated, list):
            raise TemplateError(f"Fn::Join of {evaluated!r}, which is not a list")
        return str(delimiter).join(str(member) for member in evaluated)

    def split(self, argument: Node) -> list[str]:
        delimiter, text = self.value(argument)
        members = str(text).split(delimiter)
        if not members[-1]:
            # Whether AWS keeps it is written nowhere, and languages differ.
            raise TemplateError(f"Fn::Split of {text!r} ends in an empty member")
        return members

    def select(self, argument: Node) -> Node:
        index, members = self.value(argument)
        if not 0 <= int(index) < len(members):
            raise TemplateError(f"Fn::Select cannot select nonexistent value at index {index}")
        return members[int(index)]

    def choose(self, argument: Node) -> Node:
        name, held, failed = argument
        branches = (self.value(held), self.value(failed))
        return branches[0] if self.condition(name) else branches[1]

    def find_in_map(self, argument: Node) -> Node:
        name, first, second, *options = argument
        default = options[0]["DefaultValue"] if options else NO_VALUE
        keys = (self.value(name), self.value(first), self.value(second))
        found = self.mappings.get(keys[0], {}).get(keys[1], {}).get(keys[2], self.value(default))
        if found is NO_VALUE:
            raise TemplateError(f"Fn::FindInMap finds no {'.'.join(keys)}, and has no default")
        return found

    def length(self, argument: Node) -> int:
        return len(self.value(argument))

    def condition(self, name: str) -> bool:
        if name not in self.conditions:
            raise TemplateError(f"there is no condition {name}")
        if name not in self.decided:
            self.decided[name] = self.test(self.conditions[name])
        return self.decided[name]

    def test(self, node: Node) -> bool:
        """Whether a condition, or an assertion of a rule, holds."""
        [(name, argument)] = node.items()
        match name:
            case "Condition":
                return self.condition(argument)
            case "Fn::Not":
                return not self.test(argument[0])
            case "Fn::And":
                return all(self.tests(argument))
            case "Fn::Or":
                return any(self.tests(argument))
            case "Fn::Equals":
                left, right = self.value(argument)
                return str(left) == str(right)
            case "Fn::Contains":
                members, member = self.value(argument)
                return member in members
            case "Fn::EachMemberIn":
                members, allowed = self.value(argument)
                return all(member in allowed for member in members)
            case _:
                raise TemplateError(f"{name} is not a condition that is known here")

    def tests(self, nodes: Node) -> list[bool]:
        """Of several conditions: a list, since each of them is evaluated."""
        return [self.test(node) for node in nodes]

    def assert_rules(self, rules: Node) -> None:
        for rule in rules.values():
            if "RuleCondition" in rule and not self.test(rule["RuleCondition"]):
                continue
            for assertion in rule["Assertions"]:
                if not self.test(assertion["Assert"]):
                    raise TemplateError(assertion["AssertDescription"])


# -- What exists --------------------------------------------------------------------------------


def existing(section: Mapping[str, Node], conditions: Mapping[str, bool]) -> dict[str, Node]:
    """The members of a section whose condition holds."""
    return {
        name: member
        for name, member in section.items()
        if "Condition" not in member or conditions[member["Condition"]]
    }


def references(node: Node) -> set[str]:
    """The logical ids that an evaluated part of a template refers to."""
    return {
        match.group(1)
        for text in walk(node)
        if isinstance(text, str)
        for match in REFERENCE.finditer(text)
    }


def refuse_dangling(resources: Mapping[str, Node], outputs: Mapping[str, Node]) -> None:
    """A reference to a resource whose condition does not hold fails the deployment."""
    for name, member in {**resources, **outputs}.items():
        for resource in sorted(needs(member) - resources.keys()):
            raise TemplateError(f"{name} needs {resource}, which does not exist in this stack")


def refuse_circles(resources: Mapping[str, Node]) -> None:
    try:
        TopologicalSorter({name: needs(member) for name, member in resources.items()}).prepare()
    except CycleError as error:
        raise TemplateError(f"circular: {' -> '.join(error.args[1])}") from error


def needs(member: Node) -> set[str]:
    """What has to be there before a resource or an output can be."""
    depends_on = member.get("DependsOn", [])
    explicit = {depends_on} if isinstance(depends_on, str) else {*depends_on}
    return references(member) | explicit
