"""The settings of the authorizer."""

from __future__ import annotations

import pytest
from antipode.authorizer.settings import Settings
from antipode.authorizer.tokens import Rules
from antipode.errors import SettingsError
from antipode.namespace import Namespace

ENVIRON = {
    "TOKEN_ISSUER": "antipode",
    "TOKEN_AUDIENCE": "clients",
    "TOKEN_CLOCK_SKEW": "30",
    "TOKEN_SECRET_ID": "antipode-token",
    "AUTHORIZER_CACHE_SECONDS": "300",
    "AWS_REGION": "eu-west-1",
    "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
    "STACK_NAME": "shop",
}


def test_the_settings_are_those_of_the_environment() -> None:
    assert Settings.from_env(ENVIRON) == Settings(
        rules=Rules("antipode", "clients", 30),
        key_set_url=None,
        secret="antipode-token",
        region="eu-west-1",
        cache_s=300,
        namespace=Namespace("Antipode", "shop"),
    )


def test_a_key_set_has_a_url() -> None:
    url = "https://issuer.example/.well-known/jwks.json"
    assert Settings.from_env(ENVIRON | {"TOKEN_JWKS_URL": url}).key_set_url == url


@pytest.mark.parametrize("name", sorted(ENVIRON.keys() - {"STACK_NAME"}))
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {name: ""})
    assert str(raised.value) == f"environment variable {name} is missing"


def test_keys_are_not_fetched_in_the_clear() -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {"TOKEN_JWKS_URL": "http://issuer.example/keys"})
    assert str(raised.value) == (
        "environment variable TOKEN_JWKS_URL is 'http://issuer.example/keys', and not an https URL"
    )


@pytest.mark.parametrize("name", ["TOKEN_CLOCK_SKEW", "AUTHORIZER_CACHE_SECONDS"])
@pytest.mark.parametrize("text", ["-1", "1.5", "long"])
def test_seconds_are_a_whole_number(name: str, text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(ENVIRON | {name: text})
    assert str(raised.value) == (
        f"environment variable {name} is {text!r}, and not a whole number of seconds"
    )
