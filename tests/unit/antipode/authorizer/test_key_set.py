"""The keys that an issuer publishes."""

from __future__ import annotations

import json
import ssl
from contextlib import AbstractContextManager
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from antipode.authorizer.key_set import MAX_BYTES, KeySet, parse
from antipode.authorizer.keys import Keys
from antipode.authorizer.refusal import KeysUnavailableError

from tests.fakes.servers import QuietHandler, served
from tests.fakes.tokens import Signer, ec_signer, rsa_signer

ONE, TWO = rsa_signer("one"), ec_signer("two")


def document(*entries: Any) -> bytes:
    return json.dumps({"keys": list(entries)}).encode()


# -- What is in a set ------------------------------------------------------------------------------


def facts(keys: Keys) -> list[tuple[str | None, str]]:
    return [(key.id, key.algorithm) for key in keys.all]


def test_each_key_is_for_the_algorithm_that_the_set_names() -> None:
    pss = Signer("PS256", ONE.private, "three")
    assert facts(parse(document(ONE.entry(), TWO.entry(), pss.entry()))) == [
        ("one", "RS256"),
        ("two", "ES256"),
        ("three", "PS256"),
    ]


def test_a_key_without_an_algorithm_is_for_that_of_its_kind() -> None:
    entries = [{k: v for k, v in each.entry().items() if k != "alg"} for each in (ONE, TWO)]
    assert facts(parse(document(*entries))) == [("one", "RS256"), ("two", "ES256")]


def test_a_key_is_the_one_that_was_published() -> None:
    [key] = parse(document(ONE.entry())).all
    assert key.material == ONE.private.public_key()


@pytest.mark.parametrize(
    "entry",
    [
        {"kty": "oct", "kid": "one", "k": "c2VjcmV0", "alg": "HS256"},
        {"kty": "oct", "kid": "one", "k": "c2VjcmV0"},
        ONE.entry(use="enc"),
        ONE.entry(alg="HS256"),
        ONE.entry(alg="none"),
        ONE.entry(alg="RSA-OAEP"),
        ONE.entry(kty="quantum"),
        ONE.entry(n="!"),
        TWO.entry(crv="P-1"),
        ONE.entry(alg=["RS256"]),
        ONE.entry(kid=5),
        "text",
        None,
    ],
)
def test_what_is_no_public_key_for_signatures_is_left_out(entry: Any) -> None:
    assert facts(parse(document(entry, TWO.entry()))) == [("two", "ES256")]
    with pytest.raises(ValueError, match=r"^the key set has no key for signatures$"):
        parse(document(entry))


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"keys": {}}', b"5"])
def test_what_is_not_a_key_set_is_reported_as_such(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^the answer is no key set$"):
        parse(body)


# -- How it is fetched -----------------------------------------------------------------------------


class Issuer(ThreadingHTTPServer):
    """An issuer on this machine, with a certificate of its own."""

    def __init__(self, status: int, body: bytes, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), IssuerHandler)
        self.status, self.body = status, body
        self.paths: list[str] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_port}/.well-known/jwks.json?a=1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that trusts nobody hangs up: no news."""


class IssuerHandler(QuietHandler):
    server: Issuer

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Location", "https://localhost:1/elsewhere")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)


def issuer(
    certificate: Path, *, status: int = 200, body: bytes = b""
) -> AbstractContextManager[Issuer]:
    return served(Issuer(status, body, certificate))


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def failure(key_set: KeySet) -> str:
    with pytest.raises(KeysUnavailableError) as raised:
        key_set()
    return str(raised.value)


@pytest.mark.enable_socket
def test_the_set_is_fetched_from_its_url(certificate: Path) -> None:
    with issuer(certificate, body=document(ONE.entry())) as server:
        assert facts(KeySet(server.url, trusting(certificate))()) == [("one", "RS256")]
        assert server.paths == ["/.well-known/jwks.json?a=1"]


@pytest.mark.enable_socket
def test_a_server_that_is_not_the_issuers_is_not_believed(certificate: Path) -> None:
    with issuer(certificate, body=document(ONE.entry())) as server:
        told = failure(KeySet(server.url))
    assert told.startswith(f"key set {server.url} cannot be had: [SSL: CERTIFICATE_VERIFY_FAILED]")


@pytest.mark.enable_socket
@pytest.mark.parametrize("status", [301, 302, 404, 500])
def test_another_answer_is_none_and_a_redirection_is_not_followed(
    certificate: Path, status: int
) -> None:
    with issuer(certificate, status=status, body=document(ONE.entry())) as server:
        told = failure(KeySet(server.url, trusting(certificate)))
    assert told == f"key set {server.url} cannot be had: the answer has status {status}"


@pytest.mark.enable_socket
def test_an_answer_without_end_is_not_read(certificate: Path) -> None:
    with issuer(certificate, body=b" " * (MAX_BYTES + 1)) as server:
        told = failure(KeySet(server.url, trusting(certificate)))
    assert told == (
        f"key set {server.url} cannot be had: the answer has more than {MAX_BYTES} bytes"
    )


@pytest.mark.enable_socket
def test_an_issuer_that_cannot_be_reached_is_unavailable() -> None:
    url = "https://127.0.0.1:1/keys"
    assert failure(KeySet(url)).startswith(f"key set {url} cannot be had: ")
