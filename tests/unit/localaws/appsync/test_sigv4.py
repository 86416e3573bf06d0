"""Signatures, made by botocore and checked here."""

import string
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict
from urllib.parse import quote

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import assume, given
from hypothesis import strategies as st

from localaws.appsync.ports import SignedRequest
from localaws.appsync.sigv4 import (
    Authorization,
    SignatureError,
    parse_authorization,
    verify,
)


class Signing(TypedDict, total=False):
    """What a client signs for, where it is not what it should be."""

    region: str
    service: str


KEY, SECRET, REGION = "AKIATEST", "secret/with+signs", "eu-west-1"


def signed(
    body: bytes = b'{"query": "{ a }"}',
    *,
    method: str = "POST",
    path: str = "/graphql",
    query: str = "",
    headers: Mapping[str, str] | None = None,
    token: str | None = None,
    service: str = "appsync",
    region: str = REGION,
) -> SignedRequest:
    """A request as a client that signs with botocore sends it."""
    url = f"https://api.example.com{path}" + (f"?{query}" if query else "")
    request = AWSRequest(method, url, data=body, headers=dict(headers or {}))
    SigV4Auth(Credentials(KEY, SECRET, token), service, region).add_auth(request)
    sent = {"host": "api.example.com", **dict(request.headers.items())}
    return SignedRequest(method, path, sent, body, query)


def header(request: SignedRequest, name: str) -> str:
    return next(value for each, value in request.headers.items() if each.lower() == name)


def check(
    request: SignedRequest,
    *,
    now: datetime | None = None,
    secret: str = SECRET,
    region: str = REGION,
) -> None:
    authorization = parse_authorization(header(request, "authorization"))
    verify(request, authorization, secret=secret, region=region, now=now or datetime.now(UTC))


def test_what_botocore_signs_is_accepted() -> None:
    check(signed(headers={"content-type": "application/json", "x-amz-user-agent": "me  and  you"}))


def test_a_session_token_is_signed_with_the_rest() -> None:
    request = signed(token="token")
    assert "x-amz-security-token" in header(request, "authorization")
    check(request)


def test_headers_count_by_their_names_in_any_case_and_unsigned_ones_not() -> None:
    request = signed()
    headers = {name.upper(): value for name, value in request.headers.items()}
    check(replace(request, headers={**headers, "X-Amzn-Trace-Id": "Root=1"}))


def test_the_connect_path_of_a_socket_is_a_path_like_any_other() -> None:
    request = signed(b"{}", path="/graphql/connect")
    check(request)
    with pytest.raises(SignatureError, match="does not match"):
        check(replace(request, path="/graphql"))


@given(
    body=st.binary(max_size=200),
    query=st.lists(st.tuples(st.text(string.ascii_letters, min_size=1), st.text(max_size=5))),
    extra=st.dictionaries(
        st.text(string.ascii_lowercase, min_size=1, max_size=8).map(lambda name: f"x-a-{name}"),
        st.text(string.ascii_letters + " ", max_size=20),
        max_size=3,
    ),
)
def test_whatever_is_signed_is_accepted(
    body: bytes, query: list[tuple[str, str]], extra: dict[str, str]
) -> None:
    encoded = "&".join(f"{quote(name)}={quote(value, safe='')}" for name, value in query)
    check(signed(body, query=encoded, headers=extra))


@given(body=st.binary(min_size=1, max_size=100), data=st.data())
def test_any_changed_byte_of_the_body_is_refused(body: bytes, data: st.DataObject) -> None:
    request = signed(body)
    place = data.draw(st.integers(0, len(body) - 1))
    byte = data.draw(st.integers(0, 255))
    assume(byte != body[place])
    changed = body[:place] + bytes([byte]) + body[place + 1 :]
    with pytest.raises(SignatureError, match="does not match"):
        check(replace(request, body=changed))


@given(name=st.sampled_from(["host", "x-amz-date", "content-type"]), data=st.data())
def test_any_changed_character_of_a_signed_header_is_refused(
    name: str, data: st.DataObject
) -> None:
    request = signed(headers={"content-type": "application/json"})
    value = header(request, name)
    place = data.draw(st.integers(0, len(value) - 1))
    character = data.draw(st.sampled_from(string.ascii_letters + string.digits))
    assume(character != value[place])
    changed = value[:place] + character + value[place + 1 :]
    headers = {each: kept for each, kept in request.headers.items() if each.lower() != name}
    with pytest.raises(SignatureError):
        check(replace(request, headers={**headers, name: changed}))


@given(data=st.data())
def test_any_changed_character_of_the_authorization_is_refused(data: st.DataObject) -> None:
    request = signed()
    value = header(request, "authorization")
    # What stands before is the algorithm; a changed key id finds another secret, or none.
    place = data.draw(st.integers(value.index(KEY) + len(KEY), len(value) - 1))
    character = data.draw(st.sampled_from(string.ascii_letters + string.digits))
    assume(character != value[place])
    changed = value[:place] + character + value[place + 1 :]
    headers = {each: kept for each, kept in request.headers.items() if each != "Authorization"}
    with pytest.raises(SignatureError):
        check(replace(request, headers={**headers, "authorization": changed}))


def test_a_changed_request_line_is_refused() -> None:
    request = signed()
    for changed in (
        replace(request, method="GET"),
        replace(request, path="/graphqL"),
        replace(request, query="a=1"),
    ):
        with pytest.raises(SignatureError, match="does not match"):
            check(changed)


def test_another_secret_is_refused_with_the_canonical_request_that_was_expected() -> None:
    request = signed(b"{}")
    with pytest.raises(SignatureError) as refused:
        check(request, secret="other")
    date = header(request, "x-amz-date")
    empty_object = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert str(refused.value).startswith(
        "The request signature we calculated does not match the signature you provided. "
        "Check your AWS Secret Access Key and signing method. "
        "Consult the service documentation for details.\n\n"
        "The Canonical String for this request should have been\n"
        f"'POST\n/graphql\n\nhost:api.example.com\nx-amz-date:{date}\n\nhost;x-amz-date\n"
        f"{empty_object}'\n\n"
        f"The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n{date}\n"
        f"{date[:8]}/eu-west-1/appsync/aws4_request\n"
    )


@pytest.mark.parametrize(
    ("signed_for", "message"),
    [
        ({"region": "us-east-1"}, ["a valid region, not 'us-east-1'"]),
        ({"service": "execute-api"}, ["correct service: 'appsync'"]),
        (
            {"region": "us-east-1", "service": "execute-api"},
            ["a valid region, not 'us-east-1'", "correct service: 'appsync'"],
        ),
    ],
)
def test_a_signature_for_another_region_or_service_is_refused_by_what_was_signed(
    signed_for: Signing, message: list[str]
) -> None:
    with pytest.raises(SignatureError) as refused:
        check(signed(**signed_for))
    expected = "".join(f"Credential should be scoped to {part}. " for part in message)
    assert str(refused.value) == expected


def test_a_signature_holds_for_five_minutes_before_and_after() -> None:
    request = signed()
    at = datetime.strptime(header(request, "x-amz-date"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    five, second = timedelta(minutes=5), timedelta(seconds=1)
    check(request, now=at + five)
    check(request, now=at - five)
    with pytest.raises(SignatureError, match=r"^Signature expired: .* \(\S+ - 5 min\.\)$"):
        check(request, now=at + five + second)
    with pytest.raises(SignatureError, match=r"^Signature not yet current: .* \+ 5 min\.\)$"):
        check(request, now=at - five - second)


def test_a_date_of_another_day_than_the_scope_is_refused() -> None:
    request = signed()
    authorization = parse_authorization(header(request, "authorization"))
    with pytest.raises(SignatureError) as refused:
        verify(
            request,
            replace(authorization, date="20200101"),
            secret=SECRET,
            region=REGION,
            now=datetime.now(UTC),
        )
    date = header(request, "x-amz-date")
    assert str(refused.value) == (
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
        f"'20200101' != '{date[:8]}', from '{date}'."
    )


def test_host_and_date_must_be_signed_and_signed_headers_present() -> None:
    request = signed()
    authorization = parse_authorization(header(request, "authorization"))

    def with_headers(*names: str) -> None:
        changed = replace(authorization, signed_headers=names)
        verify(request, changed, secret=SECRET, region=REGION, now=datetime.now(UTC))

    with pytest.raises(SignatureError, match="'host' and 'x-amz-date' must be signed headers"):
        with_headers("x-amz-date")
    with pytest.raises(SignatureError, match="lacks these signed headers: x-amz-absent"):
        with_headers("host", "x-amz-absent", "x-amz-date")


def test_a_date_that_is_none_is_refused() -> None:
    request = signed()
    headers = {n: v for n, v in request.headers.items() if n.lower() != "x-amz-date"}
    with pytest.raises(SignatureError, match="X-Amz-Date must be of the form"):
        check(replace(request, headers={**headers, "x-amz-date": "today"}))


def test_an_authorization_header_is_read() -> None:
    signature = "0" * 64
    assert parse_authorization(
        "AWS4-HMAC-SHA256 Credential=AK/20260102/eu-west-1/appsync/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}"
    ) == Authorization("AK", "20260102", "eu-west-1", "appsync", ("host", "x-amz-date"), signature)


@pytest.mark.parametrize(
    "value",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 garbage",
        "AWS4-HMAC-SHA256 Credential=AK, SignedHeaders=host, Signature=" + "0" * 64,
        "AWS4-HMAC-SHA256 Credential=AK/d/r/s/other, SignedHeaders=host, Signature=" + "0" * 64,
        "AWS4-HMAC-SHA256 Credential=A/d/r/s/aws4_request, SignedHeaders=host, Signature=short",
    ],
)
def test_an_authorization_header_of_another_form_is_refused(value: str) -> None:
    with pytest.raises(SignatureError, match="Authorization header must be"):
        parse_authorization(value)
