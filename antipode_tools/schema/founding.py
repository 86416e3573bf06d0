"""`antipode init DIRECTORY`: a project of one's own, which takes this one for its template.

It is a clone, so that a release is a merge: what a user has changed stays, and the rest follows.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import typer

from antipode_tools.schema.command import MODELS, OWN, Faults
from antipode_tools.schema.starting import init

# Where releases come from, in the new project.
UPSTREAM = "upstream"
BRANCH = "main"


def found(source: Path, directory: Path, *, faults: Faults = lambda _: ()) -> int:
    """Clones the project in `source` as it was last committed, and begins with a small model.

    Returns the exit code: 1 if there is something already, or nothing to clone.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        return _refused(f"{directory} is there already: name a folder that is empty, or none yet")
    if shutil.which("git") is None:
        return _refused("there is no git, by which the project is made: install it")
    if _git(source, "rev-parse", "--show-prefix") != "":
        return _refused(
            f"{source} is no clone made by git, so nothing could follow its releases: clone the"
            " repository, and run this in the clone"
        )
    if source.resolve() in directory.resolve().parents:
        return _refused(f"{directory} is inside this project: name a folder beside it")
    url = _git(source, "remote", "get-url", "origin") or str(source)
    there = str(directory.absolute())
    done = _run(source, "clone", "--quiet", "--origin", UPSTREAM, str(source), there)
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["git does not say why"])[-1]
        return _refused(f"{source} cannot be cloned into {directory}: {why}")
    _git(directory, "remote", "set-url", UPSTREAM, url)
    # At a release there is no branch; and one that follows another is pushed to where releases
    # come from.
    branch = _git(directory, "branch", "--show-current")
    _git(directory, "checkout", "--quiet", "-B", BRANCH)
    _git(directory, "branch", "--quiet", "--unset-upstream")
    if branch not in ("", BRANCH):
        _git(directory, "branch", "--quiet", "--delete", "--force", str(branch))
    if _git(source, "status", "--porcelain"):
        typer.echo("what is not committed here is not in it", err=True)
    for own in [directory / MODELS, *(directory / OWN).glob("*.js")]:
        own.unlink(missing_ok=True)
    code = init(directory, faults=faults, deployed=False)
    if code == 0:
        typer.echo(
            f"that is in {directory}: commit it there. Releases come from {url}:"
            " docs/upgrading.md says how to take one",
            err=True,
        )
    return code


def _refused(why: str) -> int:
    typer.echo(f"✖ {why}", err=True)
    return 1


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None where it fails."""
    done = _run(folder, *arguments)
    return done.stdout.strip() if done.returncode == 0 else None


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
