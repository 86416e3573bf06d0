"""What is said of a decision."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import uuid4

import pytest
from antipode.authorizer.authorizer import Decision
from antipode.authorizer.refusal import KeysUnavailableError, Reason
from antipode.authorizer.report import Reporter
from antipode.namespace import Namespace
from aws_lambda_powertools import Logger


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Lambda has it: a dimension of the metrics."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "authorizer")


class Said:
    """A reporter, and what it wrote to the log."""

    def __init__(self) -> None:
        self._stream = io.StringIO()
        # Loggers of one name share what they write to.
        logger = Logger(service=f"authorizer-{uuid4()}", level="INFO", stream=self._stream)
        self.reporter = Reporter(logger, Namespace("Antipode", "shop"))

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._stream.getvalue().splitlines()]


def counts(capsys: pytest.CaptureFixture[str]) -> dict[str, list[int]]:
    """The counts of one line of metrics, which is to have the right form."""
    blob = json.loads(capsys.readouterr().out)
    [directive] = blob["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == (
        "Antipode",
        [["Stack", "service"]],
    )
    assert (blob["Stack"], blob["service"]) == ("shop", "authorizer")
    assert {metric["Unit"] for metric in directive["Metrics"]} == {"Count"}
    return {metric["Name"]: blob[metric["Name"]] for metric in directive["Metrics"]}


def test_who_is_let_in_is_counted_and_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said()
    said.reporter.decided(Decision({"isAuthorized": True}))
    assert counts(capsys) == {"Authorized": [1], "Refused": [0]}
    assert said.lines() == []


def test_a_refusal_is_counted_and_logged_with_its_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = Said()
    said.reporter.decided(Decision({}, Reason.EXPIRED))
    assert counts(capsys) == {"Authorized": [0], "Refused": [1]}
    [line] = said.lines()
    assert (line["level"], line["message"]) == ("WARNING", "caller refused")
    assert line["reason"] == "the token has expired"


def test_a_defect_is_logged_with_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    said = Said()
    said.reporter.decided(Decision({}, Reason.INTERNAL, ZeroDivisionError("no")))
    assert counts(capsys) == {"Authorized": [0], "Refused": [1]}
    [line] = said.lines()
    assert (line["level"], line["exception_name"]) == ("ERROR", "ZeroDivisionError")


def test_keys_that_cannot_be_fetched_are_counted_and_logged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = Said()
    said.reporter.keys_failed(KeysUnavailableError("secret x cannot be read"))
    assert counts(capsys) == {"KeysUnavailable": [1]}
    [line] = said.lines()
    assert (line["level"], line["message"]) == ("ERROR", "keys cannot be fetched")
    assert line["detail"] == "secret x cannot be read"
