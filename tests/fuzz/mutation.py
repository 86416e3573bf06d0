"""Good input made bad, at random but the same for the same seed."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from random import Random
from typing import Any

# What has broken parsers before.
NASTY = (
    b"",
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "\u2028\U0001f600".encode(),
    b"null",
    b"NaN",
    b"1e999",
    b"-0",
    b"9" * 400,
    b'"',
    b"\\",
    b"\\ud800",
    b"%",
    b"%00",
    b"%zz",
    b"..",
    b"=",
    b"\r\n",
    b" ",
    b"\t",
    b":",
    b",",
    b"[" * 3000,
    b'{"a":' * 2000,
    b"{ a" * 500,
    b"__proto__",
    b"none",
    b"HS256",
    b"AWS4-HMAC-SHA256 ",
    b"Bearer ",
    b"x" * 9000,
)

# JSON in the place of JSON.
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    1.5,
    float("nan"),
    float("inf"),
    "",
    "\ud800",
    "none",
    "a" * 3000,
    [],
    {},
    [[]],
    {"a": None},
)


class Mutator:
    """Changes what it is given, a little or a lot."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def raw(self, good: bytes) -> bytes:
        """One to four changes; now and then none."""
        for _ in range(self.random.choice((0, 1, 1, 2, 4))):
            good = self._changed(good)
        return good

    def text(self, good: str) -> str:
        return self.raw(good.encode(errors="surrogatepass")).decode(errors="surrogateescape")

    def json(self, good: Any) -> Any:
        """The same structure with some of its values others, or away."""
        if self.random.random() < 0.15:
            return self.random.choice(ODD)
        match good:
            case dict():
                kept = {name: self.json(value) for name, value in good.items()}
                for name in [name for name in kept if self.random.random() < 0.1]:
                    del kept[name]
                if self.random.random() < 0.1:
                    kept[self.random.choice(("", "id", "type", "payload", "a"))] = self.odd()
                return kept
            case list():
                return [self.json(value) for value in good]
            case _:
                return good

    def odd(self) -> Any:
        return self.random.choice(ODD)

    def one_of(self, choices: Sequence[Any]) -> Any:
        return self.random.choice(choices)

    def token(self, good: str) -> str:
        """A token whose parts are changed before or after they are encoded."""
        if self.random.random() < 0.4:
            return self.text(good)
        header, claims, signature = good.split(".")
        parts = [self._part(header), self._part(claims), self.text(signature)]
        return ".".join(parts[: self.random.choice((3, 3, 3, 3, 2, 1))])

    def _part(self, encoded: str) -> str:
        raw = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
        if self.random.random() < 0.6:
            raw = json.dumps(self.json(json.loads(raw))).encode()
        else:
            raw = self.raw(raw)
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def _changed(self, data: bytes) -> bytes:
        at = self.random.randrange(len(data) + 1)
        to = min(len(data), at + self.random.choice((1, 1, 2, 8, 64)))
        match self.random.randrange(5):
            case 0:
                return data[:at] + self.random.choice(NASTY) + data[at:]
            case 1:
                return data[:at] + data[to:]
            case 2:
                return data[:to] + data[at:to] * self.random.choice((1, 2, 50)) + data[to:]
            case 3:
                return data[:at] + self.random.randbytes(to - at) + data[to:]
            case _:
                return data[:at]
