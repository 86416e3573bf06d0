"""What `antipode outputs` prints, of a Region on AWS and of one here, and what it says beside."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from typer.testing import CliRunner

from antipode_tools.cli.app import app
from antipode_tools.operate.output import Output
from antipode_tools.operate.outputs.command import Run, outputs
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Auth, SharedName, Urls
from tests.fakes.project import start_world

MODELS = {"version": 1, "models": {}}
URL = "https://a.appsync-api.eu-west-1.amazonaws.com/graphql"
POOL = {"UserPoolId": "eu-west-1_abc", "UserPoolClientId": "client1"}


class Services:
    """The account's own session, whose API has a mode."""

    def __init__(self, mode: AuthMode, others: Sequence[AuthMode] = ()) -> None:
        self.mode, self.others = mode, others

    def client(self, service: str, **_: object) -> Services:
        return self

    def get_graphql_api(self, **_: object) -> Mapping[str, Any]:
        others = [{"authenticationType": mode.value} for mode in self.others]
        return {
            "graphqlApi": {
                "authenticationType": self.mode.value,
                "additionalAuthenticationProviders": others,
            }
        }


def on_aws(mode: AuthMode, parameters: Mapping[str, str] | None = None, **more: str) -> Target:
    session = cast("boto3.Session", Services(mode))
    region = Region("ireland", "eu-west-1", "antipode", parameters or {})
    return Target(region, Where.AWS, session, {}, {"GraphqlUrl": URL, "ApiId": "a", **more})


def run(root: Path, **arguments: Any) -> tuple[ExitCode, str, list[str]]:
    """What the command ends with, prints, and says beside."""
    out, err = io.StringIO(), io.StringIO()
    how = Run(introspection=MODELS, root=root, output=Output(out, err), **arguments)
    status = outputs("ireland", how)
    return status, out.getvalue(), err.getvalue().splitlines()


def test_a_region_on_aws_is_told_with_its_key(root: Path) -> None:
    status, printed, said = run(root, target=on_aws(AuthMode.API_KEY, ApiKey="da2-1"))
    assert (status, said) == (ExitCode.DONE, [])
    assert json.loads(printed) == {
        "version": "1.4",
        "data": {
            "url": URL,
            "aws_region": "eu-west-1",
            "api_key": "da2-1",
            "default_authorization_type": "API_KEY",
            "authorization_types": [],
            "model_introspection": MODELS,
        },
    }


@pytest.mark.parametrize(
    ("additional", "told"),
    [("API_KEY", ["API_KEY"]), ("API_KEY,AWS_IAM", ["API_KEY", "AWS_IAM"])],
)
def test_of_several_ways_the_relays_is_told_where_clients_come_by_it_too(
    root: Path, additional: str, told: list[str]
) -> None:
    session = cast(
        "boto3.Session", Services(AuthMode.AWS_LAMBDA, [AuthMode.API_KEY, AuthMode.AWS_IAM])
    )
    named = {"AuthMode": "AWS_LAMBDA", "AdditionalAuthModes": additional}
    target = on_aws(AuthMode.AWS_LAMBDA, named, ApiKey="da2-1")
    status, printed, _ = run(root, target=replace(target, session=session))
    data = json.loads(printed)["data"]
    assert status is ExitCode.DONE
    assert (data["default_authorization_type"], data["api_key"]) == ("AWS_LAMBDA", "da2-1")
    assert data["authorization_types"] == told


def test_of_a_user_pool_the_client_is_told_that_front_ends_sign_in_by(root: Path) -> None:
    mode = AuthMode.AMAZON_COGNITO_USER_POOLS
    for region, told in (("", "eu-west-1"), ("us-east-1", "us-east-1")):
        target = on_aws(mode, {**POOL, "UserPoolRegion": region})
        status, printed, said = run(root, target=target)
        assert (status, said) == (ExitCode.DONE, [])
        document = json.loads(printed)
        assert document["auth"] == {
            "aws_region": told,
            "user_pool_id": "eu-west-1_abc",
            "user_pool_client_id": "client1",
        }
        assert document["data"]["default_authorization_type"] == mode.value
        assert "api_key" not in document["data"]


def test_a_pattern_of_clients_names_none(root: Path) -> None:
    target = on_aws(AuthMode.AMAZON_COGNITO_USER_POOLS, {**POOL, "UserPoolClientId": "a|b"})
    status, printed, said = run(root, target=target)
    assert status is ExitCode.DONE
    assert "auth" not in json.loads(printed)
    assert said == [
        "! there is no auth section, as UserPoolId and UserPoolClientId in samconfig.toml name no"
        " app client: add it, or pass authToken with each request"
    ]


def test_a_local_region_is_told_over_tls_where_it_has_it(root: Path) -> None:
    urls = Urls("https://127.0.0.1:4006/graphql", "wss://127.0.0.1:4006/graphql/realtime")
    start_world(root, tls=urls)
    status, printed, said = run(root)
    assert status is ExitCode.DONE
    data = json.loads(printed)["data"]
    assert (data["url"], data["api_key"]) == (urls.graphql_url, "da2-1")
    assert said == [
        "! Node trusts the world's certificate by NODE_EXTRA_CA_CERTS="
        f"{root / '.local' / 'tls' / 'ca.pem'}"
    ]


def test_a_local_region_without_tls_is_told_with_what_that_lacks(root: Path) -> None:
    start_world(root)
    status, printed, said = run(root)
    assert status is ExitCode.DONE
    assert json.loads(printed)["data"]["url"] == "http://127.0.0.1:4001/graphql"
    assert said == [
        "! Amplify's libraries subscribe over TLS alone: start the world with antipode up --tls,"
        " and trust its authority as docs/local.md says"
    ]


def test_by_the_name_of_a_distribution_every_region_is_called(root: Path) -> None:
    target = on_aws(AuthMode.AWS_LAMBDA)
    status, printed, said = run(root, target=target, shared_name="api.example.com")
    assert (status, said) == (ExitCode.DONE, [])
    data = json.loads(printed)["data"]
    assert (data["url"], data["aws_region"]) == ("https://api.example.com/graphql", "eu-west-1")


def test_of_the_name_of_http_apis_it_is_said_that_it_takes_no_subscriptions(root: Path) -> None:
    target = on_aws(AuthMode.AWS_LAMBDA, GlobalUrl="https://api.example.com/graphql")
    silent = (
        "! api.example.com leads to an HTTP API, which takes no subscriptions: subscribe with the"
        " outputs of a Region, or put a distribution in front (docs/routing.md)"
    )
    status, _, said = run(root, target=target, shared_name="api.example.com")
    assert (status, said) == (ExitCode.DONE, [silent])
    start_world(
        root,
        auth=Auth(AuthMode.AWS_LAMBDA),
        shared_name=SharedName("api.example.com", "http://127.0.0.1:4005"),
    )
    status, printed, said = run(root, shared_name="api.example.com")
    assert (status, said) == (ExitCode.DONE, [silent])
    assert json.loads(printed)["data"]["url"] == "http://127.0.0.1:4005/graphql"


def test_a_name_that_the_world_does_not_serve_is_wrong_usage(root: Path) -> None:
    start_world(root, auth=Auth(AuthMode.AWS_LAMBDA))
    assert run(root, shared_name="api.example.com") == (
        ExitCode.WRONG_USAGE,
        "",
        [
            "antipode outputs: the local world does not serve api.example.com: give its Regions"
            " DomainName=api.example.com in samconfig.toml, and start it again"
        ],
    )


def test_a_shared_name_wants_credentials_that_are_good_in_every_region(root: Path) -> None:
    for mode, what in ((AuthMode.API_KEY, "an API key"), (AuthMode.AWS_IAM, "a signature")):
        target = on_aws(mode, ApiKey="da2-1")
        assert run(root, target=target, shared_name="api.example.com") == (
            ExitCode.WRONG_USAGE,
            "",
            [
                f"antipode outputs: clients sign in by {mode}, and {what} is good in one Region"
                " alone: leave out --shared-name, or choose another mode (docs/routing.md)"
            ],
        )


def test_without_a_world_that_is_wanted_nothing_is_running(root: Path) -> None:
    assert run(root, where=Where.LOCAL) == (
        ExitCode.NOT_RUNNING,
        "",
        ["antipode outputs: the local world is not running: start it with make up"],
    )


def test_a_stack_of_before_has_no_such_output(root: Path) -> None:
    target = replace(on_aws(AuthMode.AWS_LAMBDA), outputs={"ApiId": "a"})
    status, _, said = run(root, target=target)
    assert (status, said) == (
        ExitCode.FAILED,
        [
            "antipode outputs: stack antipode in eu-west-1 has no output GraphqlUrl: deploy this"
            " version"
        ],
    )


def test_the_command_tells_of_the_models_of_the_project(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["outputs", "ireland", "--where", "local", "--state", str(tmp_path)]
    )
    assert (result.exit_code, result.stdout) == (3, "")
    assert CliRunner().invoke(app, ["outputs"]).exit_code == 2
