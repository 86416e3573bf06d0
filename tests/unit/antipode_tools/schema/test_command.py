"""`antipode schema` in a project of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.command import (
    CLAIMS,
    DOCUMENTS,
    FIELDS,
    MODELS,
    OPERATIONS,
    RESOLVERS,
    SAMCONFIG,
    SCHEMA,
    TEMPLATE,
    modernise,
    schema,
)
from antipode_tools.schema.edits import DIGESTS
from antipode_tools.schema.template import listed, modes, with_modes

WARNED = (
    "! graphql/models.graphql:4: warning: ItemsModel: without @auth whoever signs in reads and "
    "changes every item. Say who may, @auth(rules: [{ allow: owner }]), or that all may, "
    "@auth(rules: [{ allow: private }])"
)
UP_TO_DATE = "all 24 generated files are up to date"
WALKTHROUGH = '@model(queries: { list: "listItemsModel" })'
TWO = "type A @model { id: ID!, name: String }\ntype B @model { id: ID!, at: AWSTimestamp @ttl }\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """This project's models and what is generated from them, committed."""
    resolvers = [f"{RESOLVERS}/{each.name}" for each in (project_root() / RESOLVERS).iterdir()]
    for name in (
        MODELS,
        SCHEMA,
        OPERATIONS,
        DOCUMENTS,
        FIELDS,
        CLAIMS,
        TEMPLATE,
        SAMCONFIG,
        DIGESTS,
        *resolvers,
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(project_root() / name, tmp_path / name)
    commit(tmp_path)
    return tmp_path


def commit(project: Path) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for arguments in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "Models")):
        subprocess.run(["git", *arguments], cwd=project, check=True)


def run(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    check: bool = False,
    auth: Sequence[AuthMode] = (),
) -> tuple[int, list[str]]:
    code = schema(project, check=check, auth=auth)
    return code, capsys.readouterr().err.splitlines()


def test_the_projects_own_files_are_those_of_its_models(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, capsys, check=True) == (0, [UP_TO_DATE])


def test_new_models_are_written_everywhere(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / MODELS).write_text(TWO)
    commit(project)
    written = [f"{name} is written" for name in (SCHEMA, OPERATIONS, DOCUMENTS, FIELDS, TEMPLATE)]
    assert run(project, capsys) == (0, written)
    assert run(project, capsys, check=True) == (0, [UP_TO_DATE])
    assert listed((project / TEMPLATE).read_text()) == {"A", "B"}
    assert "  Fn::ForEach::EachExpiringTable:\n" in (project / TEMPLATE).read_text()
    assert set(json.loads((project / DOCUMENTS).read_text())["models"]) == {"A", "B"}


def test_a_check_tells_what_is_stale_and_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {
        name: (project / name).read_text()
        for name in (SCHEMA, OPERATIONS, DOCUMENTS, FIELDS, TEMPLATE)
    }
    (project / MODELS).write_text(TWO)
    commit(project)
    assert run(project, capsys, check=True) == (
        1,
        [
            *(f"✖ {name} is out of date with {MODELS}: run antipode schema" for name in before),
            f"✖ {TEMPLATE} lacks the model A of {MODELS}",
            f"✖ {TEMPLATE} lacks the model B of {MODELS}",
            f"✖ {TEMPLATE} has the model ItemsModel, which is not in {MODELS}",
        ],
    )
    assert {name: (project / name).read_text() for name in before} == before


def test_warnings_are_told_and_refusals_stop(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / MODELS).write_text(f"type ItemsModel {WALKTHROUGH} {{\n  id: ID!\n}}\n")
    code, [warning, *_] = run(project, capsys)
    assert (code, warning) == (
        0,
        f"! {MODELS}:1: warning: ItemsModel.item is gone: clients that still ask for it are "
        "refused, and its values stay in the items",
    )
    before = (project / SCHEMA).read_text()
    (project / MODELS).write_text(f"type ItemsModel {WALKTHROUGH} {{\n  id: Int!\n}}\n")
    assert run(project, capsys) == (
        1,
        [
            f"✖ {MODELS}:1: ItemsModel had the key id: ID and has id: Int: a table's key cannot "
            "change. Add a model of another name and move the items",
            f"! {MODELS}:1: warning: ItemsModel.item is gone: clients that still ask for it are "
            "refused, and its values stay in the items",
            f"! {MODELS}:2: warning: ItemsModel.id was ID and is Int: items that hold the old type "
            "are read with errors, and their changes are not announced",
        ],
    )
    assert (project / SCHEMA).read_text() == before


def test_without_git_there_is_nothing_to_compare_with(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(project / ".git")
    (project / MODELS).write_text("type ItemsModel @model { id: Int! }\n")
    assert run(project, capsys)[0] == 0


def test_a_template_without_its_marks_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = project / TEMPLATE
    template.write_text(template.read_text().replace("# tables by", "# tables of"))
    assert run(project, capsys) == (
        1,
        [
            "✖ template.yaml has no lines # tables by antipode schema: begin and "
            "# tables by antipode schema: end"
        ],
    )


def test_more_models_than_a_stack_carries_are_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = "\n".join(f"type M{number} @model {{ id: ID! }}" for number in range(50))
    (project / MODELS).write_text(source)
    code, [problem] = run(project, capsys)
    assert code == 1
    assert problem.startswith(f"✖ {MODELS}: 50 models need ")


def test_a_mode_is_written_to_the_template_and_kept_from_then_on(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, capsys, auth=[AuthMode.AWS_LAMBDA]) == (
        0,
        [WARNED, *(f"{name} is written" for name in (SCHEMA, TEMPLATE, SAMCONFIG))],
    )
    assert (project / SAMCONFIG).read_text().count('\nAuthMode = "AWS_LAMBDA"\n') == 2
    assert modes((project / TEMPLATE).read_text()) == (AuthMode.AWS_LAMBDA,)
    assert "type ItemsModel @aws_lambda @aws_iam {\n" in (project / SCHEMA).read_text()
    assert run(project, capsys) == (0, [WARNED, UP_TO_DATE])
    assert run(project, capsys, auth=[AuthMode.API_KEY])[0] == 0
    assert run(project, capsys, check=True) == (0, [UP_TO_DATE])
    for name in (SCHEMA, TEMPLATE, SAMCONFIG):
        assert (project / name).read_text() == (project_root() / name).read_text()


def test_several_modes_are_written_and_taken_back(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, capsys, auth=[AuthMode.AWS_LAMBDA, AuthMode.API_KEY])[0] == 0
    samconfig = (project / SAMCONFIG).read_text()
    assert samconfig.count('\nAuthMode = "AWS_LAMBDA"\nAdditionalAuthModes = "API_KEY"\n') == 2
    written = (project / SCHEMA).read_text()
    assert "type ItemsModel @aws_lambda @aws_api_key @aws_iam {\n" in written
    assert "  getItemsModel(id: ID!): ItemsModel @aws_lambda @aws_api_key\n" in written
    assert run(project, capsys) == (0, [WARNED, UP_TO_DATE])
    template = project / TEMPLATE
    template.write_text(template.read_text().replace("Default: AWS_LAMBDA\n", "Default: AWS_IAM\n"))
    assert run(project, capsys, check=True)[1][-1] == (
        f"✖ {SCHEMA} is made for another mode than AWS_IAM, API_KEY, the AuthMode and "
        f"AdditionalAuthModes of {TEMPLATE}"
    )
    assert run(project, capsys, auth=[AuthMode.API_KEY])[0] == 0
    for name in (SCHEMA, TEMPLATE, SAMCONFIG):
        assert (project / name).read_text() == (project_root() / name).read_text()


def test_a_schema_for_another_mode_than_the_templates_is_stale(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = project / TEMPLATE
    template.write_text(with_modes(template.read_text(), [AuthMode.AWS_IAM]))
    assert run(project, capsys, check=True) == (
        1,
        [
            f"✖ {SCHEMA} is out of date with {MODELS}: run antipode schema",
            f"✖ {SAMCONFIG} is out of date with the defaults in {TEMPLATE}: run antipode schema",
            f"✖ {SCHEMA} is made for another mode than AWS_IAM, the AuthMode of {TEMPLATE}",
        ],
    )


def test_a_default_that_all_regions_share_reaches_stacks_that_are_there_already(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`sam deploy` has a stack keep what is not named, whatever the default has become."""
    template = project / TEMPLATE
    two, three = "eu-west-1,ap-southeast-2", "eu-west-1,ap-southeast-2,us-east-1"
    template.write_text(template.read_text().replace(f"Default: {two}", f"Default: {three}"))
    stale = f"✖ {SAMCONFIG} is out of date with the defaults in {TEMPLATE}: run antipode schema"
    assert run(project, capsys, check=True) == (1, [stale])
    assert run(project, capsys) == (0, [f"{SAMCONFIG} is written"])
    assert (project / SAMCONFIG).read_text().count(f'\nRegions = "{three}"\n') == 2


def test_a_region_that_would_be_deployed_with_other_values_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / SAMCONFIG).write_text(
        "[sydney.deploy.parameters]\n"
        'region = "ap-southeast-2"\n'
        'stack_name = "antipode"\n'
        "[sydney.deploy.parameters.parameter_overrides]\n"
        'AuthMode = "AWS_IAM"\n'
        "Lanes = 8\n"
    )
    for check in (True, False):
        code, [missing, other] = run(project, capsys, check=check)
        assert (code, missing[:63]) == (
            1,
            "✖ samconfig.toml: [sydney.deploy] does not name HomeRegion, Reg",
        )
        assert other == (
            "samconfig.toml: [sydney.deploy] sets AuthMode to 'AWS_IAM', which is 'API_KEY' in "
            "every Region: change the default in template.yaml"
        )


STAGING = """
[staging-ireland.global.parameters]
stack_name = "{stack}"
region = "eu-west-1"
[staging-ireland.deploy.parameters.parameter_overrides]
# the same in every Region, by antipode schema: begin
# the same in every Region, by antipode schema: end
# of the stage staging, by antipode schema: begin
# of the stage staging, by antipode schema: end
"""


@pytest.mark.parametrize(
    ("stack", "code", "told"),
    [
        ("staging-antipode", 0, "samconfig.toml is written"),
        ("antipode-staging", 1, "✖ samconfig.toml: the stack antipode may use what is named "),
    ],
)
def test_a_stage_is_written_unless_its_names_could_meet_anothers(
    project: Path, capsys: pytest.CaptureFixture[str], stack: str, code: int, told: str
) -> None:
    (project / "stages.toml").write_text("[staging]\nLogRetentionDays = 14\n")
    with (project / SAMCONFIG).open("a") as samconfig:
        samconfig.write(STAGING.format(stack=stack))
    ended, [line] = run(project, capsys)
    assert (ended, line[: len(told)]) == (code, told)
    assert ('LogRetentionDays = "14"' in (project / SAMCONFIG).read_text()) is (code == 0)


def test_a_samconfig_that_cannot_be_read_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / SAMCONFIG).write_text("[sydney")
    code, [problem] = run(project, capsys)
    assert (code, problem[:34]) == (1, "✖ samconfig.toml cannot be read: E")


@pytest.mark.parametrize("missing", [SCHEMA, OPERATIONS, DOCUMENTS, FIELDS, CLAIMS])
def test_a_generated_file_that_is_not_there_is_written_anew(
    project: Path, capsys: pytest.CaptureFixture[str], missing: str
) -> None:
    before = (project / missing).read_text()
    (project / missing).unlink()
    told = f"✖ {missing} is missing; it is made from {MODELS}: run antipode schema"
    code, lines = run(project, capsys, check=True)
    assert (code, lines[0]) == (1, told)
    assert run(project, capsys) == (0, [f"{missing} is written"])
    assert (project / missing).read_text() == before


def test_a_project_of_models_and_a_template_alone_gets_all_else(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("src", SCHEMA, OPERATIONS):
        path = project / folder
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    written = [f"{name} is written" for name in (SCHEMA, OPERATIONS, DOCUMENTS, FIELDS, CLAIMS)]
    assert run(project, capsys) == (0, written)
    assert run(project, capsys, check=True) == (0, [UP_TO_DATE])


@pytest.mark.parametrize("missing", [MODELS, TEMPLATE, SAMCONFIG])
@pytest.mark.parametrize("check", [True, False])
def test_what_all_is_made_of_is_missed(
    project: Path, capsys: pytest.CaptureFixture[str], missing: str, check: bool
) -> None:
    (project / missing).unlink()
    told = f"✖ {project / missing} is missing: restore it from the last commit"
    assert run(project, capsys, check=check) == (1, [told])


def test_a_model_with_the_name_of_one_of_the_stacks_own_parts_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / MODELS).write_text("\ntype Http @model { id: ID! }\n")
    commit(project)
    assert run(project, capsys) == (
        1,
        [
            f"✖ {MODELS}:2: the model Http needs the logical id HttpMapping, which template.yaml "
            "has already: choose another name"
        ],
    )


@pytest.mark.parametrize("name", [MODELS, TEMPLATE])
def test_a_file_that_is_not_text_is_reported(
    project: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (project / name).write_bytes("type Café".encode("latin-1"))

    told = f"✖ {project / name} is not UTF-8 text: save it as UTF-8"
    assert run(project, capsys) == (1, [told])


def test_what_was_committed_and_was_no_text_is_nothing_to_compare_with(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = (project / MODELS).read_bytes()
    (project / MODELS).write_bytes("type Café".encode("latin-1"))
    commit(project)
    (project / MODELS).write_bytes(models)

    assert run(project, capsys) == (0, [UP_TO_DATE])


def test_a_helper_that_differs_from_the_shared_one_is_told_of(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy that somebody mended in one resolver would protect that one alone."""
    resolver = f"{RESOLVERS}/get.js"
    right = (project / resolver).read_text()
    (project / resolver).write_text(right.replace("util.unauthorized();", ""))

    for check in (True, False):
        code, [edited, line, _] = run(project, capsys, check=check)
        assert code == 1
        assert edited == f"✖ {resolver} was edited since antipode schema wrote it, and would lose:"
        assert line.startswith("  line ")
    assert schema(project, check=False, force=True) == 0
    assert (project / resolver).read_text() == right


def test_directives_of_old_are_rewritten_in_the_models_file_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / MODELS).write_text("type M @model @versioned {\n  id: ID! # its key\n}\n")
    assert modernise(project) == 0
    assert (project / MODELS).read_text() == "type M @model {\n  id: ID! # its key\n}\n"
    assert modernise(project) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"{MODELS} is written",
        f"{MODELS} is of today already",
    ]


def test_a_models_file_that_is_not_graphql_is_not_rewritten(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / MODELS).write_text("type M @model @versioned {")
    assert modernise(project) == 1
    assert capsys.readouterr().err.startswith(f"✖ {MODELS}:1: this is not GraphQL: ")
    assert (project / MODELS).read_text() == "type M @model @versioned {"
