"""Whether the service would deploy a resolver's code."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

# The binding has no stubs: all other use of it is in `sandbox`.
import quickjs  # type: ignore[import-untyped] # it has no types

from localaws.appsync.javascript.context import context_errors
from localaws.appsync.javascript.errors import (
    CodeError,
    CodeErrorType,
    CodeRefused,
    Location,
    diagnostic,
)
from localaws.appsync.javascript.functions import function_errors
from localaws.appsync.javascript.imports import import_errors
from localaws.appsync.javascript.module import Module, module_of
from localaws.appsync.javascript.names import name_errors
from localaws.appsync.javascript.scopes import Scopes
from localaws.appsync.javascript.source import Source
from localaws.appsync.javascript.syntax import syntax_errors, unsupported_syntax
from localaws.appsync.ports import HandlerName

# https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateResolver.html
MAX_CODE_CHARACTERS = 32_768


def check(code: str) -> tuple[CodeError, ...]:
    """Everything for which CreateResolver would refuse the code; empty where it would not."""
    try:
        module = compile_code(code)
    except CodeRefused as refused:
        return refused.errors
    return tuple(missing_export(name) for name in HandlerName if name not in module.exports)


# A deployment checks what each Region then runs, in several threads: mostly the same text.
@lru_cache(maxsize=64)
def compile_code(code: str) -> Module:
    """Make code ready for the engine. Raises CodeRefused where the service would refuse it."""
    if len(code) > MAX_CODE_CHARACTERS:
        raise CodeRefused([_too_long(len(code))])
    source = Source(code)
    _refuse(syntax_errors(source))
    scopes = Scopes(source)
    _refuse(sorted(_errors(source, scopes), key=lambda error: (error.location, error.value)))
    module = module_of(source, scopes)
    _refuse(_early_errors(module))
    return module


def missing_export(name: HandlerName) -> CodeError:
    """The service's error for code that does not export the handler."""
    value = f"Unable to find valid export for {name.value}"
    return CodeError(CodeErrorType.MISSING_MAPPING_EXPORT, value)


def _refuse(errors: Iterable[CodeError]) -> None:
    found = tuple(errors)
    if found:
        raise CodeRefused(found)


def _errors(source: Source, scopes: Scopes) -> set[CodeError]:
    return {
        *unsupported_syntax(source),
        *import_errors(source),
        *name_errors(source, scopes),
        *function_errors(source, scopes),
        *context_errors(source, scopes),
    }


def _too_long(characters: int) -> CodeError:
    value = f"code is {characters} characters, limit is {MAX_CODE_CHARACTERS}"
    return CodeError(CodeErrorType.PARSER_ERROR, value)


def _early_errors(module: Module) -> list[CodeError]:
    """What the grammar lets pass and the language does not, such as a name declared twice."""
    try:
        quickjs.Context().eval(module.script)
    except quickjs.JSException as error:
        text = str(error)
        reason = re.sub(r"^SyntaxError: ", "", text.splitlines()[0])
        location = module.place(text) or Location()
        return [diagnostic(CodeErrorType.PARSER_ERROR, location, f"Parsing error: {reason}.")]
    return []
