"""Source text to all that is generated from it: pure, and the one entrance for tests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from graphql import GraphQLSchema, validate_schema

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema import authorizer, client_documents, publish
from antipode_tools.schema.adding import check_sets
from antipode_tools.schema.argument_rules import check_generated, check_inputs
from antipode_tools.schema.auth import claims
from antipode_tools.schema.auth.appsync import with_modes
from antipode_tools.schema.auth.checks import check_rules
from antipode_tools.schema.auth.field_rules import check_fields
from antipode_tools.schema.auth.fields import with_owners
from antipode_tools.schema.auth.mode_rules import check_modes
from antipode_tools.schema.auth.operation_rules import check_called, check_static, with_static
from antipode_tools.schema.blocks import Block
from antipode_tools.schema.built import SchemaError, built
from antipode_tools.schema.changes import check_changes
from antipode_tools.schema.definitions import Definitions, ObjectType
from antipode_tools.schema.diagnostics import Diagnostic, Refused, sort
from antipode_tools.schema.dialect import modern
from antipode_tools.schema.directive_rules import check_directives
from antipode_tools.schema.doubles import without_doubles
from antipode_tools.schema.index_rules import check_indexes
from antipode_tools.schema.key_rules import check_keys
from antipode_tools.schema.mappings import mappings
from antipode_tools.schema.model import Model
from antipode_tools.schema.models import models_of
from antipode_tools.schema.name_rules import check_names, check_operations, check_twice
from antipode_tools.schema.operation_rules import check_served, unannounced, unserved, unserving
from antipode_tools.schema.reading import read
from antipode_tools.schema.reference_rules import check_depths, check_held, check_references
from antipode_tools.schema.relation_rules import check_relations
from antipode_tools.schema.relations import with_relations
from antipode_tools.schema.resolved import Resolved, resolved_of, with_resolved
from antipode_tools.schema.right import once, right
from antipode_tools.schema.sdl import blocks, render
from antipode_tools.schema.subscription_rules import check_subscriptions
from antipode_tools.schema.sync_rules import check_sync
from antipode_tools.schema.table_rules import check_tables
from antipode_tools.schema.values import check_values

# https://docs.aws.amazon.com/general/latest/gr/appsync.html
MAX_SCHEMA_BYTES = 1_000_000
# Of a stack's 500 resources a table, its stream's mapping and its data source are three.
MAX_MODELS = 500 // 3


@dataclass(frozen=True)
class Compiled:
    """The models, and the texts that follow from them: `documents` are the relay's, `operations`
    the clients'. `warnings` are no reason to stop. `definitions` are the file's, with all that it
    leaves to the compiler. `resolved` are the fields that the user's code serves; `unserved` says
    of which nothing does, and what code serves no field."""

    definitions: Definitions
    models: tuple[Model, ...]
    schema: str
    documents: str
    operations: str
    fields: str
    claims: str
    mappings: str
    warnings: tuple[Diagnostic, ...]
    resolved: tuple[Resolved, ...] = ()
    unserved: tuple[Diagnostic, ...] = ()


def compile_models(
    text: str,
    earlier: str | None = None,
    modes: Sequence[AuthMode] = (AuthMode.API_KEY,),
    files: Collection[str] = (),
) -> Compiled:
    """What a models' file asks for, with clients who sign in by these modes.

    Args:
        earlier: the file as it was last committed, if it was.
        modes: of these the first is the API's default.
        files: the names of the user's resolvers.

    Raises:
        Refused: AWS would refuse what it asks for, or a key changed.
    """
    try:
        return _compiled(text, earlier, modes, files)
    except RecursionError as error:
        problem = "types, lists or values stand in one another deeper than can be read"
        raise Refused([Diagnostic(None, problem)]) from error


def _compiled(
    text: str, earlier: str | None, modes: Sequence[AuthMode], files: Collection[str]
) -> Compiled:
    definitions, diagnostics = _read(text, files)
    if lines := _lines(diagnostics):
        unheard = (each for each in check_modes(definitions, modes) if each.refused)
        raise Refused(sort([*diagnostics, *(each for each in unheard if each.line not in lines)]))
    models = models_of(definitions)
    resolved = resolved_of(definitions, files)
    ruled = sort([*check_modes(definitions, modes), *check_called(definitions, resolved, modes)])
    changes = sort(_changes(definitions, earlier, files))
    _stop((*diagnostics, *ruled, *changes))
    written, doubles = without_doubles(blocks(definitions, models, modes))
    _stop((*_taken(written), *sort(check_generated(definitions, written))))
    schema = render(written, modes)
    whole = _built(schema, definitions)
    return Compiled(
        definitions=definitions,
        models=models,
        schema=schema,
        documents=_documents(whole, definitions, models),
        operations=client_documents.render(whole),
        fields=_fields(whole, models, resolved),
        claims=claims.render(definitions, modes),
        mappings=mappings(models, resolved, modes),
        warnings=(*diagnostics, *ruled, *changes, *doubles, *unannounced(resolved)),
        resolved=resolved,
        unserved=(*unserved(resolved), *unserving(definitions, files)),
    )


def _read(text: str, files: Collection[str]) -> tuple[Definitions, tuple[Diagnostic, ...]]:
    """The definitions with all that they leave to the compiler, and what is wrong with them: as
    much as one run can tell."""
    _stop(tuple(_too_large(text)))
    source = read(text)
    _stop(tuple(_too_many(source)))
    definitions = with_owners(modern(with_modes(once(source))))
    found = [
        *definitions.told,
        *check_twice((*source.roots, *source.all)),
        *check_names(definitions),
        *check_directives(definitions),
        *check_rules(definitions),
        *check_tables(definitions),
    ]
    definitions = right(definitions)
    found += check_static(definitions)
    definitions = with_resolved(with_static(definitions), files)
    references = (*check_references(definitions), *check_inputs(definitions))
    # Where a line is wrong already, what else is said of it may only follow from that.
    found += [each for each in references if each.refused or each.line not in _lines(found)]
    if not definitions.models and not _lines(found):
        found.append(Diagnostic(None, "there is no model: give a type @model"))
    whole, problems = with_relations(definitions)
    found += [each for each in problems if each.line not in _lines(found)]
    later = (
        *check_operations(whole),
        *check_keys(whole),
        *check_fields(whole),
        *check_indexes(whole),
        *check_relations(whole),
        *check_values(whole),
        *check_sets(whole),
        *check_held(whole),
        *check_served(whole, files),
        *check_subscriptions(whole, files),
        *check_sync(whole),
    )
    found += [each for each in later if each.line not in _lines(found)]
    if not _lines(found):
        found += check_depths(whole)
    return whole, sort(found)


def _lines(diagnostics: Iterable[Diagnostic]) -> set[int | None]:
    """The lines that are refused."""
    return {each.line for each in diagnostics if each.refused}


def _too_large(text: str) -> Iterator[Diagnostic]:
    """What could only become a schema that AppSync does not take, and would take long to read."""
    if (size := len(text.encode())) > MAX_SCHEMA_BYTES:
        yield Diagnostic(
            None, f"the file has {size} bytes, and AppSync takes a schema of {MAX_SCHEMA_BYTES}"
        )


def _too_many(definitions: Definitions) -> Iterator[Diagnostic]:
    """Models that fit no stack, whatever they are: told before all are made."""
    if (number := len(definitions.models)) > MAX_MODELS:
        yield Diagnostic(
            None, f"there are {number} models, and a stack takes no more than {MAX_MODELS}"
        )


def _changes(
    definitions: Definitions, earlier: str | None, files: Collection[str]
) -> Iterator[Diagnostic]:
    if earlier is None:
        return
    try:
        before, diagnostics = _read(earlier, files)
        _stop(diagnostics)
    except Refused:
        # What was never right was never deployed.
        return
    yield from check_changes(before, definitions)


def _taken(written: list[Block]) -> Iterator[Diagnostic]:
    """Two definitions of one name: a type of the file has the name of a generated one."""
    first: dict[str, Block] = {}
    for block in written:
        other = first.setdefault(block.name, block)
        if other is not block:
            origins = [each.origin for each in (other, block) if each.origin]
            own = next((each for each in origins if each.name == block.name), None)
            line = (own or origins[0]).line if origins else None
            yield Diagnostic(line, f"{block.name} is the name of a generated type: {_clash(block)}")


def _clash(block: Block) -> str:
    made_for = f", which {block.origin.name} needs" if block.origin else ""
    return f"it would be there twice{made_for}; rename one"


def _built(schema: str, definitions: Definitions) -> GraphQLSchema:
    """The schema, if graphql-core and AppSync's limit let it pass."""
    if (size := len(schema.encode())) > MAX_SCHEMA_BYTES:
        raise Refused(
            [
                Diagnostic(
                    None,
                    f"the schema has {size} bytes, and AppSync takes at most {MAX_SCHEMA_BYTES}",
                )
            ]
        )
    whole = built(schema)
    if errors := validate_schema(whole):
        raise Refused(_located(error.message, definitions) for error in errors)
    return whole


def _documents(schema: GraphQLSchema, definitions: Definitions, models: tuple[Model, ...]) -> str:
    """The relay's documents, if AppSync takes them."""
    owners = {model.name: model.deciding for model in models}
    hidden = {model.name: model.hidden for model in models}
    try:
        return publish.render(publish.documents_of(schema, owners, hidden))
    except SchemaError as error:
        raise Refused([_located(str(error), definitions)]) from error


def _fields(
    schema: GraphQLSchema, models: tuple[Model, ...], resolved: tuple[Resolved, ...]
) -> str:
    """The scope that the authorizer asks for at each field."""
    names = frozenset(model.name for model in models)
    own = {each.path: each.scope for each in resolved if each.is_operation}
    return authorizer.render(authorizer.fields_of(schema, names) | own)


def _located(message: str, definitions: Definitions) -> Diagnostic:
    """A refusal of the generated schema, at the last type of the file that it speaks of."""
    named = (definitions.by_name.get(name) for name in _TYPE.findall(message))
    lines = [each.line for each in named if isinstance(each, ObjectType)]
    return Diagnostic(lines[-1] if lines else None, message)


# A word, and of the publish mutation of a model the model.
_TYPE = re.compile(r"\b(?:publish(?:Create|Update|Delete))?(\w+)")


def _stop(diagnostics: tuple[Diagnostic, ...]) -> None:
    if any(diagnostic.refused for diagnostic in diagnostics):
        raise Refused(diagnostics)
