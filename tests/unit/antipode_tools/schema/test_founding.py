"""`antipode init DIRECTORY`, and the recipe by which such a project takes a release."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from antipode_tools.schema.command import MODELS, TEMPLATE, schema
from antipode_tools.schema.founding import found
from antipode_tools.schema.template import listed

ROOT = Path(__file__).parents[4]
PAGE = (ROOT / "docs" / "upgrading.md").read_text()
OWN = "type Card @model { id: ID! text: String }\n"


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """Where releases come from: this repository as it was last committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("this copy of the repository has no history")
    git(tmp_path, "clone", "--quiet", str(ROOT), "releases")
    return tmp_path / "releases"


@pytest.fixture
def clone(tmp_path: Path, releases: Path) -> Path:
    """A user's clone of it."""
    git(tmp_path, "clone", "--quiet", str(releases), "clone")
    return tmp_path / "clone"


def release(folder: Path, tag: str) -> None:
    """Another version, whose template and own model have changed, and what is made of them."""
    template = folder / TEMPLATE
    text = template.read_text()
    assert "Memory of the relay in MB." in text
    template.write_text(text.replace("Memory of the relay in MB.", "Its memory in MB."))
    shared = folder / "graphql" / "resolvers" / "shared.js"
    shared.write_text(f"// Another.\n{shared.read_text()}")
    models = folder / MODELS
    models.write_text(models.read_text().replace("  item: String", "  item: String\n  more: Int"))
    assert schema(folder, check=False) == 0
    git(folder, "commit", "--quiet", "--all", "--message", "Another")
    git(folder, "tag", tag)


def test_a_project_of_ones_own_takes_a_release_by_the_pages_recipe(
    tmp_path: Path, releases: Path, clone: Path
) -> None:
    # As at a tag.
    git(clone, "checkout", "--quiet", "--detach")
    own = tmp_path / "shop"
    assert found(clone, own) == 0
    assert git(own, "remote", "get-url", "upstream") == str(releases)
    assert git(own, "branch", "--format", "%(refname:short) %(upstream)") == "main"
    assert listed((own / TEMPLATE).read_text()) == {"Todo"}
    (own / MODELS).write_text(OWN)
    for starter in (own / "graphql" / "operations").glob("*.js"):
        starter.unlink()
    assert schema(own, check=False) == 0
    git(own, "add", "--all")
    git(own, "commit", "--quiet", "--message", "Begin")

    release(releases, "v0.2.0")
    for fetch, merge in re.findall(r"`git (fetch [^`]+)`, then `git (merge [^`]+)`", PAGE):
        git(own, *fetch.split())
        git(own, *merge.split())
    [force] = set(re.findall(r"`antipode schema (--force)`", PAGE))
    assert schema(own, check=False, force=force == "--force") == 0

    assert git(own, "describe", "--tags", "HEAD^2") == "v0.2.0"
    assert (own / MODELS).read_text() == OWN
    assert listed((own / TEMPLATE).read_text()) == {"Card"}
    assert "Its memory in MB." in (own / TEMPLATE).read_text()
    assert (own / "graphql/resolvers/shared.js").read_text().startswith("// Another.")
    assert schema(own, check=True) == 0


def test_nothing_is_written_where_something_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "mine").write_text("mine")
    for there in (tmp_path / "shop", tmp_path / "shop" / "mine"):
        assert found(ROOT, there) == 1
        assert capsys.readouterr().err == (
            f"✖ {there} is there already: name a folder that is empty, or none yet\n"
        )
    assert (tmp_path / "shop" / "mine").read_text() == "mine"


def test_a_project_is_not_made_inside_another(
    tmp_path: Path, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for inside in (clone / "shop", tmp_path / "clone" / ".." / "clone" / "deeper" / "shop"):
        assert found(clone, inside) == 1
        assert capsys.readouterr().err == (
            f"✖ {inside} is inside this project: name a folder beside it\n"
        )
    assert not (clone / "shop").exists()


def test_why_nothing_can_be_made_is_what_git_says(
    tmp_path: Path, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert found(clone, tmp_path / "file" / "shop") == 1
    [told] = capsys.readouterr().err.splitlines()
    assert told.startswith(f"✖ {clone} cannot be cloned into {tmp_path / 'file' / 'shop'}: fatal: ")


@pytest.mark.parametrize("models", [True, False])
def test_a_project_with_operations_of_its_own_gives_another_none_of_them(
    tmp_path: Path, clone: Path, models: bool
) -> None:
    operations = clone / "graphql" / "operations"
    operations.mkdir(exist_ok=True)
    (operations / "Query.mine.js").write_text("// Mine.\n")
    if not models:
        (clone / MODELS).unlink()
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "--message", "Mine")
    assert found(clone, tmp_path / "shop") == 0
    there = (tmp_path / "shop" / "graphql" / "operations").iterdir()
    assert [each.name for each in there] == ["Mutation.finishTodo.js"]
    assert schema(tmp_path / "shop", check=True) == 0


def test_a_copy_without_history_is_no_template(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert found(tmp_path, tmp_path / "shop") == 1
    assert capsys.readouterr().err == (
        f"✖ {tmp_path} is no clone made by git, so nothing could follow its releases: clone the"
        " repository, and run this in the clone\n"
    )
    assert not (tmp_path / "shop").exists()


def test_what_is_not_committed_is_said_to_be_left_out(
    tmp_path: Path, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (clone / "stages.toml").write_text("")
    assert found(clone, tmp_path / "shop") == 0
    said = capsys.readouterr().err.splitlines()
    assert "what is not committed here is not in it" in said
    assert not [line for line in said if "is gone" in line], "nothing of it was ever deployed"
    assert said[-1].startswith(f"that is in {tmp_path / 'shop'}: commit it there.")
    assert (tmp_path / "shop" / "stages.toml").read_text() != ""
    branches = git(tmp_path / "shop", "branch", "--format", "%(refname:short) %(upstream)")
    assert branches == "main"
