"""The settings of an event source mapping, as CreateEventSourceMapping accepts them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from localaws.errors import LocalAwsError
from localaws.event_source_mapping.filters import Pattern, parse_pattern

# A configuration as the Lambda API gives it. Every field is read and checked here.
Configuration = Mapping[str, Any]

# DynamoDB Streams keeps a record for 24 hours:
# https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
RETENTION_S = 86_400

_REPORT_BATCH_ITEM_FAILURES = "ReportBatchItemFailures"

# Lambda's ranges: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
_RANGES = {
    "BatchSize": (1, 10_000),
    "MaximumBatchingWindowInSeconds": (0, 300),
    "ParallelizationFactor": (1, 10),
    "MaximumRetryAttempts": (-1, 10_000),
    "MaximumRecordAgeInSeconds": (-1, 604_800),
}


class SettingsError(LocalAwsError, ValueError):
    """Lambda would refuse a mapping with these settings."""


class StartingPosition(StrEnum):
    """Where a mapping starts to read: at the oldest record that is kept, or at the next one."""

    TRIM_HORIZON = "TRIM_HORIZON"
    LATEST = "LATEST"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one mapping that apply to a DynamoDB stream.

    Args:
        batching_window: how long to gather records before an invocation, in seconds.
        retries: how often a failed batch is retried; None: until its records expire.
        record_age: the age in seconds at which a record is discarded; None: when it expires.
        report_batch_item_failures: whether the function's response is read.
        filters: a record is sent if one of them matches, or if there is none.
        on_failure: the ARN of a queue, a topic or a bucket for discarded records.
    """

    batch_size: int = 100
    batching_window: int = 0
    parallelization_factor: int = 1
    retries: int | None = None
    record_age: int | None = None
    bisect: bool = False
    report_batch_item_failures: bool = False
    starting_position: StartingPosition = StartingPosition.TRIM_HORIZON
    filters: tuple[Pattern, ...] = ()
    on_failure: str | None = None

    @property
    def longest_age(self) -> int:
        """The age in seconds beyond which a record is no longer sent to the function."""
        return RETENTION_S if self.record_age is None else min(RETENTION_S, self.record_age)

    @classmethod
    def from_api(cls, configuration: Configuration) -> Self:
        """Read an entry of ListEventSourceMappings.

        Numbers and booleans may be strings: an engine may keep a template's parameters as they are.

        Raises:
            SettingsError: a value is one that Lambda refuses.
        """
        return cls(
            batch_size=_number(configuration, "BatchSize", 100),
            batching_window=_number(configuration, "MaximumBatchingWindowInSeconds", 0),
            parallelization_factor=_number(configuration, "ParallelizationFactor", 1),
            retries=_limit(configuration, "MaximumRetryAttempts"),
            record_age=_record_age(configuration),
            bisect=truth(configuration.get("BisectBatchOnFunctionError", False)),
            report_batch_item_failures=_REPORT_BATCH_ITEM_FAILURES
            in (configuration.get("FunctionResponseTypes") or ()),
            starting_position=_starting_position(configuration),
            filters=_filters(configuration),
            on_failure=_on_failure(configuration),
        )


def truth(value: bool | str) -> bool:
    """A boolean as CloudFormation passes it: true, or "true"."""
    return value is True or str(value).lower() == "true"


def _number(configuration: Configuration, name: str, default: int) -> int:
    value = int(configuration.get(name, default))
    lowest, highest = _RANGES[name]
    if not lowest <= value <= highest:
        raise SettingsError(f"{name} is {value}, Lambda takes {lowest} to {highest}")
    return value


def _limit(configuration: Configuration, name: str) -> int | None:
    value = _number(configuration, name, -1)
    return None if value == -1 else value


def _record_age(configuration: Configuration) -> int | None:
    age = _limit(configuration, "MaximumRecordAgeInSeconds")
    if age is not None and age < 60:
        raise SettingsError(f"MaximumRecordAgeInSeconds is {age}, Lambda takes -1 or 60 to 604800")
    return age


def _starting_position(configuration: Configuration) -> StartingPosition:
    value = configuration["StartingPosition"]
    try:
        return StartingPosition(value)
    except ValueError:
        raise SettingsError(
            f"StartingPosition is {value}, a DynamoDB stream has TRIM_HORIZON and LATEST"
        ) from None


def _filters(configuration: Configuration) -> tuple[Pattern, ...]:
    filters = (configuration.get("FilterCriteria") or {}).get("Filters") or ()
    return tuple(parse_pattern(_text(entry["Pattern"])) for entry in filters)


def _text(pattern: Any) -> str:  # a string on AWS; CloudFormation may have parsed it already
    return pattern if isinstance(pattern, str) else json.dumps(pattern)


def _on_failure(configuration: Configuration) -> str | None:
    on_failure = (configuration.get("DestinationConfig") or {}).get("OnFailure") or {}
    destination: str | None = on_failure.get("Destination")
    return destination
