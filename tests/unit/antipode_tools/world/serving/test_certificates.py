"""The world's own certificate authority, asked by an ordinary TLS client."""

from __future__ import annotations

import ssl
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from antipode_tools.world.errors import WorldError
from antipode_tools.world.serving.certificates import Authority, utc
from localaws.serving import serving
from localaws.sockets import listen, number


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers every request."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["scheme"].encode()})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_whoever_trusts_the_authority_trusts_the_server_by_both_of_its_names(
    tmp_path: Path, host: str
) -> None:
    tls = Authority.kept(tmp_path, utc).server(tmp_path, utc)
    trusting = ssl.create_default_context(cafile=tmp_path / "ca.pem")
    with listen(0) as listener:
        async with (
            serving(app, listener, tls=tls),
            httpx.AsyncClient(verify=trusting, trust_env=False) as client,
        ):
            answer = await client.get(f"https://{host}:{number(listener)}/")
    assert (answer.status_code, answer.text) == (200, "https")


async def test_whoever_does_not_trust_it_is_not_served(tmp_path: Path) -> None:
    tls = Authority.kept(tmp_path, utc).server(tmp_path, utc)
    with listen(0) as listener:
        async with serving(app, listener, tls=tls), httpx.AsyncClient(trust_env=False) as client:
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                await client.get(f"https://127.0.0.1:{number(listener)}/")


def test_the_authority_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "tls"
    first = Authority.kept(folder, utc)
    assert Authority.kept(folder, utc).certificate == first.certificate
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {
        "ca.key": 0o600,
        "ca.pem": 0o600,
    }


def test_an_authority_whose_time_is_nearly_over_is_made_anew(tmp_path: Path) -> None:
    first = Authority.kept(tmp_path, utc)
    later = Authority.kept(tmp_path, lambda: utc() + timedelta(days=3650 - 396))
    assert later.certificate != first.certificate


@pytest.mark.parametrize("file", ["ca.pem", "ca.key"])
def test_an_authority_that_cannot_be_read_is_named_with_what_to_do(
    tmp_path: Path, file: str
) -> None:
    Authority.kept(tmp_path, utc)
    (tmp_path / file).write_text("no PEM")
    with pytest.raises(WorldError) as refused:
        Authority.kept(tmp_path, utc)
    assert refused.value.what == "the world's certificate authority cannot be read"
    assert refused.value.remedy == (
        f"remove {tmp_path}: a new one is made, and clients must trust that one"
    )


def test_the_key_of_another_authority_is_refused(tmp_path: Path) -> None:
    Authority.kept(tmp_path / "one", utc)
    Authority.kept(tmp_path / "other", utc)
    (tmp_path / "one" / "ca.key").write_bytes((tmp_path / "other" / "ca.key").read_bytes())
    with pytest.raises(WorldError) as refused:
        Authority.kept(tmp_path / "one", utc)
    assert refused.value.why == "ca.key is not the key of ca.pem"
