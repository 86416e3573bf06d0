"""Texts to records and back."""

from __future__ import annotations

import json

import pytest

from antipode_tools.operate.redrive.identity import identify
from antipode_tools.operate.redrive.reading import encode, of_message, of_object, without
from antipode_tools.operate.redrive.stored import Container, Location, Source, Unreadable
from tests.unit.antipode_tools.operate.redrive.fakes import batch, message, record

MESSAGE = Location(Source.QUEUE, "m1")
OBJECT = Location(Source.BUCKET, "aws/lambda/o")


def test_a_message_holds_its_record_and_the_relays_reason() -> None:
    body = message(record("a", 1), reason="rejected", detail="status 200: BadRequest")

    assert of_message("m1", body) == Container(
        MESSAGE, (record("a", 1),), "rejected", "status 200: BadRequest"
    )


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("no JSON", "it is not JSON: Expecting value: line 1 column 1 (char 0)"),
        ("[]", "the message is not an undelivered change of version 1"),
        ('{"version": 2}', "the message is not an undelivered change of version 1"),
        ('{"version": 1}', "the message has not the fields of an undelivered change"),
        ("[" * 100_000, "it is nested too deeply"),
        (message(float("nan")), "it holds a number that is infinite or none at all"),
        (message(1e999), "it holds a number that is infinite or none at all"),
    ],
)
def test_a_message_of_another_form_is_unreadable(body: str, problem: str) -> None:
    assert of_message("m1", body) == Unreadable(MESSAGE, problem)


def test_an_object_holds_its_records_and_lambdas_reason() -> None:
    text = batch(record("a", 1), record("b", 2), condition="RecordAgeExceeded")

    assert of_object("aws/lambda/o", text) == Container(
        OBJECT, (record("a", 1), record("b", 2)), "RecordAgeExceeded"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            b"\xff\xfe\x00",
            "it is not JSON: 'utf-16-le' codec can't decode byte",
        ),
        (b"7", "the object is not a JSON object"),
        (b"{}", "the object has no payload, which holds the records"),
        (b'{"payload": {"Records": []}}', "the object has no payload, which holds the records"),
        (b'{"payload": "[]"}', "the object's payload holds no records"),
        (b'{"payload": "{\\"Records\\": []}"}', "the object's payload holds no records"),
    ],
)
def test_an_object_of_another_form_is_unreadable(text: bytes, problem: str) -> None:
    found = of_object("aws/lambda/o", text)

    assert isinstance(found, Unreadable)
    assert found.problem.startswith(problem)


def test_an_object_that_does_not_say_why_it_is_there_is_read_all_the_same() -> None:
    text = json.dumps({"payload": json.dumps({"Records": [record("a", 1)]})}).encode()

    assert of_object("aws/lambda/o", text) == Container(OBJECT, (record("a", 1),), "unknown")


def test_an_object_without_some_records_keeps_the_others_and_everything_else() -> None:
    text = batch(record("a", 1), record("b", 2), {"broken": True})

    left = without(text, {identify(record("a", 1)), identify({"broken": True})})

    assert left == batch(record("b", 2)).replace(b'"batchSize": 1', b'"batchSize": 3').replace(
        b'": ', b'":'
    ).replace(b", ", b",").replace(b'\\": ', b'\\":')


def test_records_that_are_no_longer_there_are_not_missed() -> None:
    text = batch(record("b", 2))

    assert of_object("o", without(text, {identify(record("a", 1))})) == of_object("o", text)


def test_a_record_is_written_in_ascii_and_means_the_same() -> None:
    odd = {"text": "Zürich 🚲 \ud800", "number": 1.7e9, "large": 10**39}

    text = encode(odd)

    assert text.isascii()
    assert json.loads(text) == odd
