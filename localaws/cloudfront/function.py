"""The functions at the edge, run in quickjs-ng as CloudFront and Lambda@Edge would call them.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-javascript-runtime-20.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

# The binding has no stubs; whatever it returns is parsed here.
import quickjs  # type: ignore[import-untyped] # it has no types

from localaws.errors import LocalAwsError
from localaws.json_value import Json

# A parsed JSON document: an event, a request, a response.

_IMPORT = "import cf from 'cloudfront';"

_CLOUDFRONT = """
const host = { store: {}, reads: [], origin: null, logs: [], told: null };
const cf = {
  kvs: () => ({
    get: async (key, options) => {
      host.reads.push(key);
      if (!(key in host.store)) { throw new Error('KeyNotFound'); }
      return options && options.format === 'json' ? JSON.parse(host.store[key]) : host.store[key];
    },
  }),
  updateRequestOrigin: (origin) => { host.origin = origin; },
};
"""

_LAMBDA = """
const host = { answer: null, asked: [], logs: [], told: null, now: 0, exports: {} };
Date.now = () => host.now;
const require = (name) => {
  if (name !== 'node:dns') { throw new Error('there is no module ' + name); }
  return { promises: { Resolver: class {
    async resolveCname(name) {
      host.asked.push(name);
      if (host.answer === null) { throw new Error('queryCname ETIMEOUT ' + name); }
      return [host.answer];
    }
  } } };
};
"""

_RUN = """
host.run = (event) => {
  host.told = null;
  host.handler(JSON.parse(event)).then(
    (value) => { host.told = { value }; },
    (error) => { host.told = { error: String(error) }; },
  );
};
const console = { log: (text) => { host.logs.push(String(text)); } };
"""


class FunctionError(LocalAwsError):
    """The function threw. CloudFront answers the viewer with 503, Lambda@Edge with 502."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a function for an event.

    Args:
        value: the request that goes on to the origin, or the response to the viewer.
        origin: what `updateRequestOrigin` was called with, if it was.
        logs: the lines that it logged.
        reads: the keys of its store that it read, in order.
    """

    value: Json
    origin: Json
    logs: tuple[str, ...]
    reads: tuple[str, ...] = ()


class CloudFrontFunction:
    """A function of runtime cloudfront-js-2.0 and its store; owned by the thread that made it."""

    def __init__(self, code: str) -> None:
        if not code.startswith(_IMPORT):
            raise ValueError(f"a function begins with {_IMPORT}")
        self._context = quickjs.Context()
        body = code.removeprefix(_IMPORT)
        self._context.eval(f'"use strict";{_CLOUDFRONT}{_RUN}{body}\nhost.handler = handler;\nhost')
        self._host = self._context.eval("(name, value) => { host[name] = JSON.parse(value); }")

    def run(self, event: Json, store: Mapping[str, str]) -> Outcome:
        """Run the handler with these keys in the store.

        Raises:
            FunctionError
        """
        self._host("store", json.dumps(dict(store)))
        self._host("origin", "null")
        self._host("reads", "[]")
        value, logs = _run(self._context, event)
        return Outcome(value, self._seen("origin"), logs, tuple(self._seen("reads")))

    def _seen(self, name: str) -> Json:
        return json.loads(self._context.eval(f"JSON.stringify(host.{name})"))


class OriginRequestFunction:
    """A Lambda@Edge function in Node.js, with a DNS resolver whose answers are given.

    Its module lives as long as this object, as in one Lambda execution environment.
    """

    def __init__(self, code: str) -> None:
        self._context = quickjs.Context()
        wrapped = f"((exports) => {{ {code} }})(host.exports);"
        self._context.eval(f"{_LAMBDA}{_RUN}{wrapped} host.handler = host.exports.handler; host")
        self._host = self._context.eval("(name, value) => { host[name] = JSON.parse(value); }")

    def run(self, event: Json, *, answer: str | None, now_ms: int = 0) -> Outcome:
        """Run the handler; `answer` is the CNAME that a look-up returns, None if it fails.

        Raises:
            FunctionError
        """
        self._host("answer", json.dumps(answer))
        self._host("now", json.dumps(now_ms))
        value, logs = _run(self._context, event)
        return Outcome(value, None, logs)

    @property
    def asked(self) -> list[str]:
        """The names that have been looked up so far."""
        asked: list[str] = json.loads(self._context.eval("JSON.stringify(host.asked)"))
        return asked


def _run(context: quickjs.Context, event: Json) -> tuple[Json, tuple[str, ...]]:
    context.eval("host.logs = []")
    context.eval("host.run")(json.dumps(event))
    while context.execute_pending_job():
        pass
    told = json.loads(context.eval("JSON.stringify(host.told)"))
    if "error" in told:
        raise FunctionError(told["error"])
    return told["value"], tuple(json.loads(context.eval("JSON.stringify(host.logs)")))
