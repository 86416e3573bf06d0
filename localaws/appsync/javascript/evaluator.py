"""Evaluates handlers off the event loop, in a few threads that own the engine's contexts."""

from __future__ import annotations

import asyncio
import json
import os
import struct
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from localaws.appsync.javascript.checks import compile_code, missing_export
from localaws.appsync.javascript.errors import CodeRefused
from localaws.appsync.javascript.sandbox import LIMITS, Limits, Sandbox, SandboxSpent, Seed
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

WORKERS = 2
# A sandbox takes about 1 MB. An API has 6 to 30 resolvers, much of whose code is the same text.
SANDBOXES_PER_WORKER = 16

_ENTROPY = struct.Struct("4I")


class CodeRunner:
    """Runs code in the calling thread, which must always be the same."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
        capacity: int = SANDBOXES_PER_WORKER,
        limits: Limits = LIMITS,
    ) -> None:
        self._clock = clock
        self._random = random
        self._capacity = capacity
        self._limits = limits
        self._known: OrderedDict[str, Sandbox | CodeRefused] = OrderedDict()

    def run(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        """Run one handler. Raises CodeRefused where the service would not deploy the code."""
        sandbox = self._sandbox(code)
        if function.value not in sandbox.exports:
            raise CodeRefused([missing_export(function)])
        try:
            return sandbox.run(function, json.dumps(context, allow_nan=False), self._seed())
        except SandboxSpent as spent:
            del self._known[code]
            return spent.evaluation

    def __iter__(self) -> Iterator[str]:
        """The codes that are ready, the least recently used first."""
        return iter(self._known)

    def clear(self) -> None:
        """Drop every sandbox."""
        self._known.clear()

    def _sandbox(self, code: str) -> Sandbox:
        known = self._known.pop(code, None) or self._load(code)
        self._known[code] = known
        if len(self._known) > self._capacity:
            self._known.popitem(last=False)
        if isinstance(known, CodeRefused):
            raise CodeRefused(known.errors)
        return known

    def _load(self, code: str) -> Sandbox | CodeRefused:
        try:
            return Sandbox(compile_code(code), self._limits)
        except CodeRefused as refused:
            return refused

    def _seed(self) -> Seed:
        return Seed(int(self._clock() * 1000), _ENTROPY.unpack(self._random(_ENTROPY.size)))


class JavaScriptEvaluator:
    """The Evaluator of ports: each piece of code is run by one of a few threads."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        random: Callable[[int], bytes] = os.urandom,
        workers: int = WORKERS,
    ) -> None:
        self._workers = [_Worker(CodeRunner(clock=clock, random=random)) for _ in range(workers)]

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        """Run one handler; what the service would not deploy is an error with its codeErrors."""
        worker = self._workers[hash(code) % len(self._workers)]
        return await worker.evaluate(code, function, context)

    def close(self) -> None:
        """Stop the threads; waits for handlers that are running."""
        for worker in self._workers:
            worker.close()


class _Worker:
    """One thread and the sandboxes that it owns."""

    def __init__(self, runner: CodeRunner) -> None:
        self._runner = runner
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="appsync-js")

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                self._thread, self._runner.run, code, function, context
            )
        except CodeRefused as refused:
            info = {"codeErrors": [error.as_json() for error in refused.errors]}
            return Evaluation(error=HandlerError(str(refused), "Code", info=info))

    def close(self) -> None:
        self._thread.submit(self._runner.clear).result()
        self._thread.shutdown()
