"""The helpers that resolvers share."""

from __future__ import annotations

import pytest

from antipode_tools.project.config import project_root
from antipode_tools.schema.resolvers import NameTakenError, with_helpers

BEGIN = "// shared.js, by antipode schema: begin\n"
END = "// shared.js, by antipode schema: end\n"
SHARED = """\
// Why.
import { util } from '@aws-appsync/utils';

/** First. */
export function first() {
  return second();
}

/**
 * Second.
 * @param {any} it
 */
export function second(it) {
  if (true) {
    return {};
  }
}

/** Third. */
export function third() {}
"""
FIRST = "function first() {\n  return second();\n}\n"
SECOND = (
    "/**\n * @param {any} it\n */\nfunction second(it) {\n  if (true) {\n    return {};\n  }\n}\n"
)


def stamped(own: str, helpers: str = "") -> str:
    return with_helpers({"a": f"{own}{BEGIN}{helpers}{END}"}, SHARED)["a"]


def test_a_resolver_gets_what_it_calls_and_what_that_calls() -> None:
    assert stamped("first();\n") == f"first();\n{BEGIN}{FIRST}\n{SECOND}{END}"
    assert stamped("second();\n") == f"second();\n{BEGIN}{SECOND}{END}"


def test_what_a_resolver_no_longer_calls_goes() -> None:
    assert stamped("// third\n", f"{FIRST}\n{SECOND}") == f"// third\n{BEGIN}{END}"


def test_a_resolver_without_the_comments_stays_as_it_is() -> None:
    assert with_helpers({"a": "first();\n"}, SHARED) == {"a": "first();\n"}


def test_no_helper_stands_in_two_versions() -> None:
    """Whatever a resolver defines itself, shared.js does not define."""
    folder = project_root() / "graphql" / "resolvers"
    texts = {path.name: path.read_text() for path in folder.glob("*.js")}
    shared = texts.pop("shared.js")
    assert with_helpers(texts, shared) == texts
    assert all(text.count(BEGIN) == 1 for text in texts.values())


@pytest.mark.parametrize("own", ["function second() {}\n", "first();\nfunction second() {}\n"])
def test_a_function_of_a_helpers_name_is_refused(own: str) -> None:
    with pytest.raises(NameTakenError) as raised:
        stamped(own)
    assert str(raised.value) == (
        "a has a function second, and so has shared.js, of which it gets what it calls: rename its "
        "own"
    )
