"""The settings of the relay."""

from __future__ import annotations

import pytest
from antipode.errors import SettingsError
from antipode.namespace import Namespace
from antipode.relay.settings import DEFAULT_LANES, Settings

ENVIRON = {
    "GRAPHQL_URL": "https://x.appsync-api.eu-west-1.amazonaws.com/graphql",
    "TABLE_PREFIX": "antipode-",
    "UNDELIVERED_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/q",
    "AWS_REGION": "eu-west-1",
    "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
    "STACK_NAME": "shop",
    "LANES": "8",
    "PUBLISH_RATE": "500",
    "TABLES": "Todo=Todo-abc123-prod;Note=notes;",
}


def test_the_settings_are_those_of_the_environment() -> None:
    assert Settings.from_env(ENVIRON) == Settings(
        graphql_url="https://x.appsync-api.eu-west-1.amazonaws.com/graphql",
        table_prefix="antipode-",
        tables={"Todo-abc123-prod": "Todo", "notes": "Note"},
        queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/q",
        region="eu-west-1",
        lanes=8,
        publish_rate=500,
        namespace=Namespace("Antipode", "shop"),
        log_changes=False,
    )


def test_changes_are_logged_where_it_is_asked_for() -> None:
    assert Settings.from_env(ENVIRON | {"LOG_CHANGES": "true"}).log_changes


OPTIONAL = {"LANES", "PUBLISH_RATE", "STACK_NAME", "TABLES"}


def test_what_is_optional_has_a_default() -> None:
    environ = {name: value for name, value in ENVIRON.items() if name not in OPTIONAL}
    settings = Settings.from_env(environ)
    assert (settings.lanes, settings.publish_rate, settings.tables) == (DEFAULT_LANES, 0, {})


@pytest.mark.parametrize("name", sorted(ENVIRON.keys() - OPTIONAL))
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {name: ""})
    assert str(raised.value) == f"environment variable {name} is missing"


@pytest.mark.parametrize("url", ["x.appsync-api.eu-west-1.amazonaws.com", "ftp://x/", "https://"])
def test_a_url_without_a_server_is_refused(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {"GRAPHQL_URL": url})
    assert str(raised.value) == (
        f"environment variable GRAPHQL_URL is {url!r}, and not the URL of a server"
    )


@pytest.mark.parametrize("lanes", ["0", "-1", "many", "1.5"])
def test_lanes_are_a_whole_number_from_one_up(lanes: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {"LANES": lanes})
    assert str(raised.value) == (
        f"environment variable LANES is {lanes!r}, and not a whole number from 1 up"
    )


@pytest.mark.parametrize("rate", ["-1", "many", "1.5", ""])
def test_the_rate_is_a_whole_number_from_zero_up(rate: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {"PUBLISH_RATE": rate})
    assert str(raised.value) == (
        f"environment variable PUBLISH_RATE is {rate!r}, and not a whole number from 0 up"
    )


@pytest.mark.parametrize("tables", ["Todo", "=notes", "Todo="])
def test_a_table_is_told_with_its_model(tables: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {"TABLES": tables})
    assert str(raised.value) == (
        f"environment variable TABLES has {tables!r}, and not a model and its table"
    )
