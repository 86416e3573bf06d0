"""Syntax that the runtime does not support, in the words of the service's linter and compiler.

https://docs.aws.amazon.com/appsync/latest/devguide/supported-features.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from localaws.appsync.javascript.errors import CodeError, CodeErrorType, diagnostic
from localaws.appsync.javascript.source import Source, field, text_of
from localaws.appsync.javascript.surface import CALLBACK_METHODS

# The linter's rule and message, by the grammar's name for the node.
_LINTED: Mapping[str, tuple[str, str]] = {
    "await_expression": ("no-await", "The `await` keyword is not supported"),
    "class_declaration": ("no-classes", "Class declarations are not supported."),
    "continue_statement": ("no-continue", "Continue statements are not supported"),
    "do_statement": ("no-while", "do...while statements are not supported."),
    "for_statement": ("no-for", "For statements are not supported."),
    "generator_function": ("no-generators", "Generator functions are not supported."),
    "generator_function_declaration": ("no-generators", "Generator functions are not supported."),
    "labeled_statement": ("no-labels", "Labeled statements are not supported."),
    "regex": ("no-regex", "Regex literals are not supported."),
    "this": ("no-this", "This expressions are not supported."),
    "try_statement": ("no-try", "Try statements are not supported."),
    "while_statement": ("no-while", "While statements are not supported."),
    "yield_expression": ("no-yield", "Yield statements are not supported"),
}

# What passes the linter and stops the compiler, which calls it by TypeScript's name.
_UNSUPPORTED: Mapping[str, str] = {
    "class": "ClassExpression",
    "debugger_statement": "DebuggerStatement",
    "import": "ImportKeyword",
    "meta_property": "MetaProperty",
    "super": "SuperKeyword",
    "throw_statement": "ThrowStatement",
    "with_statement": "WithStatement",
}

_OPERATORS: Mapping[str, tuple[str, str]] = {
    "++": ("no-disallowed-unary-operators", "The operator ++ is not supported"),
    "--": ("no-disallowed-unary-operators", "The operator -- is not supported"),
    "~": ("no-disallowed-unary-operators", "The operator ~ is not supported"),
    "in": ("no-in-operator", "in operator is not supported. Use Object.hasOwn()."),
    "instanceof": (
        "no-disallowed-binary-operators",
        "The operator instanceof is not supported",
    ),
}
_OPERATIONS = frozenset({"binary_expression", "unary_expression", "update_expression"})
_INLINE_FUNCTIONS: Mapping[str, str] = {
    "arrow_function": "ArrowFunction",
    "function_expression": "FunctionExpression",
}


def lint(source: Source, node: Node, rule: str, message: str) -> CodeError:
    """An error of the service's linter."""
    text = f"@aws-appsync/{rule}: {message}"
    return diagnostic(CodeErrorType.LINT_ERROR, source.location(node), text)


def unsupported(source: Source, node: Node, kind: str) -> CodeError:
    """An error of the service's compiler at syntax that it does not translate."""
    value = f"Unsupported Syntax Type: {kind}"
    return CodeError(CodeErrorType.UNSUPPORTED_SYNTAX_TYPE, value, source.location(node))


def syntax_errors(source: Source) -> Iterator[CodeError]:
    """What does not parse: only the first place, since the rest follows from it."""
    if not source.root.has_error:
        return
    for node in source.nodes:
        if node.is_missing:
            yield _parsing_error(source, node, f"'{node.type}' expected.")
            return
        if node.is_error:
            yield _parsing_error(source, node, "Unexpected token.")
            return


def unsupported_syntax(source: Source) -> Iterator[CodeError]:
    """Every construct that the runtime does not have."""
    for node in source.nodes:
        if not node.is_named:
            continue
        if node.type in _LINTED:
            yield lint(source, node, *_LINTED[node.type])
        elif node.type in _UNSUPPORTED:
            yield unsupported(source, node, _UNSUPPORTED[node.type])
        else:
            yield from _in_context(source, node)


def _parsing_error(source: Source, node: Node, what: str) -> CodeError:
    text = f"Parsing error: {what}"
    return diagnostic(CodeErrorType.PARSER_ERROR, source.location(node), text)


def _in_context(source: Source, node: Node) -> Iterator[CodeError]:
    match node.type:
        case operation if operation in _OPERATIONS:
            yield from _operator(source, node)
        case "object_assignment_pattern" | "assignment_pattern" if _is_destructured(node):
            yield _default(source, node)
        case "method_definition":
            yield from _accessor(source, node)
        case "new_expression":
            yield _new(source, node)
        case "export_statement":
            yield from _export(source, node)
        case "call_expression":
            yield from _call(source, node)
    if any(child.type == "async" for child in node.children):
        yield lint(source, node, "no-async", "Async functions are not supported.")


def _operator(source: Source, node: Node) -> Iterator[CodeError]:
    operator = field(node, "operator").type
    if operator in _OPERATORS:
        yield lint(source, node, *_OPERATORS[operator])


def _is_destructured(node: Node) -> bool:
    # A parameter's own default is no part of a pattern.
    return node.parent is not None and node.parent.type != "formal_parameters"


def _default(source: Source, node: Node) -> CodeError:
    """Ours: the service takes such code here and refuses it there, for a size that it has not
    (aws/aws-appsync-community#301)."""
    name = text_of(field(node, "left"))
    text = (
        f"a default in destructuring is not always deployed by AppSync: bind {name} alone and"
        " give it a value where it is null"
    )
    return diagnostic(CodeErrorType.LINT_ERROR, source.location(node), text)


def _accessor(source: Source, node: Node) -> Iterator[CodeError]:
    kinds = {"get": "GetAccessor", "set": "SetAccessor"}
    for child in node.children:
        if child.type in kinds:
            yield unsupported(source, node, kinds[child.type])


def _new(source: Source, node: Node) -> CodeError:
    if text_of(field(node, "constructor")) == "Promise":
        return lint(source, node, "no-promise", "Promise is not supported")
    return unsupported(source, node, "NewExpression")


def _export(source: Source, node: Node) -> Iterator[CodeError]:
    if any(child.type == "default" for child in node.children):
        yield unsupported(source, node, "ExportAssignment")
    elif node.child_by_field_name("source") is not None:
        yield unsupported(source, node, "ExportDeclaration")


def _call(source: Source, node: Node) -> Iterator[CodeError]:
    arguments = field(node, "arguments")
    if arguments.type == "template_string":
        if text_of(field(node, "function")) != "String.raw":
            yield unsupported(source, node, "TaggedTemplateExpression")
        return
    callee = field(node, "function")
    if callee.type != "member_expression" or _method(callee) in CALLBACK_METHODS:
        return
    for argument in arguments.named_children:
        if argument.type in _INLINE_FUNCTIONS:
            yield unsupported(source, argument, _INLINE_FUNCTIONS[argument.type])


def _method(callee: Node) -> str:
    return text_of(field(callee, "property"))
