"""Where rules meet the ways in which clients sign in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.auth.rules import USERS, Operation, Rule, Strategy, allowing, rules_of
from antipode_tools.schema.definitions import Definitions, Directive
from antipode_tools.schema.diagnostics import Diagnostic

# https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-enhanced-filtering.html
MAX_FILTERS = 10


def check_modes(definitions: Definitions, modes: Sequence[AuthMode]) -> Iterator[Diagnostic]:
    """What rules ask of callers that the API's modes do not tell, and what they ask of
    subscriptions that AppSync does not filter by."""
    for path, directives in _ruled(definitions):
        rules = rules_of(directives) or ()
        for rule in rules:
            if not rule.modes(modes):
                yield Diagnostic(rule.line, f"{path} has allow: {rule.strategy}, {_wanting(rule)}")
        for mode in modes:
            yield from _check_filters(path, rules, mode, modes)
    yield from _open(definitions, modes)


def _ruled(definitions: Definitions) -> Iterator[tuple[str, tuple[Directive, ...]]]:
    for type_ in definitions.models:
        yield type_.name, type_.directives
    for type_ in (*definitions.models, *definitions.roots):
        for field in type_.fields:
            yield f"{type_.name}.{field.name}", field.directives


def _wanting(rule: Rule) -> str:
    """What is missing, after what the rule is."""
    if rule.provider:
        mode: str = rule.provider
    elif rule.strategy is Strategy.PUBLIC:
        mode = AuthMode.API_KEY
    elif rule.strategy is Strategy.CUSTOM:
        mode = AuthMode.AWS_LAMBDA
    else:
        mode = f"MODE, one of {', '.join(USERS)}"
    return (
        "and no client signs in so: name the mode beside those that there are, "
        f"antipode schema --auth ...,{mode}"
    )


def _check_filters(
    path: str, rules: Iterable[Rule], mode: AuthMode, modes: Sequence[AuthMode]
) -> Iterator[Diagnostic]:
    heard = [each for each in allowing(tuple(rules), Operation.LISTEN) if mode in each.modes(modes)]
    fields = {each.field for each in heard if each.field}
    if len(fields) > MAX_FILTERS and not any(
        each.strategy in (Strategy.PRIVATE, Strategy.PUBLIC, Strategy.CUSTOM) for each in heard
    ):
        yield Diagnostic(
            heard[0].line,
            f"{path} lets subscribers of {mode} in by {len(fields)} fields, and AppSync filters by "
            f"{MAX_FILTERS} alternatives: leave listen out of some",
        )


def _open(definitions: Definitions, modes: Sequence[AuthMode]) -> Iterator[Diagnostic]:
    """Models that everybody reads and changes, where callers are known one by one."""
    named = [mode for mode in modes if mode in USERS]
    found = [type_ for type_ in definitions.models if rules_of(type_.directives) is None]
    if named and found:
        names = ", ".join(type_.name for type_ in found)
        yield Diagnostic(
            found[0].line,
            f"{names}: without @auth whoever signs in reads and changes every item. Say who may, "
            "@auth(rules: [{ allow: owner }]), or that all may, @auth(rules: [{ allow: private }])",
            refused=False,
        )
