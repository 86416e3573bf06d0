from __future__ import annotations

import json
import random
from collections import Counter

from localaws.asgi import Message, Receive, Send
from localaws.trouble import Trouble, Troubled

POST = {"type": "http", "method": "POST"}


async def well(scope: Message, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"{}"})


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def asked(api: Troubled, scope: Message | None = None) -> tuple[int, str]:
    """The status, and the type of the error."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    await api(dict(scope or POST), receive, send)
    if not sent:
        return 0, ""
    body = json.loads(sent[1]["body"])
    return sent[0]["status"], next((e["errorType"] for e in body.get("errors", [])), "")


async def test_an_api_without_trouble_takes_everything() -> None:
    api = Troubled(well, Trouble(), Clock())
    assert {await asked(api) for _ in range(1_000)} == {(200, "")}


async def test_a_throttled_api_takes_so_many_requests_a_second() -> None:
    clock = Clock()
    api = Troubled(well, Trouble(throttle=5), clock)
    statuses = Counter[int]()
    for _ in range(100):
        statuses[(await asked(api))[0]] += 1
        clock.now += 0.1
    # Five at once, and five a second for ten seconds.
    assert statuses == {200: 54, 429: 46}
    clock.now += 60
    assert [await asked(api) for _ in range(6)] == [(200, "")] * 5 + [
        (429, "TooManyRequestsException")
    ]
    api.trouble.throttle = None
    assert await asked(api) == (200, "")


async def test_a_share_of_requests_fails_or_is_never_answered() -> None:
    api = Troubled(well, Trouble(failing=0.25), Clock(), random.Random(1))
    answers = Counter([await asked(api) for _ in range(1_000)])
    assert set(answers) == {(200, ""), (500, "InternalFailureException")}
    assert 200 < answers[500, "InternalFailureException"] < 300
    api.trouble.silently = True
    assert {status for status, _ in [await asked(api) for _ in range(100)]} == {0, 200}


async def test_sockets_and_reads_are_left_alone() -> None:
    api = Troubled(well, Trouble(throttle=1, failing=1.0), Clock())
    for scope in ({"type": "websocket"}, {"type": "http", "method": "GET"}):
        assert await asked(api, scope) == (200, "")
