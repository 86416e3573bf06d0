from __future__ import annotations

from collections.abc import Callable

import pytest

from localaws.appsync.ports import Evaluation, HandlerError, Json

Run = Callable[..., Evaluation]
Value = Callable[..., Json]

POSTS = """<?xml version="1.0" encoding="UTF-8"?>
<posts>
<post>
  <id>1</id>
  <title>Getting started with GraphQL</title>
</post>
</posts>"""


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (POSTS, {"posts": {"post": {"id": 1, "title": "Getting started with GraphQL"}}}),
        ("<a><b>1</b><b>2</b><b>x</b></a>", {"a": {"b": [1, 2, "x"]}}),
        ("<a id=\"7\" name='n'>text</a>", {"a": {"id": 7, "name": "n", "content": "text"}}),
        ("<a><b/><c></c></a>", {"a": {"b": "", "c": ""}}),
        ("<a>&lt;&amp;&#65;&#x42;</a>", {"a": "<&AB"}),
        ("<a><![CDATA[<b>]]></a>", {"a": "<b>"}),
        (
            "<a><!-- no --><b>true</b><c>null</c><d>-1.5</d><e>007</e></a>",
            {"a": {"b": True, "c": None, "d": -1.5, "e": "007"}},
        ),
    ],
)
def test_xml_becomes_an_object(value: Value, xml: str, expected: Json) -> None:
    assert value("util.xml.toMap(ctx.result)", result=xml) == expected


def test_xml_becomes_a_json_text(value: Value) -> None:
    assert value("util.xml.toJsonString(ctx.result)", result="<a>1</a>") == '{"a":1}'
    assert value("util.xml.toJsonString(ctx.result, true)", result="<a>1</a>") == '"{\\"a\\":1}"'


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<a><b></a>", "Unable to parse XML: unexpected </a>"),
        ("<a>", "Unable to parse XML: <a> is not closed"),
        ("</a>", "Unable to parse XML: unexpected </a>"),
    ],
)
def test_malformed_xml_is_an_error(run: Run, xml: str, message: str) -> None:
    evaluation = run("return util.xml.toMap(ctx.result)", result=xml)

    assert evaluation.error == HandlerError(message, "Code")
