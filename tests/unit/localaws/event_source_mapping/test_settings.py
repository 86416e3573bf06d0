"""Settings, as the Lambda API lists them."""

from __future__ import annotations

from typing import Any

import pytest

from localaws.event_source_mapping.filters import parse_pattern
from localaws.event_source_mapping.settings import Settings, SettingsError, StartingPosition

BUCKET = "arn:aws:s3:::given-up"


def test_a_full_configuration_is_read() -> None:
    configuration = {
        "BatchSize": 500,
        "MaximumBatchingWindowInSeconds": 5,
        "ParallelizationFactor": 4,
        "MaximumRetryAttempts": 3,
        "MaximumRecordAgeInSeconds": 3_600,
        "BisectBatchOnFunctionError": True,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "StartingPosition": "LATEST",
        "FilterCriteria": {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]},
        "DestinationConfig": {"OnFailure": {"Destination": BUCKET}},
    }
    assert Settings.from_api(configuration) == Settings(
        batch_size=500,
        batching_window=5,
        parallelization_factor=4,
        retries=3,
        record_age=3_600,
        bisect=True,
        report_batch_item_failures=True,
        starting_position=StartingPosition.LATEST,
        filters=(parse_pattern('{"eventName": ["INSERT"]}'),),
        on_failure=BUCKET,
    )


def test_what_is_left_out_has_the_documented_default() -> None:
    assert Settings.from_api({"StartingPosition": "TRIM_HORIZON"}) == Settings()
    assert Settings() == Settings(
        batch_size=100,
        batching_window=0,
        parallelization_factor=1,
        retries=None,
        record_age=None,
        bisect=False,
        report_batch_item_failures=False,
        starting_position=StartingPosition.TRIM_HORIZON,
        filters=(),
        on_failure=None,
    )


def test_minus_one_is_no_limit_and_an_empty_destination_none() -> None:
    configuration = {
        "StartingPosition": "TRIM_HORIZON",
        "MaximumRetryAttempts": -1,
        "MaximumRecordAgeInSeconds": -1,
        "DestinationConfig": {"OnFailure": {}},
        "FunctionResponseTypes": [],
    }
    assert Settings.from_api(configuration) == Settings()


def test_parameters_of_a_template_are_text_and_read_all_the_same() -> None:
    configuration = {
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": "10",
        "MaximumRetryAttempts": "0",
        "BisectBatchOnFunctionError": "true",
        "FilterCriteria": {"Filters": [{"Pattern": {"eventName": ["INSERT"]}}]},
    }
    assert Settings.from_api(configuration) == Settings(
        batch_size=10,
        retries=0,
        bisect=True,
        filters=(parse_pattern('{"eventName": ["INSERT"]}'),),
    )


@pytest.mark.parametrize("value", [False, "false", "False", None])
def test_what_is_not_true_is_false(value: Any) -> None:
    configuration = {"StartingPosition": "LATEST", "BisectBatchOnFunctionError": value}
    assert not Settings.from_api(configuration).bisect


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("BatchSize", 0, "BatchSize is 0, Lambda takes 1 to 10000"),
        ("BatchSize", 10_001, "BatchSize is 10001, Lambda takes 1 to 10000"),
        ("ParallelizationFactor", 11, "ParallelizationFactor is 11, Lambda takes 1 to 10"),
        (
            "MaximumBatchingWindowInSeconds",
            301,
            "MaximumBatchingWindowInSeconds is 301, Lambda takes 0 to 300",
        ),
        ("MaximumRetryAttempts", -2, "MaximumRetryAttempts is -2, Lambda takes -1 to 10000"),
        (
            "MaximumRecordAgeInSeconds",
            59,
            "MaximumRecordAgeInSeconds is 59, Lambda takes -1 or 60 to 604800",
        ),
    ],
)
def test_a_number_that_lambda_refuses_is_refused(name: str, value: int, message: str) -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_api({"StartingPosition": "LATEST", name: value})
    assert str(error.value) == message


def test_a_starting_position_of_other_streams_is_refused() -> None:
    with pytest.raises(SettingsError) as error:
        Settings.from_api({"StartingPosition": "AT_TIMESTAMP"})
    assert str(error.value) == (
        "StartingPosition is AT_TIMESTAMP, a DynamoDB stream has TRIM_HORIZON and LATEST"
    )
