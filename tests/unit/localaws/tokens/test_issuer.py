"""The stand-in for a user pool or an OpenID provider."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import jwt
import pytest

from localaws.appsync.deployed import OpenIdProvider, TokenIssuer, UserPool
from localaws.appsync.key_sets import KeySets
from localaws.appsync.ports import Json
from localaws.appsync.tokens import read, verify
from localaws.serving import serving
from localaws.sockets import listen, number
from localaws.tokens.fetching import over_http
from localaws.tokens.issuer import KEY_ID, Documents, LocalIssuer, claims

POOL = UserPool("eu-west-1_Local", "eu-west-1", clients="web|app")
PROVIDER = OpenIdProvider("https://id.example.com/tenant/")
URL = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def issuer() -> LocalIssuer:
    return LocalIssuer.of([POOL, PROVIDER], URL)


def now() -> datetime:
    return datetime.now(UTC)


def minted(issuer: LocalIssuer, name: TokenIssuer) -> str:
    """What whoever has the private key can make."""
    times = {"iat": now(), "exp": now() + timedelta(hours=1)}
    header = {"kid": KEY_ID}
    return jwt.encode({**claims(name), **times}, issuer.private_key, "RS256", headers=header)


@pytest.mark.parametrize("name", [POOL, PROVIDER])
async def test_its_tokens_are_verified_by_what_it_serves(
    issuer: LocalIssuer, name: TokenIssuer
) -> None:
    with listen(0) as listener:
        served = replace(issuer, url=f"http://127.0.0.1:{number(listener)}")
        async with serving(Documents(lambda: served.documents), listener):
            keys = KeySets(over_http(served.stand_ins), now)
            token = read(minted(served, name))
            key = await keys.key(name, token.key_id)
    assert key is not None
    assert verify(token, name, key, now())["sub"] == "local"


def test_a_token_is_for_the_first_client_that_the_api_names() -> None:
    assert claims(POOL)["client_id"] == "web"
    assert claims(POOL, client="mine")["client_id"] == "web"
    assert claims(PROVIDER)["aud"] == "local"
    assert claims(PROVIDER, client="mine")["aud"] == "mine"


async def test_nothing_but_its_documents_is_served(issuer: LocalIssuer) -> None:
    transport = httpx.ASGITransport(Documents(lambda: issuer.documents))
    async with httpx.AsyncClient(transport=transport, base_url=URL) as client:
        found = await client.get("/1/.well-known/jwks.json")
        absent = await client.get("/3/.well-known/jwks.json")
    assert (found.status_code, absent.status_code) == (200, 404)
    [key] = found.json()["keys"]
    assert key.keys() == {"kty", "n", "e", "kid", "alg", "use", "key_ops"}


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.com/", "keys"])
async def test_only_http_is_fetched(url: str) -> None:
    with pytest.raises(OSError, match="only be fetched over HTTP"):
        await over_http({})(url)


async def test_a_document_may_not_be_endless() -> None:
    long: Json = {"/": "x" * 1024 * 1024}
    with listen(0) as listener:
        url = f"http://127.0.0.1:{number(listener)}"
        async with serving(Documents(lambda: long), listener):
            with pytest.raises(OSError, match="over 1048576 bytes"):
                await over_http({"https://issuer.example": url})("https://issuer.example/")
