"""How a Region is reached, and with which credential."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import boto3
import jwt
import pytest
from botocore.exceptions import ClientError

from antipode_tools.operate.probe.endpoint import Endpoint, endpoint
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Auth, Keys, WorldRegion
from tests.fakes.world import a_world

OUTPUTS = {
    "GraphqlUrl": "https://a.example.com/graphql",
    "RealtimeUrl": "wss://a-realtime.example.com/graphql",
    "ApiId": "a",
    "ItemsModelTableName": "antipode-ItemsModel",
}
TOKENS = {"TokenSecretName": "t", "TokenIssuer": "antipode", "TokenAudience": "clients"}
URL = OUTPUTS["GraphqlUrl"]


class Services:
    """The account's own session, as far as a probe asks it."""

    def __init__(self, mode: AuthMode, keys: Sequence[Mapping[str, Any]]) -> None:
        self.mode, self.keys = mode, keys

    def client(self, service: str, **_: object) -> Services:
        return self

    def get_introspection_schema(self, **_: object) -> Mapping[str, Any]:
        return {"schema": io.BytesIO(b"type Query { a: ID }")}

    def get_graphql_api(self, **_: object) -> Mapping[str, Any]:
        return {"graphqlApi": {"authenticationType": self.mode.value}}

    def list_api_keys(self, **_: object) -> Mapping[str, Any]:
        return {"apiKeys": self.keys}

    def get_secret_value(self, **_: object) -> Mapping[str, Any]:
        return {"SecretString": "s" * 64}

    def get_credentials(self) -> Any:
        return boto3.Session("AKID", "secret").get_credentials()


def on_aws(
    mode: AuthMode,
    *,
    token: str | None = None,
    keys: Sequence[Mapping[str, Any]] = (),
    outputs: Mapping[str, str] | None = None,
) -> Endpoint:
    session = cast("boto3.Session", Services(mode, keys))
    region = Region("ireland", "eu-west-1", "antipode", {})
    target = Target(region, Where.AWS, session, {}, {**OUTPUTS, **(outputs or {})})
    return endpoint(target, world=None, token=token)


def headers(found: Endpoint) -> Mapping[str, str]:
    return found.sign(URL, b"{}", {})


def test_it_has_the_addresses_and_the_models_of_the_stack() -> None:
    found = on_aws(AuthMode.API_KEY, outputs={"ApiKey": "key"})
    assert (found.name, found.code) == ("ireland", "eu-west-1")
    assert (found.graphql_url, found.realtime_url) == (URL, OUTPUTS["RealtimeUrl"])
    assert found.schema == "type Query { a: ID }"
    assert found.models == {"ItemsModel"}
    assert headers(found) == {"host": "a.example.com", "x-api-key": "key"}


def test_a_key_that_the_outputs_do_not_show_is_the_one_that_lives_longest() -> None:
    keys = [{"id": "old", "expires": 1}, {"id": "new", "expires": 2}]
    assert headers(on_aws(AuthMode.API_KEY, keys=keys))["x-api-key"] == "new"


def test_without_any_key_it_says_what_to_do() -> None:
    with pytest.raises(OperationError, match="has no key any more: deploy it with another"):
        on_aws(AuthMode.API_KEY)


def test_a_stack_that_signs_tokens_has_one_made() -> None:
    made = headers(on_aws(AuthMode.AWS_LAMBDA, outputs=TOKENS))["Authorization"]
    said = jwt.decode(made, "s" * 64, ["HS256"], audience="clients")
    assert (said["sub"], said["iss"]) == ("antipode-probe", "antipode")


@pytest.mark.parametrize("mode", [AuthMode.OPENID_CONNECT, AuthMode.AWS_LAMBDA])
def test_a_token_that_is_given_is_used(mode: AuthMode) -> None:
    assert headers(on_aws(mode, token="given", outputs=TOKENS))["Authorization"] == "given"


def test_without_a_token_it_says_how_to_name_one() -> None:
    with pytest.raises(OperationError, match=r"name one with --token, or ANTIPODE_TOKEN"):
        on_aws(AuthMode.AMAZON_COGNITO_USER_POOLS)


def test_in_iam_mode_the_callers_own_credentials_sign() -> None:
    assert "Credential=AKID/" in headers(on_aws(AuthMode.AWS_IAM))["Authorization"]


def locally(auth: Auth, api_key: str | None = None) -> Endpoint:
    [world, *_] = a_world().regions.values()
    told: WorldRegion = replace(world, api_key=api_key, auth=auth)
    session = cast("boto3.Session", Services(auth.mode, []))
    region = Region("ireland", "eu-west-1", "antipode", {})
    return endpoint(Target(region, Where.LOCAL, session, {}, OUTPUTS), world=told, token=None)


def test_in_the_local_world_the_worlds_file_says_how_to_sign_in() -> None:
    recipe = Recipe("HS256", "s" * 64, {"sub": "you"})
    assert headers(locally(Auth(AuthMode.API_KEY), "k"))["x-api-key"] == "k"
    signed = headers(locally(Auth(AuthMode.AWS_IAM, keys=Keys("LOCAL", "secret"))))
    assert "Credential=LOCAL/" in signed["Authorization"]
    token = headers(locally(Auth(AuthMode.OPENID_CONNECT, token=recipe)))["Authorization"]
    assert jwt.decode(token, "s" * 64, ["HS256"])["sub"] == "you"
    with pytest.raises(OperationError, match="--token"):
        locally(Auth(AuthMode.OPENID_CONNECT))


def test_who_may_not_look_at_the_api_is_told_so() -> None:
    class Refusing(Services):
        def get_graphql_api(self, **_: object) -> Mapping[str, Any]:
            error = {"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}
            raise ClientError(error, "GetGraphqlApi")  # type: ignore[arg-type] # as it comes

    session = cast("boto3.Session", Refusing(AuthMode.API_KEY, []))
    region = Region("ireland", "eu-west-1", "antipode", {})
    with pytest.raises(
        OperationError, match=r"cannot look at the API in eu-west-1: .*not authorized"
    ):
        endpoint(Target(region, Where.AWS, session, {}, OUTPUTS), world=None, token=None)
