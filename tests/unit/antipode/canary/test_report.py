from __future__ import annotations

import io
import json
from typing import Any

import pytest
from antipode.canary.beat import Found
from antipode.canary.report import report
from antipode.namespace import Namespace
from aws_lambda_powertools import Logger


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "canary")


def told(found: Found, capsys: pytest.CaptureFixture[str]) -> tuple[list[Any], list[Any]]:
    """The metrics by their dimension, and the log lines."""
    log = io.StringIO()
    logger = Logger(service=f"canary-{id(log)}", stream=log)
    report(found, logger=logger, namespace=Namespace("Antipode", "shop"))
    metrics = []
    for line in capsys.readouterr().out.splitlines():
        blob = json.loads(line)
        names = [each["Name"] for each in blob["_aws"]["CloudWatchMetrics"][0]["Metrics"]]
        metrics += [(name, blob.get("SourceRegion"), blob[name]) for name in names]
        assert (blob["Stack"], blob["service"]) == ("shop", "canary")
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return metrics, [(each["message"], each.get("source_region")) for each in lines]


def test_each_region_is_counted_and_all_together_zeros_included(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = Found({"eu-west-1": 250}, {"ap-southeast-2": 30_000})
    assert told(found, capsys) == (
        [
            ("CanaryMissing", None, [0]),
            ("CanaryHeard", "eu-west-1", [250]),
            ("CanaryAge", "ap-southeast-2", [30_000]),
            ("CanaryMissing", "eu-west-1", [0]),
            ("CanaryMissing", "ap-southeast-2", [0]),
        ],
        [("canary looked", None)],
    )


def test_who_was_not_heard_of_is_logged_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    found = Found(ages={"ap-southeast-2": 200_000})
    found.missing = {"eu-west-1": "no", "ap-southeast-2": "old"}
    metrics, lines = told(found, capsys)
    assert metrics[0] == ("CanaryMissing", None, [2])
    assert ("CanaryMissing", "ap-southeast-2", [1]) in metrics
    assert lines == [
        ("canary not heard", "eu-west-1"),
        ("canary not heard", "ap-southeast-2"),
        ("canary looked", None),
    ]
