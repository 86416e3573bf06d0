"""What was edited by hand in generated files is seen."""

from __future__ import annotations

import json

from antipode_tools.schema.edits import digests, edited, lost

PARTS = """\
mine: 1
  # things by antipode schema: begin
  theirs: 1
  # things by antipode schema: end
"""
CODE = """\
export const mine = 1;
// shared.js, by antipode schema: begin
const theirs = 1;
// shared.js, by antipode schema: end
"""
TEXTS = {"a.graphql": "type A\n", "template.yaml": PARTS, "b.js": CODE, "c.js": "mine"}


def test_a_file_is_edited_that_is_not_as_it_was_written() -> None:
    written = digests(TEXTS)
    assert edited(written, TEXTS) == []
    assert edited(written, {**TEXTS, "a.graphql": "type B\n"}) == ["a.graphql"]


def test_of_a_file_that_is_generated_in_parts_the_rest_is_its_authors() -> None:
    mine = {name: text.replace("mine", "ours") for name, text in TEXTS.items()}
    assert edited(digests(TEXTS), mine) == []
    theirs = {name: text.replace("theirs", "ours") for name, text in TEXTS.items()}
    assert edited(digests(TEXTS), theirs) == ["template.yaml", "b.js"]


def test_marks_that_are_gone_are_an_edit() -> None:
    assert edited(digests(TEXTS), {"b.js": "const ours = 1;"}) == ["b.js"]


def test_code_without_marks_is_not_generated() -> None:
    assert list(json.loads(digests(TEXTS))) == ["a.graphql", "template.yaml", "b.js"]


def test_a_file_that_is_missing_or_of_which_nothing_is_known_is_not_edited() -> None:
    there = {"a.graphql": None, "new": "text"}
    assert edited(digests(TEXTS), there) == []
    assert edited(None, TEXTS) == []
    assert edited("<<<<<<< ours", TEXTS) == []
    assert edited("[]", TEXTS) == []


def test_the_first_of_the_lines_that_would_go_are_shown() -> None:
    there = "a\nb\n  c\nd\n"
    assert list(lost(there, "a\nd\n")) == ["  line 2: b", "  line 3: c"]
    assert list(lost("\n".join(map(str, range(8))), "")) == [
        *(f"  line {number + 1}: {number}" for number in range(5)),
        "  and 3 more",
    ]
