"""What goes wrong at an API because somebody asked for it: throttled requests, and failures."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localaws.asgi import Message, Receive, Send


@dataclass
class Trouble:
    """How an API fares, to be changed while it is served.

    Args:
        throttle: the requests that it takes in a second, and at once; None for all.
        failing: the share of requests that fail before anything is done, from 0 to 1.
        silently: whether those get no answer at all.
    """

    throttle: float | None = None
    failing: float = 0.0
    silently: bool = False


@dataclass
class Troubled:
    """An ASGI application in trouble: its POST requests are throttled and fail.

    AppSync answers 429 where a quota is used up, and 500 where it fails itself:
    https://docs.aws.amazon.com/appsync/latest/APIReference/CommonErrors.html
    """

    application: Any
    trouble: Trouble
    clock: Callable[[], float] = time.monotonic
    chance: random.Random = field(default_factory=random.Random)
    _tokens: float = 0.0
    _filled_at: float | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.application(scope, receive, send)
        elif not self._is_within_the_rate():
            await _refuse(send, 429, "TooManyRequestsException", "Rate exceeded")
        elif self.trouble.failing and self.chance.random() < self.trouble.failing:
            if self.trouble.silently:
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            await _refuse(send, 500, "InternalFailureException", "An internal failure occurred")
        else:
            await self.application(scope, receive, send)

    def _is_within_the_rate(self) -> bool:
        rate, now = self.trouble.throttle, self.clock()
        if rate is None:
            self._filled_at = None
            return True
        most = max(1.0, rate)
        if self._filled_at is None:
            self._tokens, self._filled_at = most, now
        self._tokens = min(most, self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


async def _refuse(send: Send, status: int, type_: str, message: str) -> None:
    body = json.dumps({"errors": [{"errorType": type_, "message": message}]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
