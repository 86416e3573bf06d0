"""`antipode schema` in a project with operations of its own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from antipode_tools.project.config import project_root
from antipode_tools.schema.command import (
    CLAIMS,
    DOCUMENTS,
    FIELDS,
    MODELS,
    OPERATIONS,
    OWN,
    RESOLVERS,
    SAMCONFIG,
    SCHEMA,
    TEMPLATE,
    schema,
)
from antipode_tools.schema.edits import DIGESTS

CARD = "type Card @model { id: ID!, title: String }\ntype Query { now: String }\n"
NOW = f"{OWN}/Query.now.js"
CODE = "export function request() { return {}; }\nexport function response() { return null; }\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one model and one operation, of which nothing is generated yet."""
    resolvers = [f"{RESOLVERS}/{each.name}" for each in (project_root() / RESOLVERS).iterdir()]
    for name in (
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
    (tmp_path / MODELS).write_text(CARD)
    (tmp_path / OWN).mkdir()
    (tmp_path / NOW).write_text(CODE)
    return tmp_path


def test_an_operation_and_its_resolver_are_deployed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schema(project, check=False) == 0
    assert schema(project, check=True) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "all 25 generated files are up to date"
    assert f"CodeS3Location: {NOW}\n" in (project / TEMPLATE).read_text()


def test_an_operation_without_a_resolver_is_a_warning_and_fails_a_check(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / NOW).rename(project / OWN / "Query.then.js")
    assert schema(project, check=False) == 0
    problems = [
        "Query.now has no resolver, and is null: write graphql/operations/Query.now.js, or name a "
        'function of template.yaml, @function(name: "...")',
        "graphql/operations/Query.then.js serves Query.then, which is no field of models.graphql: "
        "declare it there, or remove the file",
    ]
    told = capsys.readouterr().err.splitlines()
    assert told[:2] == [
        f"! {MODELS}:2: warning: {problems[0]}",
        f"! {MODELS}: warning: {problems[1]}",
    ]
    assert schema(project, check=True) == 1
    assert capsys.readouterr().err.splitlines()[:2] == [
        f"✖ {MODELS}:2: {problems[0]}",
        f"✖ {MODELS}: {problems[1]}",
    ]


def test_helpers_are_copied_into_the_users_resolvers(project: Path) -> None:
    marks = "// shared.js, by antipode schema: begin\n// shared.js, by antipode schema: end\n"
    (project / NOW).write_text(f"{CODE}// isNone(1)\n{marks}")
    assert schema(project, check=False) == 0
    assert "\nfunction isNone(value) {\n" in (project / NOW).read_text()


def test_what_appsync_would_refuse_is_refused_with_its_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def faults(code: str) -> list[tuple[int, str]]:
        assert code == CODE
        return [(2, "no"), (3, "never")]

    before = (project / TEMPLATE).read_text()
    assert schema(project, check=False, faults=faults) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"✖ {NOW}:2: AppSync would refuse this: no",
        f"✖ {NOW}:3: AppSync would refuse this: never",
    ]
    assert (project / TEMPLATE).read_text() == before


def test_a_function_that_the_template_has_not_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / MODELS).write_text(CARD.replace("String }\n", 'String @function(name: "A") }\n'))
    (project / NOW).unlink()
    assert schema(project, check=False) == 1
    assert "calls the function AFunction, which template.yaml has not" in capsys.readouterr().err


def test_an_edited_file_is_not_written_over_in_silence(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schema(project, check=False) == 0
    edited = (project / SCHEMA).read_text().replace("  now: String\n", "  then: Int\n")
    (project / SCHEMA).write_text(edited)
    before = (project / TEMPLATE).read_text()
    capsys.readouterr()
    for check in (True, False):
        assert schema(project, check=check) == 1
        told = capsys.readouterr().err
        line = edited.splitlines().index("  then: Int") + 1
        assert told == (
            f"✖ {SCHEMA} was edited since antipode schema wrote it, and would lose:\n"
            f"  line {line}: then: Int\n"
            f"Types and operations belong into {MODELS}, resolvers into {OWN}, and what they share "
            f"into {RESOLVERS}/shared.js. Move there what you want to keep; then antipode schema "
            "--force writes the files anew.\n"
        )
    assert (project / SCHEMA).read_text() == edited
    assert (project / TEMPLATE).read_text() == before
    assert schema(project, check=False, force=True) == 0
    assert "then: Int" not in (project / SCHEMA).read_text()
    assert schema(project, check=True) == 0


def test_what_was_edited_is_told_apart_from_what_the_models_change(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schema(project, check=False) == 0
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    for arguments in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "Models")):
        subprocess.run(["git", *arguments], cwd=project, check=True)
    text = (project / SCHEMA).read_text()
    (project / SCHEMA).write_text(f"{text}# mine\n")
    (project / MODELS).write_text(CARD.replace("title", "name"))
    capsys.readouterr()
    assert schema(project, check=False) == 1
    assert [line for line in capsys.readouterr().err.splitlines() if line.startswith("  ")] == [
        f"  line {len(text.splitlines()) + 1}: # mine"
    ]


def test_a_part_of_the_template_that_was_edited_is_not_either(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert schema(project, check=False) == 0
    template = (project / TEMPLATE).read_text()
    ours = template.replace("FieldName: now\n", "FieldName: then\n")
    (project / TEMPLATE).write_text(ours)
    assert schema(project, check=False) == 1
    assert f"✖ {TEMPLATE} was edited" in capsys.readouterr().err
    # What is between no marks is the user's.
    (project / TEMPLATE).write_text(template.replace("# A map, in", "# A chart, in"))
    assert schema(project, check=False) == 0
