"""Subscriptions of the user's own: what they hang on, and where they are heard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from antipode_tools.schema.auth.fields import deciding
from antipode_tools.schema.definitions import Definitions, Field, FieldsType, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic
from antipode_tools.schema.directives import is_stored, listened
from antipode_tools.schema.models import is_comparable
from antipode_tools.schema.operation_names import mutations_of
from antipode_tools.schema.operations import MAX_ARGUMENTS
from antipode_tools.schema.resolved import FOLDER, parsed
from antipode_tools.schema.times import stamps_of


def check_subscriptions(definitions: Definitions, files: Iterable[str]) -> Iterator[Diagnostic]:
    """What is wrong with the fields of Subscription, and which are of one Region."""
    root = definitions.root("Subscription")
    served = {found[0] for file in files if (found := parsed(file))}
    for field in root.fields if root else ():
        own_code = f"Subscription.{field.name}" in served
        yield from _check(definitions, field, own_code=own_code)


def _check(definitions: Definitions, field: Field, *, own_code: bool) -> Iterator[Diagnostic]:
    path, line, names = f"Subscription.{field.name}", field.line, listened(field)
    mutation = definitions.root("Mutation")
    own = [each for name in names if mutation and (each := mutation.field(name))]
    written = [type_ for type_ in definitions.models if set(names) & mutations_of(type_).keys()]
    known = {*(each.name for each in own), *(n for type_ in written for n in mutations_of(type_))}
    if not names:
        yield Diagnostic(
            line,
            f'{path} hears of nothing: say of which mutations, @aws_subscribe(mutations: ["..."])',
        )
    for name in names:
        if name not in known:
            yield Diagnostic(line, f"{path} hangs on {name}, which is no mutation of this API")
    if (own and written) or len(written) > 1:
        yield Diagnostic(
            line,
            f"{path} hangs on mutations of {' and '.join(_sides(own, written))}: what a model's "
            "write is announced by is another's. Make a subscription of each",
        )
        return
    for other in own:
        if other.output_type != field.output_type:
            yield Diagnostic(
                line,
                f"{path} is {field.output_type}, and Mutation.{other.name} is {other.output_type}: "
                "AppSync hands on what the mutation answers, so they must be one type",
            )
    if written:
        yield from _check_announced(path, field, written[0], own_code=own_code)
    elif own:
        yield _local(definitions, path, field, own)
    if not own_code:
        yield from _check_arguments(definitions, path, field)
        yield from _check_owned(definitions, path, field, written)


def _sides(own: Iterable[Field], written: Iterable[ObjectType]) -> list[str]:
    return [*(type_.name for type_ in written), *(["your own"] if list(own) else [])]


def _check_announced(
    path: str, field: Field, model: ObjectType, *, own_code: bool
) -> Iterator[Diagnostic]:
    """What hangs on a model's mutation hears what the relay announces, in every Region."""
    if field.type.removesuffix("!") != model.name:
        yield Diagnostic(
            field.line,
            f"{path} is {field.type}, and hears of {model.name}: make it {model.name}",
        )
    if own_code:
        yield Diagnostic(
            field.line,
            f"{path} hangs on a mutation of {model.name}, and is served as the model's other "
            f"subscriptions are: remove {FOLDER}/{path}.js",
        )


def _local(definitions: Definitions, path: str, field: Field, own: list[Field]) -> Diagnostic:
    """A mutation of the user's own is not announced by the relay."""
    found = definitions.by_name.get(field.named)
    names = ", ".join(each.name for each in own)
    instead = (
        f"subscribe to {found.name}'s own changes, which the relay announces everywhere"
        if isinstance(found, ObjectType) and found.is_model
        else "write an item of a model, which the relay announces everywhere (docs/models.md)"
    )
    return Diagnostic(
        field.line,
        f"{path} hears of {names} in the Region that is asked for it and in no other: to be heard "
        f"in every Region, {instead}",
        refused=False,
    )


def _check_arguments(definitions: Definitions, path: str, field: Field) -> Iterator[Diagnostic]:
    """The arguments are what announced values must equal."""
    output = definitions.by_name.get(field.named)
    for argument in field.arguments:
        its = _field(output, argument.name) if isinstance(output, FieldsType) else None
        if argument.name == "filter":
            continue
        if its is None or its.is_list or not is_comparable(its, definitions):
            yield Diagnostic(
                argument.line,
                f"{path} takes {argument.name}, which is no single value of {field.named}: what is "
                f"announced is chosen by its fields. Rename it, or write {FOLDER}/{path}.js, which "
                "sets the filter",
            )
    if (number := len(field.arguments)) > MAX_ARGUMENTS:
        yield Diagnostic(
            field.line,
            f"{path} takes {number} arguments, and AppSync filters by {MAX_ARGUMENTS} fields",
        )


def _field(type_: FieldsType, name: str) -> Field | None:
    stamps = stamps_of(type_) if isinstance(type_, ObjectType) and type_.is_model else ()
    found = type_.field(name) or next((each for each in stamps if each.name == name), None)
    return found if found and is_stored(found) else None


def _check_owned(
    definitions: Definitions, path: str, field: Field, written: list[ObjectType]
) -> Iterator[Diagnostic]:
    found = definitions.by_name.get(field.named)
    if isinstance(found, ObjectType) and deciding(found) and not written:
        yield Diagnostic(
            field.line,
            f"{path} would tell everybody of {found.name}, whose items are not for all: write "
            f"{FOLDER}/{path}.js, which sets the filter",
        )
