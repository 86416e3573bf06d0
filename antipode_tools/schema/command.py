"""`antipode schema`: reads the models' file, and writes or checks what is generated from it."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import typer

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.regions import ConfigError, regions_of
from antipode_tools.project.stages import meeting, read_stages
from antipode_tools.schema import limits, resolvers, template
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.marks import TemplateError
from antipode_tools.schema.samconfig import (
    SHARED,
    unlike,
    unlike_stages,
    with_shared,
    with_stages,
)

MODELS = "graphql/models.graphql"
SCHEMA = "graphql/schema.graphql"
DOCUMENTS = "src/relay/publish.json"
OPERATIONS = "graphql/operations.graphql"
FIELDS = "src/authorizer/fields.json"
RESOLVERS = "graphql/resolvers"
TEMPLATE = "template.yaml"
SAMCONFIG = "samconfig.toml"


class UnreadableError(Exception):
    """A file that everything is generated from, or into, is missing or is not text."""


def schema(root: Path, *, check: bool, auth: AuthMode | None = None) -> int:
    """Writes the generated files of the project in `root`; with `check`, only compares them.

    Args:
        auth: how clients sign in from now on; by default as the template says.

    Returns the exit code: 1 if nothing could be generated, or if `check` found a stale file.
    """
    try:
        wanted = _generate(root, auth)
    except Refused as refused:
        _tell(refused.diagnostics)
        return 1
    except (TemplateError, UnreadableError) as error:
        _error(str(error))
        return 1
    stale = [name for name, text in wanted.items() if _read(root / name) != text]
    if not stale:
        typer.echo(f"all {len(wanted)} generated files are up to date", err=True)
    elif check:
        _complain(root, stale, wanted)
    else:
        _write(root, stale, wanted)
    return int(check and bool(stale))


def _generate(root: Path, auth: AuthMode | None) -> dict[str, str]:
    """Each generated file's text. Warnings are told on the way."""
    source = _source(root / TEMPLATE)
    mode = auth or template.mode(source)
    written = template.with_mode(source, mode)
    samconfig = _samconfig(root / SAMCONFIG, template.defaults(written, SHARED))
    compiled = compile_models(_source(root / MODELS), _committed(root), mode)
    wanted = {
        SCHEMA: compiled.schema,
        OPERATIONS: compiled.operations,
        DOCUMENTS: compiled.documents,
        FIELDS: compiled.fields,
        TEMPLATE: template.with_models(written, compiled),
        SAMCONFIG: samconfig,
        **_resolvers(root),
    }
    limits.check_capacity(limits.fixed(written), compiled.models)
    limits.check_ids(compiled.models, written)
    limits.check_depth(compiled.documents, limits.depth_limit(written))
    _tell(compiled.warnings)
    return wanted


def _samconfig(path: Path, values: Mapping[str, str]) -> str:
    """samconfig.toml with the values that are the same in every Region, and in each stage.

    Raises:
        TemplateError: an environment would be deployed with others, or as another stage's.
    """
    text = with_shared(_source(path), values)
    try:
        stages = read_stages(path.parent)
        text = with_stages(text, stages)
        regions = regions_of(text)
        problems = [
            *unlike(regions, values),
            *unlike_stages(regions, stages),
            *meeting(regions.values(), stages),
        ]
    except (ConfigError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{SAMCONFIG} cannot be read: {error}") from error
    if problems:
        raise TemplateError("\n".join(f"{SAMCONFIG}: {problem}" for problem in problems))
    return text


def _resolvers(root: Path) -> dict[str, str]:
    """Each resolver with the helpers that it calls."""
    folder = root / RESOLVERS
    shared = _source(folder / resolvers.SHARED)
    texts = {
        f"{RESOLVERS}/{path.name}": _source(path)
        for path in sorted(folder.glob("*.js"))
        if path.name != resolvers.SHARED
    }
    return resolvers.with_helpers(texts, shared)


def _committed(root: Path) -> str | None:
    """The models' file of the last commit, None where there is no git or no such text in it."""
    try:
        shown = subprocess.run(
            ["git", "show", f"HEAD:./{MODELS}"], cwd=root, capture_output=True, encoding="utf-8"
        )
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return shown.stdout if shown.returncode == 0 else None


def _complain(root: Path, stale: list[str], wanted: dict[str, str]) -> None:
    for name in stale:
        problem = "is out of date with" if (root / name).exists() else "is missing; it is made from"
        _error(f"{name} {problem} {_cause(name)}: run antipode schema")
    mode = template.mode(wanted[TEMPLATE])
    if f" for the mode {mode}:" not in (_read(root / SCHEMA) or "").partition("\n")[0]:
        _error(f"{SCHEMA} is made for another mode than {mode}, the AuthMode of {TEMPLATE}")
    there, right = (template.listed(text) for text in (_source(root / TEMPLATE), wanted[TEMPLATE]))
    for model in sorted(right - there):
        _error(f"{TEMPLATE} lacks the model {model} of {MODELS}")
    for model in sorted(there - right):
        _error(f"{TEMPLATE} has the model {model}, which is not in {MODELS}")


def _cause(name: str) -> str:
    if name.startswith(RESOLVERS):
        return f"{RESOLVERS}/{resolvers.SHARED}"
    return f"the defaults in {TEMPLATE}" if name == SAMCONFIG else MODELS


def _write(root: Path, stale: list[str], wanted: dict[str, str]) -> None:
    for name in stale:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(wanted[name], encoding="utf-8")
        typer.echo(f"{name} is written", err=True)


def _source(path: Path) -> str:
    if (text := _read(path)) is None:
        raise UnreadableError(f"{path} is missing: restore it from the last commit")
    return text


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8") if path.exists() else None
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{path} is not UTF-8 text: save it as UTF-8") from error


def _tell(diagnostics: tuple[Diagnostic, ...]) -> None:
    for diagnostic in diagnostics:
        if diagnostic.refused:
            _error(diagnostic.located(MODELS))
        else:
            typer.secho(f"! {diagnostic.located(MODELS)}", err=True, fg=typer.colors.YELLOW)


def _error(message: str) -> None:
    typer.secho(f"✖ {message}", err=True, fg=typer.colors.RED)
