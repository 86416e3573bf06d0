"""What the README claims, held against what is there."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from antipode_tools.cli.app import app
from antipode_tools.schema.limits import MAX_RESOURCES, fixed
from antipode_tools.schema.template import parsed

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text()


def template() -> Any:
    return parsed((ROOT / "template.yaml").read_text())


def test_the_tables_of_parameters_are_the_templates() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([^`]*)` \| (.+) \|$", CONFIGURATION, re.MULTILINE)

    assert rows == [
        (name, str(facts["Default"]), facts["Description"])
        for name, facts in template()["Parameters"].items()
    ]


def test_what_is_published_is_of_this_version() -> None:
    published = template()["Metadata"]["AWS::ServerlessRepo::Application"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert published["SemanticVersion"] == project["version"]
    assert published["SpdxLicenseId"] == project["license"]


def test_every_parameter_it_names_is_in_the_template() -> None:
    [paragraph] = re.findall(r"^## Configuration\n\n(.+?)\n\n", README, re.MULTILINE | re.DOTALL)

    assert set(re.findall(r"`(\w+)`", paragraph)) <= set(template()["Parameters"])


def test_as_many_models_fit_a_stack_as_it_says() -> None:
    room = MAX_RESOURCES - fixed((ROOT / "template.yaml").read_text())
    [(cost, fit)] = re.findall(r"One model costs (\d+) resources .+; (\d+) fit\.", README)
    assert int(fit) == room // int(cost)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make (\w+)", README)) - {"and"}))
def test_every_make_target_it_names_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"`antipode (\w+)", README))))
def test_every_command_it_names_exists(verb: str) -> None:
    assert verb in get_command(app).commands  # type: ignore[attr-defined] # a group, since it has many


@pytest.mark.parametrize("verb", get_command(app).commands)  # type: ignore[attr-defined] # as above
def test_it_names_every_command(verb: str) -> None:
    rows = re.findall(r"^\| (`(?:antipode|make) .+) \| .+ \|$", README, re.MULTILINE)
    assert any(re.search(rf"`(?:(?:antipode|make) )?{verb}\b", row) for row in rows)


@pytest.mark.parametrize("event", sorted(set(re.findall(r"events/\w+\.json", README))))
def test_every_event_it_names_exists(event: str) -> None:
    assert (ROOT / event).is_file()


def test_every_environment_it_deploys_is_in_samconfig() -> None:
    environments = set(re.findall(r"--config-env (\w+)", README))

    assert environments == {"ireland", "sydney"}
    assert all(f"[{name}." in (ROOT / "samconfig.toml").read_text() for name in environments)


ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(\w+\.py)`", ARCHITECTURE))))
def test_every_module_that_the_architecture_names_exists(name: str) -> None:
    folders = (ROOT / folder for folder in ("src", "antipode_tools", "localaws"))

    assert any(True for folder in folders for _ in folder.rglob(name))


@pytest.mark.parametrize(
    "path",
    sorted(
        set(
            re.findall(
                r"`((?:src|antipode_tools|localaws|graphql|edge|examples)/[\w./-]+)`",
                ARCHITECTURE + README,
            )
        )
    ),
)
def test_every_path_that_the_readme_and_the_architecture_name_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_a_first_deployment_can_be_taken_back_and_a_later_one_protects_the_tables() -> None:
    deployments = re.findall(r"^\$ sam deploy (.+)$", README, re.MULTILINE)[:3]
    assert [("ireland" in each, "DeletionProtection=false" in each) for each in deployments] == [
        (True, True),
        (False, False),
        # samconfig.toml says true.
        (True, False),
    ]


def test_the_secrets_replicas_go_before_the_owner_does() -> None:
    _, _, taking_down = README.partition("**Taking it down.**")
    steps = ["sam delete --config-env sydney", "remove-regions-from-replication"]
    steps += ["DeletionProtection=false", "sam delete --config-env ireland"]
    places = [taking_down.index(step) for step in steps]
    assert places == sorted(places)
