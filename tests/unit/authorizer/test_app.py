"""The handler, as Lambda calls it."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.fakes.tokens import claims, ec_signer, rsa_signer, signed
from tests.unit.antipode.authorizer.test_key_set import document, issuer
from tests.unit.antipode.authorizer.test_settings import ENVIRON

SRC = Path(__file__).parents[3] / "src"
SECRET = "s" * 64
DEPLOYED = {
    **ENVIRON,
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "POWERTOOLS_SERVICE_NAME": "authorizer",
    "POWERTOOLS_LOG_LEVEL": "INFO",
}

Handler = Callable[[Any, "Context"], Any]  # JSON in, JSON out


class Context:
    """Lambda's context object, in as far as Powertools reads it."""

    function_name = "authorizer"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:authorizer"
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[Handler]:
    """The handler of a new process, as far as that goes in this one."""
    for name, value in DEPLOYED.items():
        monkeypatch.setenv(name, value)
    sys.modules.pop("authorizer.app", None)
    with mock_aws():
        yield importlib.import_module("authorizer.app").handler
    del sys.modules["authorizer.app"]


def store_secret() -> None:
    client = boto3.client("secretsmanager", region_name="eu-west-1")
    client.create_secret(Name="antipode-token", SecretString=SECRET)


def token(**changes: Any) -> str:
    facts = {"iss": "antipode", "aud": "clients", "exp": time.time() + 60}
    return signed(claims(**{**facts, **changes}), SECRET.encode())


def test_a_token_of_the_secret_is_let_in(handler: Handler) -> None:
    store_secret()
    answer = handler({"authorizationToken": f"Bearer {token()}"}, Context())
    assert answer["isAuthorized"] is True
    assert answer["resolverContext"]["sub"] == "ada"


@pytest.mark.parametrize("wrong", [{}, {"authorizationToken": token(exp=1)}, []])
def test_everybody_else_is_refused(handler: Handler, wrong: Any) -> None:
    store_secret()
    assert handler(wrong, Context()) == {"isAuthorized": False, "ttlOverride": 0}


def test_a_secret_that_cannot_be_read_is_a_refusal_with_a_metric_of_its_own(
    handler: Handler, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handler({"authorizationToken": token()}, Context())["isAuthorized"] is False
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    names = ("Authorized", "Refused", "KeysUnavailable")
    assert [{name: line[name] for name in names if name in line} for line in lines] == [
        {"KeysUnavailable": [1]},
        {"Authorized": [0], "Refused": [1]},
    ]


def in_a_new_process(
    script: str, *arguments: str, **changes: str
) -> subprocess.CompletedProcess[str]:
    """Runs a script with the function's environment and path."""
    path = os.pathsep.join(str(each) for each in (SRC.parent, SRC, SRC / "layer"))
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env={"PYTHONPATH": path, **DEPLOYED, **changes},
        capture_output=True,
        check=False,
        text=True,
    )


def test_a_key_set_needs_no_boto3() -> None:
    script = "import sys, authorizer.app; print('boto3' in sys.modules)"
    ran = in_a_new_process(script, TOKEN_JWKS_URL="https://issuer.example/keys")
    assert (ran.stdout, ran.stderr) == ("False\n", "")


WITHOUT_CRYPTOGRAPHY = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "cryptography":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import authorizer.app
print("cryptography" in sys.modules)
"""


def test_a_secret_needs_no_cryptography() -> None:
    ran = in_a_new_process(WITHOUT_CRYPTOGRAPHY)
    assert (ran.stdout, ran.stderr) == ("False\n", "")


def test_a_function_that_is_configured_wrongly_does_not_start() -> None:
    ran = in_a_new_process("import authorizer.app", TOKEN_ISSUER="")
    assert ran.stderr.splitlines()[-1] == (
        "antipode.errors.SettingsError: environment variable TOKEN_ISSUER is missing"
    )


ASKED = """
import json, sys
from authorizer.app import handler
from tests.unit.authorizer.test_app import Context

answers = [handler({"authorizationToken": token}, Context()) for token in sys.argv[1:]]
print(json.dumps([answer["isAuthorized"] for answer in answers]), file=sys.stderr)
"""


@pytest.mark.enable_socket
def test_a_key_set_lets_in_what_its_private_key_signed_and_nothing_else(certificate: Path) -> None:
    signer, stranger = rsa_signer("one"), ec_signer("two")
    facts = claims(iss="antipode", aud="clients", exp=time.time() + 60)
    tokens = (signer.sign(facts), stranger.sign(facts), signed(facts, signer.pem, kid="one"))
    with issuer(certificate, body=document(signer.entry())) as server:
        ran = in_a_new_process(
            ASKED, *tokens, TOKEN_JWKS_URL=server.url, SSL_CERT_FILE=str(certificate)
        )
        assert ran.stderr == "[true, false, false]\n"
        assert len(server.paths) == 1
