"""What the resolvers know of the models: the API's environment variables MODELS_1, MODELS_2, ...

Each model is an entry, `Card,getCard,listCards,...={"key":["id"],...}`: its type, its operations,
and behind them as JSON what stands for itself below. All entries are one text, cut into as many
variables as it takes, since AppSync has fifty of 512 characters in an API.
https://docs.aws.amazon.com/appsync/latest/devguide/environment-variables.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.adding import sets_of, whole_numbers_of
from antipode_tools.schema.auth.facts import facts
from antipode_tools.schema.auth.operation_rules import touched
from antipode_tools.schema.auth.rules import rules_of
from antipode_tools.schema.diagnostics import Diagnostic, Refused
from antipode_tools.schema.model import Index, Keyed, Model, Relation
from antipode_tools.schema.models import DEFAULT_LIMIT, operations_of
from antipode_tools.schema.resolved import Resolved
from antipode_tools.schema.stamps import TIMESTAMPS, VERSION
from antipode_tools.schema.values import checks_of, defaults_of

# The others of the fifty are the template's.
VARIABLES = 40
# Less the semicolon that the template puts before each, since none may be empty.
MAX_CHARACTERS = 511

_SEPARATOR = ";"
# In the place of a model's name, which no model can have.
_NO_MODEL = "-"
_OPERATIONS = "!"


def variables(
    models: Iterable[Model],
    resolved: Iterable[Resolved] = (),
    modes: Sequence[AuthMode] = (AuthMode.API_KEY,),
) -> tuple[str, ...]:
    """The values of the variables; '' for one that is not needed.

    Raises:
        Refused: they do not fit.
    """
    models, resolved = tuple(models), tuple(resolved)
    entries = [
        *(entry(model, modes) for model in models),
        *_scopes(resolved),
        *_ruled(models, resolved, modes),
    ]
    text = _SEPARATOR.join(entries)
    if len(text) > VARIABLES * MAX_CHARACTERS:
        longest = max(models, key=lambda model: len(entry(model, modes)))
        raise Refused([_too_long(text, longest, len(entry(longest, modes)))])
    starts = range(0, VARIABLES * MAX_CHARACTERS, MAX_CHARACTERS)
    return tuple(text[start : start + MAX_CHARACTERS] for start in starts)


def entry(model: Model, modes: Sequence[AuthMode] = (AuthMode.API_KEY,)) -> str:
    """What the resolvers know of one model, of an API to which clients sign in by these modes."""
    head = ",".join([model.name, *operations_of(model)])
    return f"{head}={_packed(_facts(model, modes))}"


def _scopes(resolved: Iterable[Resolved]) -> Iterator[str]:
    """An entry of no model: the scopes that the user's own operations need, of those that any
    opens."""
    if scopes := {each.path: each.scope for each in resolved if each.is_operation and each.scope}:
        yield f"{_NO_MODEL}={_packed(scopes)}"


def _ruled(
    models: Iterable[Model], resolved: Iterable[Resolved], modes: Sequence[AuthMode]
) -> Iterator[str]:
    """An entry of no model: of the user's own operations the rules, the models whose rules hold
    where there are none (`of`), and the model with rules that is answered, or many of it."""
    ruled = {model.name for model in models if model.rules is not None}
    found: dict[str, Any] = {}
    for each in resolved:
        rules = rules_of(each.field.directives)
        said: dict[str, Any] = {
            "rules": None if rules is None else facts(rules, modes),
            "of": touched(each, ruled),
            "model": each.field.named if each.field.named in ruled else None,
        }
        if each.is_operation and any(said.values()):
            said["many"] = each.field.is_list
            found[each.path] = {name: value for name, value in said.items() if value}
    if found:
        yield f"{_OPERATIONS}={_packed(found)}"


def _packed(facts: Mapping[str, Any]) -> str:
    text = json.dumps(facts, separators=(",", ":"), ensure_ascii=True)
    return text.replace(_SEPARATOR, chr(92) + "u003b")


def _facts(model: Model, modes: Sequence[AuthMode]) -> dict[str, Any]:
    """What differs from a model that says nothing but @model."""
    required = [
        field.name for field in model.stored if field.is_required and not model.is_key(field)
    ]
    found = {
        "key": _names(model),
        "makesId": model.makes_ids or None,
        "indexes": {index.query or f"-{index.name}": _index(index) for index in model.indexes},
        "relations": {each.field.name: _relation(each) for each in model.relations},
        "required": required,
        "defaults": defaults_of(model),
        "checks": checks_of(model),
        "sets": sets_of(model),
        "ints": whole_numbers_of(model),
        "times": None if model.times == TIMESTAMPS else model.times,
        "ownVersion": model.type.field(VERSION) is not None,
        # As the relay's mutations have it.
        "sync": model.id if model.names.sync else None,
        "rules": None if model.rules is None else facts(model.rules, modes, model.type),
        "guarded": {name: facts(rules, modes, model.type) for name, rules in model.guarded.items()},
    }
    return {name: value for name, value in found.items() if value or name == "key"}


def _relation(relation: Relation) -> dict[str, Any]:
    facts: dict[str, Any] = {"model": relation.model, "by": relation.by}
    if relation.many and relation.limit != DEFAULT_LIMIT:
        facts["limit"] = relation.limit
    if relation.index:
        facts["index"] = _index(relation.index)
    return facts


def _index(index: Index) -> list[str]:
    return [index.name, *_names(index)]


def _names(keyed: Keyed) -> list[str]:
    return [field.name for field in keyed.key]


def _too_long(text: str, longest: Model, its: int) -> Diagnostic:
    return Diagnostic(
        longest.type.line,
        f"what the resolvers know of the models takes {len(text)} characters, and the API's "
        f"environment has {VARIABLES} variables of {MAX_CHARACTERS} for it. {longest.name} takes "
        f"most, {its}: shorten the names of fields and operations, or deploy some "
        "models as a second stack",
    )
