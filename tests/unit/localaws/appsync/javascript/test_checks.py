"""What the service would not deploy, and that what its guide lists as supported passes."""

from __future__ import annotations

import pytest

from localaws.appsync.javascript.checks import check, compile_code
from localaws.appsync.javascript.errors import CodeError, CodeErrorType, CodeRefused, Location
from localaws.appsync.ports import HandlerName

BEFORE = "export function request(ctx) {\n  "
AFTER = "\n}\nexport function response(ctx) {}"


def found(body: str) -> list[tuple[str, str]]:
    return [(error.type.value, error.value) for error in check(BEFORE + body + AFTER)]


def lint(column: int, rule: str, message: str) -> tuple[str, str]:
    return "LINT_ERROR", f"code.js(2,{column}): error @aws-appsync/{rule}: {message}"


def unsupported(kind: str) -> tuple[str, str]:
    return "UNSUPPORTED_SYNTAX_TYPE", f"Unsupported Syntax Type: {kind}"


def invalid(name: str) -> tuple[str, str]:
    return "INVALID_FUNCTION_INVOCATION", f"Invalid function: {name}"


def parser(column: int, message: str) -> tuple[str, str]:
    return "PARSER_ERROR", f"code.js(2,{column}): error {message}"


UNARY, ASYNC = "no-disallowed-unary-operators", "Async functions are not supported."
PASSED = "Functions can not be passed as an argument"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("try { } catch { }", lint(3, "no-try", "Try statements are not supported.")),
        ("try { } finally { }", lint(3, "no-try", "Try statements are not supported.")),
        (
            "try { } catch (error) { return error; }",
            lint(3, "no-try", "Try statements are not supported."),
        ),
        ("throw 'x';", unsupported("ThrowStatement")),
        ("while (false) { }", lint(3, "no-while", "While statements are not supported.")),
        (
            "do { } while (false);",
            lint(3, "no-while", "do...while statements are not supported."),
        ),
        ("for (;;) { }", lint(3, "no-for", "For statements are not supported.")),
        (
            "for (const x of []) { continue; }",
            lint(25, "no-continue", "Continue statements are not supported"),
        ),
        ("a: if (1) { }", lint(3, "no-labels", "Labeled statements are not supported.")),
        ("class A { }", lint(3, "no-classes", "Class declarations are not supported.")),
        ("const a = class { };", unsupported("ClassExpression")),
        ("return this;", lint(10, "no-this", "This expressions are not supported.")),
        ("return new Object();", unsupported("NewExpression")),
        ("return new Promise(1);", lint(10, "no-promise", "Promise is not supported")),
        (
            "function* a() { }",
            lint(3, "no-generators", "Generator functions are not supported."),
        ),
        ("async function a() { }", lint(3, "no-async", ASYNC)),
        ("const a = async () => 1;", lint(13, "no-async", ASYNC)),
        ("const a = { async b() { } };", lint(15, "no-async", ASYNC)),
        ("let a = 1; a++;", lint(14, UNARY, "The operator ++ is not supported")),
        ("let a = 1; --a;", lint(14, UNARY, "The operator -- is not supported")),
        ("return ~1;", lint(10, UNARY, "The operator ~ is not supported")),
        (
            "return 'a' in ctx;",
            lint(10, "no-in-operator", "in operator is not supported. Use Object.hasOwn()."),
        ),
        (
            "return ctx instanceof Object;",
            lint(10, "no-disallowed-binary-operators", "The operator instanceof is not supported"),
        ),
        ("return /a/g;", lint(10, "no-regex", "Regex literals are not supported.")),
        ("debugger;", unsupported("DebuggerStatement")),
        ("return { get a() { return 1; } };", unsupported("GetAccessor")),
        ("return { set a(b) { } };", unsupported("SetAccessor")),
        ("return ctx`a`;", unsupported("TaggedTemplateExpression")),
        ("[].sort((a, b) => a - b);", unsupported("ArrowFunction")),
        ("[].sort(function (a, b) { return a - b; });", unsupported("FunctionExpression")),
        (
            "const f = (a) => a; [].sort(f);",
            lint(23, "no-function-passing", PASSED),
        ),
        (
            "function f(a) { return a; } f(() => 1);",
            lint(31, "no-function-passing", PASSED),
        ),
        (
            "const f = () => () => 1;",
            lint(13, "no-function-return", "returning a function is not allowed"),
        ),
        (
            "function f() { const g = () => 1; return g; }",
            lint(37, "no-function-return", "returning a function is not allowed"),
        ),
        (
            "function f() { } const g = f;",
            lint(26, "no-function-reassign", "re-assigning function is not allowed"),
        ),
        (
            "function f(n) { return f(n - 1); }",
            lint(
                26,
                "no-recursion",
                "Recursive function calls not supported. Detected cycle in f <-f",
            ),
        ),
        (
            "const f = function g(n) { return g(n - 1); };",
            lint(
                36,
                "no-recursion",
                "Recursive function calls not supported. Detected cycle in g <-g",
            ),
        ),
        ("ctx.args.f.apply(null);", invalid("apply")),
        ("ctx.args.f.bind(null);", invalid("bind")),
        ("ctx.args.f.call(null);", invalid("call")),
        ("setTimeout(1);", invalid("setTimeout")),
        ("fetch('x');", invalid("fetch")),
        ("return String(1);", invalid("String")),
        ("return parseInt('1');", invalid("parseInt")),
        ("return Math.abs(1);", invalid("abs")),
        (
            "return 'a'.padStart(2);",
            lint(10, "no-disallowed-methods", "Method String.padStart is not implemented"),
        ),
        *(
            (
                f"return [].{method}();",
                lint(10, "no-disallowed-methods", f"Method Array.{method} is not implemented"),
            )
            for method in ("keys", "entries", "values")
        ),
        (
            "return Object.freeze({});",
            lint(10, "no-disallowed-methods", "Method ObjectConstructor.freeze is not implemented"),
        ),
        ("return missing;", parser(10, "TS2304: Cannot find name 'missing'.")),
        ("return { missing };", parser(12, "TS2304: Cannot find name 'missing'.")),
        (
            "return util.isNull(1);",
            parser(15, "TS2339: Property 'isNull' does not exist on type 'Util'."),
        ),
        (
            "return util.time.today();",
            parser(20, "TS2339: Property 'today' does not exist on type 'TimeUtils'."),
        ),
        (
            "runtime.sleep();",
            parser(11, "TS2339: Property 'sleep' does not exist on type 'Runtime'."),
        ),
        (
            "ctx = 1;",
            lint(
                3,
                "no-disallowed-re-assignment",
                "ctx is readonly and re-assignment is not supported.",
            ),
        ),
        (
            "ctx.stash = {};",
            lint(
                3,
                "no-disallowed-re-assignment",
                "ctx is readonly. Adding/Updating stash is not supported.",
            ),
        ),
        *(
            (
                code,
                (
                    "LINT_ERROR",
                    f"code.js(2,{column}): error a default in destructuring is not always"
                    " deployed by AppSync: bind a alone and give it a value where it is null",
                ),
            )
            for code, column in [
                ("const { a = 1 } = ctx.args;", 11),
                ("const { b: a = 1 } = ctx.args;", 14),
                ("const [a = 1] = [];", 10),
                ("const f = ({ a = 1 }) => a;", 16),
            ]
        ),
        *(
            (
                code,
                lint(
                    column,
                    "no-disallowed-re-assignment",
                    "ctx is readonly. Adding/Updating args is not supported.",
                ),
            )
            for code, column in [
                ("for (ctx.args in {}) {}", 8),
                ("for (ctx.args of []) {}", 8),
                ("[ctx.args] = [1];", 4),
                ("({ a: ctx.args } = {});", 9),
            ]
        ),
        (
            "delete ctx['args'];",
            lint(
                10,
                "no-disallowed-re-assignment",
                "ctx is readonly. Adding/Updating args is not supported.",
            ),
        ),
        ("let a; let a;", parser(15, "Parsing error: invalid redefinition of lexical identifier.")),
        ("return (;", parser(10, "Parsing error: Unexpected token.")),
    ],
)
def test_what_the_runtime_forbids_is_refused(body: str, error: tuple[str, str]) -> None:
    assert found(body) == [error]


@pytest.mark.parametrize(
    ("statement", "value"),
    [
        (
            "import x from 'lodash';",
            "TS2307: Cannot find module 'lodash' or its corresponding type declarations.",
        ),
        (
            "import { sql } from '@aws-appsync/utils/rds';",
            "TS2307: Cannot find module '@aws-appsync/utils/rds' or its corresponding type"
            " declarations. The service has it; one machine has no RDS data source.",
        ),
        (
            "import x from '@aws-appsync/utils';",
            "TS1192: Module '\"@aws-appsync/utils\"' has no default export.",
        ),
        (
            "import { putt } from '@aws-appsync/utils/dynamodb';",
            "TS2305: Module '\"@aws-appsync/utils/dynamodb\"' has no exported member 'putt'.",
        ),
        (
            "import * as ddb from '@aws-appsync/utils/dynamodb';\nconst a = ddb.operations.adds;",
            "TS2339: Property 'adds' does not exist on type 'DynamoDBOperation'.",
        ),
        (
            "import { util as u } from '@aws-appsync/utils';\nconst a = u.nope;",
            "TS2339: Property 'nope' does not exist on type 'Util'.",
        ),
        ("export default 1;", "Unsupported Syntax Type: ExportAssignment"),
        ("export * from '@aws-appsync/utils';", "Unsupported Syntax Type: ExportDeclaration"),
    ],
)
def test_what_is_imported_and_exported_must_be_there(statement: str, value: str) -> None:
    (error,) = check(f"{statement}\n{BEFORE}{AFTER}")

    assert error.value.endswith(value)


SUPPORTED = """
import { util, extensions as e, runtime } from '@aws-appsync/utils';
import * as ddb from "@aws-appsync/utils/dynamodb";
import { get, operations } from '@aws-appsync/utils/dynamodb';

const LIMIT = 10, other = `multi
line ${LIMIT + `nested ${1}`}`;
var old = 1;

/** Not a regex: /a/ and not a loop: while (true) { throw this } */
export function request(ctx) {
  const { id, ...rest } = ctx.args ?? {};
  const [first, second, ...others] = [1, 2, 3, ...[4]];
  let sum = 0;
  sum += first * second - others.length % 2 / 1;
  sum = (sum << 2) | (sum >> 1) & 3 ^ 1;
  for (const x of [1, 2]) { if (x > 1) { break; } else { sum = sum + x; } }
  for (const key in rest) { sum += rest[key]; }
  switch (sum) { case 1: sum = 2; break; default: sum = 3; }
  const text = 'in throw while class this new'.split(' ').join('-').trim();
  const strings = [text.length, text.charAt(0), text.concat('a'), text.endsWith('a'),
    text.indexOf('a'), text.lastIndexOf('a'), text.replace('a', 'b'), text.replaceAll('a', 'b'),
    text.slice(1), text.startsWith('a'), text.toLowerCase(), text.toUpperCase(),
    text.trimEnd(), text.trimStart(), String.raw`a`];
  const numbers = [Number.isFinite(1), Number.isNaN(NaN), Infinity, undefined, Math.random(),
    Math.min(1, 2), Math.max(1, 2), Math.round(1.5), Math.floor(1.5), Math.ceil(1.5)];
  const objects = [Object.assign({}, rest), Object.entries(rest), Object.hasOwn(rest, 'a'),
    Object.keys(rest), Object.values(rest)];
  delete rest.gone;
  const lists = [[1].concat([2]), [1, 2].fill(0), [[1]].flat(), [1].indexOf(1), [1].join(','),
    [1].lastIndexOf(1), [1].pop(), [1].push(2), [1].reverse(), [1].shift(), [2, 1].sort(),
    [1].splice(0, 1), [1].unshift(0), [1].map(double), [1].filter((x) => x > 0),
    [1].reduce((a, b) => a + b, 0), [1].reduceRight((a, b) => a + b, 0), [1].find((x) => x),
    [1].some((x) => x), [1].every((x) => x), [1].findIndex((x) => x), [1].findLast((x) => x),
    [1].findLastIndex((x) => x), [1].flatMap((x) => [x]), [1].forEach(function (x) { sum += x; })];
  ctx.stash.sum = void 0;
  ctx.stash.types = [typeof sum, !sum, -sum, +sum, sum ** 2, sum ? 1 : 2, rest?.a?.b];
  if (JSON.parse('{}') === '') { util.error('x', 'y', null, {}); }
  console.log('a', strings, numbers, objects, lists, old, other, id);
  console.error('b');
  e.setSubscriptionFilter(util.transform.toSubscriptionFilter({}));
  if (sum > 1e9) { return runtime.earlyReturn({}); }
  const update = { a: operations.add(1), b: ddb.operations.remove() };
  return twice(get({ key: { id } }), update, ddb.put({ key: { id }, item: rest }));
}

function double(x) { return x * 2; }
const twice = (a, ...b) => ({ ...a, b, double: double(double(1)) });
const respond = (ctx) => ctx.result;
export { respond as response };
"""


@pytest.mark.parametrize("body", ["++ctx['args'];", "ctx.args--;"])
def test_counting_a_member_of_the_context_up_or_down_assigns_to_it(body: str) -> None:
    message = "ctx is readonly. Adding/Updating args is not supported."
    assert any(message in value for _, value in found(body))


def test_what_the_guide_lists_as_supported_passes() -> None:
    assert check(SUPPORTED) == ()


@pytest.mark.parametrize("name", ["create", "delete", "get", "list", "publish", "update"])
def test_the_projects_own_resolvers_pass(name: str, request: pytest.FixtureRequest) -> None:
    resolver = request.config.rootpath / "graphql" / "resolvers" / f"{name}.js"

    assert check(resolver.read_text()) == ()


def test_recursion_is_found_through_other_functions() -> None:
    code = "function a() { b(); } const b = () => c(); function c() { a(); }\n"

    errors = [error.value for error in check(code + BEFORE + AFTER)]

    cycles = ["a <-b <-c <-a", "b <-c <-a <-b", "c <-a <-b <-c"]
    assert [value.rsplit(" in ")[1] for value in errors] == cycles


def test_a_name_is_found_only_where_it_is_visible() -> None:
    assert [value for _, value in found("if (1) { const a = 1; } return a;")] == [
        "code.js(2,34): error TS2304: Cannot find name 'a'."
    ]


def test_a_parameter_hides_a_function_of_the_same_name() -> None:
    assert found("function f() { } const g = (f) => [f].map((f) => f); return g(1);") == []


def test_every_error_is_reported_in_the_order_of_the_code() -> None:
    code = "export function request(ctx) {\n  let a = /x/;\n  throw a;\n}"

    with pytest.raises(CodeRefused) as refusal:
        compile_code(code)

    assert refusal.value.errors == (
        CodeError(
            CodeErrorType.LINT_ERROR,
            "code.js(2,11): error @aws-appsync/no-regex: Regex literals are not supported.",
            Location(2, 11, 3),
        ),
        CodeError(
            CodeErrorType.UNSUPPORTED_SYNTAX_TYPE,
            "Unsupported Syntax Type: ThrowStatement",
            Location(3, 3, 8),
        ),
    )
    assert str(refusal.value) == (
        "Error: code.js(2,11): error @aws-appsync/no-regex: Regex literals are not supported.\n"
        "Unsupported Syntax Type: ThrowStatement"
    )


def test_columns_count_characters_and_not_bytes() -> None:
    assert found("const é = '世界'; throw 1;") == [unsupported("ThrowStatement")]
    (error,) = check(BEFORE + "const é = '世界'; throw 1;" + AFTER)
    assert error.location == Location(2, 19, 8)


@pytest.mark.parametrize("name", list(HandlerName))
def test_both_handlers_must_be_exported(name: HandlerName) -> None:
    other = next(handler for handler in HandlerName if handler != name)

    assert check(f"export const {other.value} = (ctx) => ctx;") == (
        CodeError(
            CodeErrorType.MISSING_MAPPING_EXPORT, f"Unable to find valid export for {name.value}"
        ),
    )


def test_code_may_have_32768_characters() -> None:
    code = BEFORE + AFTER
    longest = code + "/" * (32_768 - len(code))

    assert check(longest) == ()
    assert check(longest + "/") == (
        CodeError(CodeErrorType.PARSER_ERROR, "code is 32769 characters, limit is 32768"),
    )
