"""The clients that a redrive works with."""

from __future__ import annotations

from typing import Any

import boto3

from antipode_tools.operate.redrive import services
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.regions import Region

TARGET = Target(
    Region("ireland", "eu-west-1", "antipode", {}),
    Where.AWS,
    boto3.Session("x", "y"),
    {"region_name": "eu-west-1"},
    {},
)


def test_the_relay_is_invoked_once_and_waited_for_as_long_as_lambda_lets_it_run() -> None:
    # boto3's stubs do not know what a configuration holds.
    config: Any = services.functions(TARGET).meta.config

    assert (config.read_timeout, config.connect_timeout) == (960.0, 60)
    assert config.retries["total_max_attempts"] == 1


def test_clients_for_aws_are_of_the_region() -> None:
    url = services.functions(TARGET).meta.endpoint_url

    assert url == "https://lambda.eu-west-1.amazonaws.com"
    assert services.sqs(TARGET).meta.region_name == "eu-west-1"
    assert services.s3(TARGET).meta.region_name == "eu-west-1"
