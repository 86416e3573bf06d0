"""The environments: one for each Region, alike in everything but the Region."""

from __future__ import annotations

import tomllib
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from samcli.cli.types import (  # type: ignore[import-untyped] # the SAM CLI comes without types
    CfnParameterOverridesType,
)

from antipode_tools.project.stages import read_stages
from antipode_tools.schema.samconfig import SHARED, with_shared, with_stages
from antipode_tools.schema.template import defaults

from .evaluate import parameter_values
from .reading import Node

Environments = dict[str, dict[str, Any]]
VERSION = "version"


def read(text: str) -> Environments:
    return {name: value for name, value in tomllib.loads(text).items() if name != VERSION}


@pytest.fixture(scope="module")
def text(root: Path) -> str:
    return (root / "samconfig.toml").read_text()


@pytest.fixture(scope="module")
def environments(text: str) -> Environments:
    return read(text)


def test_there_is_an_environment_for_each_region_of_the_template(
    environments: Environments, template: Node
) -> None:
    regions = [value["global"]["parameters"].get("region") for value in environments.values()]
    values = parameter_values(template, {})
    assert regions == [None, *values["Regions"]]
    assert environments["ireland"]["global"]["parameters"]["region"] == values["HomeRegion"]


def test_every_command_of_every_environment_unrolls_the_loops(environments: Environments) -> None:
    assert set(environments) == {"default", "ireland", "sydney"}
    for name, environment in environments.items():
        assert environment["global"]["parameters"]["language_extensions"] is True, name


def test_environments_differ_in_their_region_alone(environments: Environments) -> None:
    def without_region(name: str) -> dict[str, Any]:
        environment = environments[name]
        own = environment["global"]["parameters"]["region"]
        parameters = {
            key: value
            for key, value in environment["global"]["parameters"].items()
            if key != "region"
        }
        deploy = environment["deploy"]["parameters"]
        tags = deploy["tags"].replace(f"Region={own}", "Region=")
        assert tags == "Project=antipode Stage=production Region="
        return {
            "global": {"parameters": parameters},
            "deploy": {"parameters": {**deploy, "tags": tags}},
        }

    assert without_region("ireland") == without_region("sydney")


def test_every_deployment_may_make_roles_and_expand_the_template(
    environments: Environments,
) -> None:
    for name in ("ireland", "sydney"):
        parameters = environments[name]["deploy"]["parameters"]
        assert {**parameters, "parameter_overrides": {}, "tags": ""} == {
            "capabilities": "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND",
            "resolve_s3": True,
            "fail_on_empty_changeset": False,
            "parameter_overrides": {},
            "tags": "",
        }


@pytest.mark.parametrize("name", ["ireland", "sydney"])
def test_what_is_the_same_in_every_region_is_named_to_a_stack_that_is_there_already(
    environments: Environments, template: Node, name: str
) -> None:
    """By the SAM CLI's own code: what is not named keeps its previous value.

    The protection that a first deployment goes without is named: every later one puts it on.
    """
    # Here, since it takes a second, and every process of tests imports every module of them.
    from samcli.commands.deploy.deploy_context import (  # type: ignore[import-untyped] # as above
        DeployContext,
    )

    named = environments[name]["deploy"]["parameters"]["parameter_overrides"]
    overrides = CfnParameterOverridesType().convert(named, None, None)
    sent = DeployContext.merge_parameters(template, overrides)
    kept = {each["ParameterKey"] for each in sent if each.get("UsePreviousValue")}
    assert kept == set(template["Parameters"]) - {*SHARED, "DeletionProtection"}
    assert {
        each["ParameterKey"]: each["ParameterValue"] for each in sent if "ParameterValue" in each
    } == {
        key: str(template["Parameters"][key]["Default"]) for key in (*SHARED, "DeletionProtection")
    }
    assert {"ParameterKey": "DeletionProtection", "ParameterValue": "true"} in sent


def uncommented(text: str, name: str, root: Path) -> Environments:
    """The environment that is commented out, as antipode schema would complete it."""
    lines = text[text.index(f"# [{name}.") :].splitlines()
    commented = takewhile(lambda line: not line.startswith("# Another stage"), lines)
    own = "\n".join(line.removeprefix("#").strip() for line in commented)
    values = defaults((root / "template.yaml").read_text(), SHARED)
    return read(with_stages(with_shared(own, values), read_stages(root)))


def test_a_stage_is_the_same_lines_with_what_it_has_otherwise(
    text: str, environments: Environments, root: Path
) -> None:
    [(name, stage)] = uncommented(text, "staging-ireland", root).items()
    ireland = environments["ireland"]
    own = {"region": "eu-west-1", "stack_name": "staging-antipode"}
    assert (name, stage["global"]["parameters"]) == (
        "staging-ireland",
        {**ireland["global"]["parameters"], **own},
    )
    assert stage["deploy"]["parameters"]["tags"] == (
        "Project=antipode Stage=staging Region=eu-west-1"
    )
    named = stage["deploy"]["parameters"]["parameter_overrides"]
    production = ireland["deploy"]["parameters"]["parameter_overrides"]
    without = {key: value for key, value in production.items() if key != "DeletionProtection"}
    assert named == {**without, **read_stages(root)["staging"]}


def test_what_a_stage_has_otherwise_the_template_takes(template: Node, root: Path) -> None:
    for stage, parameters in read_stages(root).items():
        for name, value in parameters.items():
            facts = template["Parameters"][name]
            allowed = [str(each) for each in facts.get("AllowedValues", [value])]
            assert value in allowed, stage
            assert value != str(facts["Default"]), stage


def test_a_third_region_is_the_same_lines_again(
    text: str, environments: Environments, root: Path
) -> None:
    third = uncommented(text, "virginia", root)
    ireland = environments["ireland"]
    tags = "Project=antipode Stage=production Region=us-east-1"
    assert third == {
        "virginia": {
            "global": {"parameters": {**ireland["global"]["parameters"], "region": "us-east-1"}},
            "deploy": {"parameters": {**ireland["deploy"]["parameters"], "tags": tags}},
        }
    }
