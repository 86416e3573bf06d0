"""The settings of /health."""

from __future__ import annotations

import pytest
from antipode.errors import SettingsError
from antipode.health.settings import Settings
from antipode.health.table import Table

ENVIRON = {
    "AWS_REGION": "eu-west-1",
    "TABLE": "antipode-ItemsModel",
    "PARTITION_KEY": "id",
    "PARTITION_KEY_TYPE": "S",
    "SORT_KEY": "",
    "SORT_KEY_TYPE": "S",
    "GRAPHQL_URL": "https://api.example.com/graphql",
    "RELAY_ALARMS": "stuck,throttled",
    "DRAINED_PARAMETER": "/antipode/drained",
}


def test_the_settings_are_those_of_the_environment() -> None:
    assert Settings.from_env(ENVIRON) == Settings(
        region="eu-west-1",
        table=Table("antipode-ItemsModel", {"id": "S"}),
        graphql_url="https://api.example.com/graphql",
        relay_alarms=("stuck", "throttled"),
        drained_parameter="/antipode/drained",
    )


def test_a_table_with_a_sort_key_is_read_by_both() -> None:
    environ = ENVIRON | {"SORT_KEY": "number", "SORT_KEY_TYPE": "N"}
    table = Settings.from_env(environ).table
    assert table == Table("antipode-ItemsModel", {"id": "S", "number": "N"})


@pytest.mark.parametrize("name", sorted(ENVIRON.keys() - {"SORT_KEY", "SORT_KEY_TYPE"}))
def test_a_setting_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {name: ""})
    assert str(raised.value) == f"environment variable {name} is missing"
