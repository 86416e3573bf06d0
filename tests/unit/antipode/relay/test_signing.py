"""Signatures, checked against botocore's."""

from __future__ import annotations

from datetime import UTC, datetime

import botocore.credentials
from antipode.relay.credentials import Credentials
from antipode.relay.signing import Signer, sign
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from hypothesis import example, given
from hypothesis import strategies as st

URL = "https://x.appsync-api.eu-west-1.amazonaws.com/graphql"
CREDENTIALS = Credentials("AKIDEXAMPLE", "secret", "token")
AT = datetime(2026, 11, 22, 20, 47, 1, tzinfo=UTC).timestamp()


def signed(
    body: bytes = b"{}",
    credentials: Credentials = CREDENTIALS,
    at: float = AT,
    region: str = "eu-west-1",
) -> dict[str, str]:
    host = "x.appsync-api.eu-west-1.amazonaws.com"
    path = "/graphql"
    return sign(host=host, path=path, body=body, credentials=credentials, region=region, at=at)


def signature(headers: dict[str, str]) -> str:
    return headers["Authorization"].rpartition("Signature=")[2]


@given(
    st.binary(max_size=2_000),
    st.text("abcXYZ/+=", min_size=1),
    st.none() | st.text("abcXYZ/+=", min_size=1),
    st.integers(0, 4_102_444_800),
    st.sampled_from(["eu-west-1", "ap-southeast-2", "cn-north-1"]),
)
@example(b'{"query":"x"}', "secret", "token", int(AT), "eu-west-1")
def test_the_signature_is_the_one_that_botocore_makes(
    body: bytes, secret: str, token: str | None, at: int, region: str
) -> None:
    headers = signed(body, Credentials("AKIDEXAMPLE", secret, token), at, region)
    theirs = {name: value for name, value in headers.items() if name != "Authorization"}
    request = AWSRequest("POST", URL, headers=theirs, data=body)
    request.context["timestamp"] = headers["x-amz-date"]
    auth = SigV4Auth(
        botocore.credentials.Credentials("AKIDEXAMPLE", secret, token), "appsync", region
    )
    text = auth.string_to_sign(request, auth.canonical_request(request))
    assert signature(headers) == auth.signature(text, request)


def test_the_headers_are_those_of_appsync() -> None:
    headers = signed()
    authorization = headers.pop("Authorization")
    assert headers == {
        "host": "x.appsync-api.eu-west-1.amazonaws.com",
        "content-type": "application/json",
        "x-amz-date": "20261122T204701Z",
        "x-amz-content-sha256": "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        "x-amz-security-token": "token",
    }
    assert authorization.startswith(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/eu-west-1/appsync/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, "
    )


def test_lasting_credentials_have_no_token() -> None:
    assert "x-amz-security-token" not in signed(credentials=Credentials("AKIDEXAMPLE", "secret"))


def test_the_signature_covers_the_body() -> None:
    assert signature(signed(b"{}")) != signature(signed(b"{ }"))


def test_a_new_day_has_a_new_key() -> None:
    at_midnight = datetime(2026, 11, 23, tzinfo=UTC).timestamp()
    before, after = signed(at=at_midnight - 1), signed(at=at_midnight)
    assert "/20261122/" in before["Authorization"]
    assert "/20261123/" in after["Authorization"]
    assert signed(at=at_midnight - 1) == before


def test_rotated_credentials_sign_at_once() -> None:
    rotated = signed(credentials=Credentials("AKIDEXAMPLE", "other", "token"))
    assert signature(rotated) != signature(signed())


def test_a_signer_asks_for_credentials_and_time_at_each_signing() -> None:
    keys, moments = iter("ab"), iter([AT, AT + 60])
    signer = Signer(
        "http://127.0.0.1:4001/graphql",
        "eu-west-1",
        lambda: Credentials(next(keys), "secret"),
        lambda: next(moments),
    )
    first, second = signer(b"{}"), signer(b"{}")
    assert (first["host"], first["x-amz-date"]) == ("127.0.0.1:4001", "20261122T204701Z")
    assert "Credential=a/" in first["Authorization"]
    assert "Credential=b/" in second["Authorization"]
    assert second["x-amz-date"] == "20261122T204801Z"
