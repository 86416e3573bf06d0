"""The command: what it prints where, and what it ends with."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import jwt
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from typer.testing import CliRunner

from antipode_tools.cli.app import app
from antipode_tools.operate.output import Output
from antipode_tools.operate.stacks.errors import ExitCode
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.where import Where
from antipode_tools.operate.token.command import Run, Wanted, token
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Auth
from tests.fakes.project import start_world

SECRET = "s" * 64
NOW = 1_795_380_420.0
WANTED = Wanted("you", "items:read items:write", 60)
OUTPUTS = {
    "TokenIssuer": "antipode",
    "TokenAudience": "clients",
    "TokenSecretName": "antipode-token",
}


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield


def deployed(region: str, outputs: Mapping[str, str]) -> Target:
    """A Region's stack on AWS."""
    place = Region("ireland", region, "antipode", {})
    return Target(place, Where.AWS, boto3.Session(), {"region_name": region}, outputs)


def store_secret(region: str, value: str) -> None:
    secrets = boto3.client("secretsmanager", region_name=region)
    secrets.create_secret(Name="antipode-token", SecretString=value)


def run(root: Path, wanted: Wanted = WANTED, **arguments: Any) -> tuple[ExitCode, str, str]:
    """What the command ends with, prints, and says beside."""
    out, err = io.StringIO(), io.StringIO()
    how = Run(root=root, output=Output(out, err), now=lambda: NOW, **arguments)
    status = token(wanted, how)
    return status, out.getvalue(), err.getvalue()


def read(printed: str, key: Any, algorithm: str = "HS256") -> Any:
    options: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False}
    return jwt.decode(printed.strip(), key, [algorithm], options=options)


@pytest.mark.usefixtures("aws")
def test_the_token_alone_is_printed_and_the_rest_said_beside(root: Path) -> None:
    store_secret("eu-west-1", SECRET)
    target = deployed("eu-west-1", OUTPUTS)
    status, printed, said = run(root, Wanted("ada", "items:read", 5), target=target)
    assert status is ExitCode.DONE
    assert read(printed, SECRET) == {
        "iss": "antipode",
        "aud": "clients",
        "sub": "ada",
        "scope": "items:read",
        "iat": NOW,
        "exp": NOW + 300,
    }
    assert said == (
        "a token of ada for 'items:read', valid for 5 minutes in every Region of antipode;"
        " send it as Authorization\n"
    )


@pytest.mark.usefixtures("aws")
def test_the_secret_is_that_of_the_region_that_is_named(root: Path) -> None:
    store_secret("eu-west-1", SECRET)
    store_secret("ap-southeast-2", "t" * 64)
    status, printed, _ = run(root, target=deployed("ap-southeast-2", OUTPUTS))
    assert status is ExitCode.DONE
    assert read(printed, "t" * 64)["sub"] == "you"


class Secrets:
    """Secrets Manager, as far as a token asks it, with a replica in some state."""

    def __init__(self, *replicas: Mapping[str, str], refuses: bool = False) -> None:
        self.replicas, self.refuses = replicas, refuses

    def client(self, name: str, **arguments: Any) -> Any:
        return self

    def get_secret_value(self, SecretId: str) -> Any:
        return {"SecretString": SECRET}

    def describe_secret(self, SecretId: str) -> Any:
        if self.refuses:
            raise ClientError(
                {"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeSecret"
            )
        return {"ReplicationStatus": list(self.replicas)}


def warned(root: Path, secrets: Secrets) -> list[str]:
    """What is said beside a token, behind its own line."""
    session: Any = secrets
    target = replace(deployed("eu-west-1", OUTPUTS), session=session)
    status, printed, said = run(root, target=target)
    assert (status, read(printed, SECRET)["sub"]) == (ExitCode.DONE, "you")
    return said.splitlines()[1:]


def test_a_replica_that_did_not_get_the_secret_is_reported(root: Path) -> None:
    replicas: list[dict[str, str]] = [
        {"Region": "ap-southeast-2", "Status": "InSync"},
        {
            "Region": "us-east-1",
            "Status": "Failed",
            "StatusMessage": "such a secret exists",
        },
        {"Region": "sa-east-1", "Status": "InProgress"},
    ]
    assert warned(root, Secrets(*replicas)) == [
        "but not valid in us-east-1 while the secret's replica there is Failed:"
        " such a secret exists",
        "but not valid in sa-east-1 while the secret's replica there is InProgress:"
        " no reason given",
    ]


def test_who_may_not_look_at_the_replicas_has_the_token_all_the_same(root: Path) -> None:
    assert warned(root, Secrets(refuses=True)) == [
        "cannot tell whether it is valid in every Region: An error occurred (AccessDenied)"
        " when calling the DescribeSecret operation: no"
    ]


@pytest.mark.usefixtures("aws")
def test_a_stack_of_another_mode_has_no_secret(root: Path) -> None:
    assert run(root, target=deployed("eu-west-1", {"ApiId": "x"})) == (
        ExitCode.FAILED,
        "",
        "antipode token: stack antipode in eu-west-1 holds no secret that signs tokens: they are"
        " made by its issuer or its user pool, or clients sign in with an API key or with IAM\n",
    )


@pytest.mark.usefixtures("aws")
def test_a_secret_that_cannot_be_read_is_a_failure(root: Path) -> None:
    status, printed, said = run(root, target=deployed("eu-west-1", OUTPUTS))
    assert (status, printed) == (ExitCode.FAILED, "")
    assert said.startswith("antipode token: cannot read secret antipode-token in eu-west-1: ")


def test_without_a_world_that_is_wanted_nothing_is_running(root: Path) -> None:
    assert run(root, where=Where.LOCAL) == (
        ExitCode.NOT_RUNNING,
        "",
        "antipode token: the local world is not running: start it with make up\n",
    )


def test_an_unknown_region_is_wrong_usage(root: Path) -> None:
    status, _, said = run(root, region="virginia")
    assert status is ExitCode.WRONG_USAGE
    assert said.startswith("antipode token: samconfig.toml has no Region virginia")


def test_in_the_local_world_a_stand_in_signs_for_a_user_pool(root: Path) -> None:
    recipe = Recipe("HS256", SECRET, {"iss": "pool", "token_use": "access"})
    start_world(root, auth=Auth(AuthMode.AMAZON_COGNITO_USER_POOLS, token=recipe))
    status, printed, _ = run(root, Wanted("ada", "x", 1))
    assert status is ExitCode.DONE
    assert read(printed, SECRET) == {
        "iss": "pool",
        "token_use": "access",
        "sub": "ada",
        "scope": "x",
        "iat": NOW,
        "exp": NOW + 60,
    }


def test_in_the_local_world_keys_need_no_token(root: Path) -> None:
    start_world(root, auth=Auth(AuthMode.API_KEY))
    status, printed, said = run(root)
    assert (status, printed) == (ExitCode.FAILED, "")
    assert "holds no secret that signs tokens" in said


def test_the_command_has_limits(tmp_path: Path) -> None:
    for minutes in ("0", "1441"):
        assert CliRunner().invoke(app, ["token", "--minutes", minutes]).exit_code == 2
    result = CliRunner().invoke(app, ["token", "--where", "local", "--state", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (3, "")
