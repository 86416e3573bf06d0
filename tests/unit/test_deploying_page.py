"""What docs/deploying.md says, held against what is there."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from antipode_tools.cli.app import app
from antipode_tools.operate.deployment.change_set import Action, Change, ChangeSet

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploying.md").read_text()


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"`antipode (\w+)", PAGE))))
def test_every_command_it_names_exists(verb: str) -> None:
    assert verb in get_command(app).commands  # type: ignore[attr-defined] # a group, since it has many


def test_the_change_sets_that_it_shows_are_as_they_are_shown() -> None:
    shown = re.findall(r"^(\w+): (\d changes.+)\n((?:  [+~-] .+\n)+)", PAGE, re.MULTILINE)
    assert [name for name, _, _ in shown] == ["ireland", "sydney"]
    signs = {action.sign: action for action in (Action.ADD, Action.REMOVE, Action.MODIFY)}
    for _, summary, lines in shown:
        found = re.findall(r"  (.) (\w+) \((.+)\)\n", lines)
        changes = [Change(signs[sign], name, kind) for sign, name, kind in found]
        assert ChangeSet("", changes).summary() == summary
        assert "".join(f"  {change}\n" for change in changes) == lines


@pytest.mark.parametrize(
    ("path", "heading"), re.findall(r"\]\(([\w./-]+\.md)(?:#([\w-]+))?\)", PAGE)
)
def test_every_page_it_links_to_exists(path: str, heading: str) -> None:
    text = (ROOT / "docs" / path).read_text()
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings}
    assert not heading or heading in slugs


PIPELINES = {
    name: (ROOT / "deploy" / name).read_text() for name in ("github/antipode.yml", "gitlab-ci.yml")
}


@pytest.mark.parametrize("name", PIPELINES)
def test_the_variables_of_a_pipeline_are_the_outputs_of_the_roles(name: str) -> None:
    [*rows] = re.findall(r"^\| `(A\w+)` \| `(\w+Arn)` \|", PAGE, re.MULTILINE)
    used = set(
        re.findall(r"\b(?:AWS|ANTIPODE)(?:_REVIEW|_DEPLOY)?_ROLE(?:_ARN)?\b", PIPELINES[name])
    )
    assert {variable for variable, _ in rows} == used - {"AWS_ROLE_ARN"}
    role = (ROOT / "deploy/role.yaml").read_text()
    outputs = role.partition("\nOutputs:\n")[2]
    assert re.findall(r"^  (\w+):$", outputs, re.MULTILINE) == sorted(
        (output for _, output in rows), key=outputs.index
    )


@pytest.mark.parametrize("name", PIPELINES)
def test_a_pipeline_calls_antipode_as_it_is(name: str) -> None:
    calls = re.findall(
        r"antipode (\w+) (.*)", PIPELINES[name].partition("jobs:")[2] or PIPELINES[name]
    )
    group = get_command(app)
    assert calls
    for verb, rest in calls:
        command = group.commands[verb]  # type: ignore[attr-defined] # a group, since it has many
        options = {option for parameter in command.params for option in parameter.opts}
        assert set(re.findall(r"--[\w-]+", rest)) <= options


def test_a_pipeline_deploys_every_region_of_samconfig() -> None:
    samconfig = (ROOT / "samconfig.toml").read_text()
    regions = re.findall(r"^\[(\w+)\.deploy\.parameters\]$", samconfig, re.MULTILINE)
    github, gitlab = PIPELINES.values()
    assert re.findall(r"environment: production-(\w+)", github) == [*regions, "back"]
    assert re.findall(r"environment: production/(\w+)", gitlab) == [*regions, "back"]
