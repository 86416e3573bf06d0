"""The console over HTTP and its socket, with deeds that do nothing."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from antipode_tools.console.guard import KEY_HEADER
from antipode_tools.console.places import Places
from antipode_tools.console.serving import served
from antipode_tools.operate.stacks.errors import OperationError, UsageError
from localaws.sockets import listen
from tests.fakes.http_client import http_client

# JSON.
Json = Any
KEY = "the key"
MADE = {"/ticket/split.html": "<style>h1 {}</style><h1>split</h1>"}


async def echo(asked: Json) -> Json:
    return {"asked": asked["word"]}


async def wrong(_: Json) -> Json:
    raise UsageError("there is no such Region")


async def broken(_: Json) -> Json:
    raise OperationError("AWS refuses")


@pytest_asyncio.fixture
async def url() -> AsyncIterator[str]:
    with listen(0) as listener:
        deeds = {"echo": echo, "wrong": wrong, "broken": broken}
        async with served(listener, KEY, Places([]), deeds, MADE) as console:
            yield console.url


async def posted(url: str, deed: str, body: bytes, **headers: str) -> tuple[int, Json]:
    async with http_client() as client:
        response = await client.post(f"{url}/api/{deed}", content=body, headers=headers)
        return response.status_code, response.json()


async def test_a_page_is_served_with_its_policy_and_holds_no_key(url: str) -> None:
    async with http_client() as client:
        page = await client.get(url)
        script = await client.get(f"{url}/main.js")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert KEY not in page.text
    assert "<script>" not in page.text


@pytest.mark.parametrize("path", ["/nothing.js", "/../server.py", "/%2e%2e/server.py", "/static/"])
async def test_nothing_but_the_pages_own_files_is_served(url: str, path: str) -> None:
    async with http_client() as client:
        assert (await client.get(url + path)).status_code == 404


async def test_a_page_that_was_made_has_its_own_style_and_no_script(url: str) -> None:
    async with http_client() as client:
        page = await client.get(f"{url}/ticket/split.html")
        foreign = await client.get(f"{url}/ticket/split.html", headers={"host": "evil.example"})
    assert (page.status_code, page.text) == (200, MADE["/ticket/split.html"])
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    [policy] = page.headers.get_list("content-security-policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "script" not in policy
    assert foreign.status_code == 403


async def test_a_deed_is_done_for_whoever_has_the_key(url: str) -> None:
    body = json.dumps({"word": "<b>"}).encode()
    assert await posted(url, "echo", body, **{KEY_HEADER: KEY}) == (200, {"asked": "<b>"})


@pytest.mark.parametrize(
    ("deed", "body", "headers", "status"),
    [
        ("echo", b"{}", {}, 403),
        ("echo", b"{}", {KEY_HEADER: "guessed"}, 403),
        ("echo", b"{}", {KEY_HEADER: KEY, "origin": "http://evil.example"}, 403),
        ("echo", b"{}", {KEY_HEADER: KEY, "host": "evil.example"}, 403),
        ("echo", b"{", {KEY_HEADER: KEY}, 400),
        ("echo", b"[]", {KEY_HEADER: KEY}, 400),
        ("echo", b"{}", {KEY_HEADER: KEY}, 400),
        ("none", b"{}", {KEY_HEADER: KEY}, 404),
        ("wrong", b"{}", {KEY_HEADER: KEY}, 400),
        ("broken", b"{}", {KEY_HEADER: KEY}, 502),
    ],
)
async def test_what_is_not_the_pages_to_ask_is_refused(
    url: str, deed: str, body: bytes, headers: dict[str, str], status: int
) -> None:
    told = await posted(url, deed, body, **headers)
    assert told[0] == status
    assert told[1]["refused"]


async def test_the_socket_is_the_pages_own(url: str) -> None:
    socket = f"{url.replace('http', 'ws')}/socket"
    for origin in ("http://evil.example", None):
        with pytest.raises(InvalidStatus):
            async with connect(socket, origin=origin):  # type: ignore[arg-type] # any text is sent
                pass
    async with connect(socket, origin=url) as stranger:  # type: ignore[arg-type] # as above
        await stranger.send(json.dumps({"key": "guessed"}))
        with pytest.raises(ConnectionClosed):
            await stranger.recv()
    async with connect(socket, origin=url) as page:  # type: ignore[arg-type] # as above
        await page.send(json.dumps({"key": KEY}))
        assert "beat" in json.loads(await page.recv())
        await page.send('{"start": 1}')
        assert json.loads(await page.recv())["refused"]
