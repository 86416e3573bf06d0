from __future__ import annotations

from antipode.canary.protocol import SIGNED
from antipode.canary.signing import signer
from botocore.credentials import Credentials

URL = "https://abc.appsync-api.eu-west-1.amazonaws.com/graphql/connect"
HOST = "abc.appsync-api.eu-west-1.amazonaws.com"


def test_a_signature_covers_what_appsync_asks_for() -> None:
    sign = signer("eu-west-1", lambda: Credentials("AKID", "secret", "token"))
    headers = sign(URL, b"{}", SIGNED)
    signed = "accept;content-encoding;content-type;host;x-amz-date;x-amz-security-token"
    assert f"SignedHeaders={signed}," in headers["Authorization"]
    assert "/eu-west-1/appsync/aws4_request" in headers["Authorization"]
    assert headers["host"] == HOST
    assert headers["X-Amz-Security-Token"] == "token"


def test_the_credentials_are_those_of_the_moment() -> None:
    keys = iter(["FIRST", "SECOND"])
    sign = signer("eu-west-1", lambda: Credentials(next(keys), "secret"))
    assert "FIRST" in sign(URL, b"", {})["Authorization"]
    assert "SECOND" in sign(URL, b"", {})["Authorization"]
