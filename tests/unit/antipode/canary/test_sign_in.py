from __future__ import annotations

from typing import Any, cast

import jwt
import pytest
from antipode.canary.errors import SignInError
from antipode.canary.settings import Settings
from antipode.canary.sign_in import by_api_key, by_token
from antipode.errors import SettingsError
from botocore.exceptions import ClientError

ENVIRONMENT = {
    "AWS_REGION": "eu-west-1",
    "REGIONS": "eu-west-1,ap-southeast-2",
    "MODEL": "Beat",
    "AUTH_MODE": "AWS_LAMBDA",
    "GRAPHQL_URL": "https://a.example.com/graphql",
    "REALTIME_URL": "wss://a.example.com/graphql/realtime",
    "API_ID": "a",
    "TOKEN_SECRET_ID": "antipode-token",
    "TOKEN_ISSUER": "antipode",
    "TOKEN_AUDIENCE": "clients",
    "POWERTOOLS_METRICS_NAMESPACE": "Antipode",
    "STACK_NAME": "shop",
}
SETTINGS = Settings.from_env(ENVIRONMENT)
NOW = 1_795_000_000.0


class Answers:
    """An AWS service that always gives the same answer, or refuses."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def list_api_keys(self, apiId: str) -> Any:
        return self._answered()

    def get_secret_value(self, SecretId: str) -> Any:
        return self._answered()

    def _answered(self) -> Any:
        if self.answer is None:
            error = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
            raise ClientError(cast("Any", error), "Any")
        return self.answer


def headers(sign: Any) -> dict[str, str]:
    return dict(sign("https://a.example.com/graphql", b"", {}))


def test_the_key_is_the_one_that_lives_longest() -> None:
    keys = {"apiKeys": [{"id": "old", "expires": 1}, {"id": "new", "expires": 2}]}
    assert headers(by_api_key(cast("Any", Answers(keys)), "a")) == {
        "host": "a.example.com",
        "x-api-key": "new",
    }


def test_a_token_is_for_its_model_alone_and_short() -> None:
    secret = {"SecretString": "s" * 64}
    made = headers(by_token(cast("Any", Answers(secret)), SETTINGS, lambda: NOW))["Authorization"]
    # A bare one would be taken for a user pool's where the API has one.
    assert made.startswith("lambda:")
    options: Any = {"verify_exp": False, "verify_iat": False}
    said = jwt.decode(
        made.removeprefix("lambda:"), "s" * 64, ["HS256"], audience="clients", options=options
    )
    assert said == {
        "iss": "antipode",
        "aud": "clients",
        "sub": "antipode-canary",
        "scope": "Beat:read Beat:write",
        "iat": NOW,
        "exp": NOW + 120,
    }


@pytest.mark.parametrize(
    ("answer", "why"),
    [({"apiKeys": []}, "the API has no key any more"), (None, "the API's keys cannot be listed")],
)
def test_without_a_key_there_is_nothing_to_sign_in_with(answer: Any, why: str) -> None:
    with pytest.raises(SignInError, match=why):
        by_api_key(cast("Any", Answers(answer)), "a")


def test_without_the_secret_there_is_nothing_to_sign_in_with() -> None:
    with pytest.raises(SignInError, match="the tokens' secret cannot be read"):
        by_token(cast("Any", Answers(None)), SETTINGS)


@pytest.mark.parametrize(
    "name", sorted(n for n in ENVIRONMENT if not n.startswith(("TOKEN", "STACK")))
)
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is missing"):
        Settings.from_env({**ENVIRONMENT, name: ""})


def test_the_regions_are_a_list() -> None:
    assert SETTINGS.regions == ("eu-west-1", "ap-southeast-2")
