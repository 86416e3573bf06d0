"""`antipode schema`: reads the models' file, and writes or checks what is generated from it."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import typer

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.regions import ConfigError, regions_of
from antipode_tools.project.stages import meeting, read_stages
from antipode_tools.project.tables import clashing, shared
from antipode_tools.schema import edits, limits, marks, operation_resources, resolvers, template
from antipode_tools.schema.client_rules import check_client
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.data_client import Json
from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.introspection import introspection
from antipode_tools.schema.marks import TemplateError
from antipode_tools.schema.model import Model
from antipode_tools.schema.modernise import modernised
from antipode_tools.schema.modes import named
from antipode_tools.schema.operation_rules import check_functions
from antipode_tools.schema.resolved import FOLDER
from antipode_tools.schema.samconfig import (
    SHARED,
    table_parameters,
    unlike,
    unlike_stages,
    with_shared,
    with_stages,
)
from antipode_tools.schema.table_names import defaults

MODELS = "graphql/models.graphql"
SCHEMA = "graphql/schema.graphql"
DOCUMENTS = "src/relay/publish.json"
OPERATIONS = "graphql/operations.graphql"
FIELDS = "src/authorizer/fields.json"
CLAIMS = "src/authorizer/claims.json"
RESOLVERS = "graphql/resolvers"
OWN = FOLDER
TEMPLATE = "template.yaml"
SAMCONFIG = "samconfig.toml"


class UnreadableError(Exception):
    """A file that everything is generated from, or into, is missing or is not text."""


# What the service would not deploy of a resolver's text: the line and the reason.
Faults = Callable[[str], Iterable[tuple[int, str]]]


def modernise(root: Path) -> int:
    """Rewrites the models' file of the project in `root` in the directives of today.

    Returns the exit code: 1 if it cannot be read.
    """
    try:
        source = _source(root / MODELS)
        written = modernised(source)
    except Refused as refused:
        _tell(refused.diagnostics)
        return 1
    except UnreadableError as error:
        _error(str(error))
        return 1
    if written == source:
        typer.echo(f"{MODELS} is of today already", err=True)
    else:
        _write(root, [MODELS], {MODELS: written})
    return 0


def schema(
    root: Path,
    *,
    check: bool,
    auth: Sequence[AuthMode] = (),
    force: bool = False,
    faults: Faults = lambda _: (),
    deployed: bool = True,
) -> int:
    """Writes the generated files of the project in `root`; with `check`, only compares them.

    Args:
        auth: how clients sign in from now on, the default first; by default as the template says.
        force: write over what was edited by hand in generated files.
        faults: looks at the resolvers of the user's own.
        deployed: what was committed last may be, so that it is told what becomes of it.

    Returns the exit code: 1 if nothing could be generated, or if `check` found a stale file or an
    operation without a resolver.
    """
    try:
        before = _committed(root, MODELS) if deployed else None
        wanted, unserved = _generate(root, before, auth, faults)
    except Refused as refused:
        _tell(refused.diagnostics)
        return 1
    except (TemplateError, UnreadableError, resolvers.NameTakenError) as error:
        _error(str(error))
        return 1
    there = {name: _read(root / name) for name in wanted}
    stale = [name for name, text in wanted.items() if there[name] != text]
    edited = edits.edited(there[edits.DIGESTS], {name: there[name] for name in stale})
    for diagnostic in unserved:
        _tell((replace(diagnostic, refused=check),))
    if edited and not force:
        _tell_edits(root, {name: wanted[name] for name in edited})
        return 1
    if not stale:
        typer.echo(f"all {len(wanted)} generated files are up to date", err=True)
    elif check:
        _complain(root, stale, wanted)
    else:
        _write(root, stale, wanted)
    return int(check and bool(stale or unserved))


def introspected(root: Path) -> Json | None:
    """What Amplify's data client has to know of the project in `root`. Warnings are told on the
    way; None where nothing can be known, which is told too."""
    try:
        modes = template.modes(_source(root / TEMPLATE))
        files = [path.name for path in _own(root)]
        compiled = compile_models(_source(root / MODELS), modes=modes, files=files)
    except Refused as refused:
        _tell(refused.diagnostics)
        return None
    except (TemplateError, UnreadableError) as error:
        _error(str(error))
        return None
    _tell(check_client(compiled.definitions, compiled.models))
    return introspection(compiled.definitions, compiled.models)


def _generate(
    root: Path, before: str | None, auth: Sequence[AuthMode], faults: Faults
) -> tuple[dict[str, str], tuple[Diagnostic, ...]]:
    """Each generated file's text, and which operations have no resolver. Warnings are told on the
    way."""
    source = _source(root / TEMPLATE)
    modes = auth or template.modes(source)
    written = template.with_modes(source, modes)
    own = _own(root)
    files = [path.name for path in own]
    compiled = compile_models(_source(root / MODELS), before, modes, files)
    values = template.defaults(written, SHARED)
    samconfig, notes = _samconfig(root / SAMCONFIG, values, compiled.models)
    wanted = {
        SCHEMA: compiled.schema,
        OPERATIONS: compiled.operations,
        DOCUMENTS: compiled.documents,
        FIELDS: compiled.fields,
        CLAIMS: compiled.claims,
        TEMPLATE: template.with_models(written, compiled),
        SAMCONFIG: samconfig,
        **_resolvers(root, own),
    }
    wanted[edits.DIGESTS] = edits.digests(wanted)
    _check_code({f"{OWN}/{name}": wanted[f"{OWN}/{name}"] for name in files}, faults)
    check_functions(compiled.resolved, template.parsed(written)["Resources"])
    served = len(operation_resources.resources(compiled.resolved))
    limits.check_capacity(limits.fixed(written), compiled.models, served)
    limits.check_ids(compiled.models, written)
    limits.check_unique(wanted[TEMPLATE])
    limits.check_depth(compiled.documents, limits.depth_limit(written))
    _tell((*compiled.warnings, *notes))
    return wanted, compiled.unserved


def _check_code(resolvers: Mapping[str, str], faults: Faults) -> None:
    """Raises UnreadableError for resolvers that AppSync would refuse."""
    found = [
        f"{name}:{line}: AppSync would refuse this: {reason}"
        for name, text in resolvers.items()
        for line, reason in faults(text)
    ]
    if found:
        raise UnreadableError("\n✖ ".join(found))


def _samconfig(
    path: Path, values: Mapping[str, str], models: Sequence[Model]
) -> tuple[str, list[Diagnostic]]:
    """samconfig.toml with the values that are the same in every Region, and in each stage, and
    what to know of the tables.

    Raises:
        TemplateError: an environment would be deployed with others, or as another stage's.
    """
    text, ids = _source(path), [model.id for model in models]
    try:
        stages = read_stages(path.parent)
        own = table_parameters(regions_of(text), stages, defaults(models))
        text = with_stages(with_shared(text, values, own), stages)
        regions = regions_of(text)
        problems = [
            *unlike(regions, values, own),
            *unlike_stages(regions, stages),
            *meeting(regions.values(), stages),
            *clashing(regions.values(), ids),
        ]
    except (ConfigError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{SAMCONFIG} cannot be read: {error}") from error
    if problems:
        raise TemplateError("\n".join(f"{SAMCONFIG}: {problem}" for problem in problems))
    return text, [Diagnostic(None, each, refused=False) for each in shared(regions.values(), ids)]


def _own(root: Path) -> list[Path]:
    """The user's own resolvers."""
    return sorted((root / OWN).glob("*.js"))


def _resolvers(root: Path, own: Iterable[Path]) -> dict[str, str]:
    """Each resolver with the helpers that it calls."""
    folder = root / RESOLVERS
    shared = _source(folder / resolvers.SHARED)
    ours = (path for path in sorted(folder.glob("*.js")) if path.name != resolvers.SHARED)
    texts = {path.relative_to(root).as_posix(): _source(path) for path in (*ours, *own)}
    return resolvers.with_helpers(texts, shared)


def _committed(root: Path, name: str) -> str | None:
    """A file of the last commit, None where there is no git or no such text in it."""
    try:
        shown = subprocess.run(
            ["git", "show", f"HEAD:./{name}"], cwd=root, capture_output=True, encoding="utf-8"
        )
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return shown.stdout if shown.returncode == 0 else None


def _complain(root: Path, stale: list[str], wanted: dict[str, str]) -> None:
    for name in _told(stale):
        problem = "is out of date with" if (root / name).exists() else "is missing; it is made from"
        _error(f"{name} {problem} {_cause(name)}: run antipode schema")
    modes = template.modes(wanted[TEMPLATE])
    if f" {named(modes)}:" not in (_read(root / SCHEMA) or "").partition("\n")[0]:
        told = "the AuthMode" if len(modes) == 1 else "the AuthMode and AdditionalAuthModes"
        _error(f"{SCHEMA} is made for another mode than {', '.join(modes)}, {told} of {TEMPLATE}")
    there, right = (template.listed(text) for text in (_source(root / TEMPLATE), wanted[TEMPLATE]))
    for model in sorted(right - there):
        _error(f"{TEMPLATE} lacks the model {model} of {MODELS}")
    for model in sorted(there - right):
        _error(f"{TEMPLATE} has the model {model}, which is not in {MODELS}")


def _tell_edits(root: Path, wanted: Mapping[str, str]) -> None:
    """Generated files that were edited, and what they would lose: what is not in the text that was
    written last, where that is committed, or in the one that would be."""
    recorded = _read(root / edits.DIGESTS)
    for name, text in wanted.items():
        before = _committed(root, name)
        # What is between no marks stays, and is in the new text.
        if before is None or marks.parts(text) or edits.edited(recorded, {name: before}):
            before = text
        lines = "\n".join(edits.lost(_source(root / name), before))
        _error(f"{name} was edited since antipode schema wrote it, and would lose:\n{lines}")
    typer.echo(
        f"Types and operations belong into {MODELS}, resolvers into {OWN}, and what they share "
        f"into {RESOLVERS}/{resolvers.SHARED}. Move there what you want to keep; then antipode "
        "schema --force writes the files anew.",
        err=True,
    )


def _cause(name: str) -> str:
    if name.startswith((f"{RESOLVERS}/", f"{OWN}/")):
        return f"{RESOLVERS}/{resolvers.SHARED}"
    return f"the defaults in {TEMPLATE}" if name == SAMCONFIG else MODELS


def _write(root: Path, stale: list[str], wanted: dict[str, str]) -> None:
    for name in stale:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(wanted[name], encoding="utf-8")
    for name in _told(stale):
        typer.echo(f"{name} is written", err=True)


def _told(stale: list[str]) -> list[str]:
    """What there is to say of: the digests go with the others."""
    return [name for name in stale if name != edits.DIGESTS] or stale


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
