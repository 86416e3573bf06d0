"""One resolver's code in its own engine context.

The engine is quickjs-ng. It counts CPU time of the whole process, allows no Python callback while
a limit is set, and wants each context to be used and dropped by the thread that made it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# The binding has no stubs; whatever it returns is checked or parsed here.
import quickjs  # type: ignore[import-untyped] # it has no types

from localaws.appsync.javascript.module import Module
from localaws.appsync.javascript.outcome import broken, decoded
from localaws.appsync.javascript.zones import periods_of
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName
from localaws.errors import LocalAwsError

# Threads of macOS and musl have small stacks: stay well below them.
STACK_LIMIT_BYTES = 256 * 1024


@dataclass(frozen=True)
class Limits:
    """What one evaluation may take.

    A handler takes well under a millisecond. CPU time of all threads counts, so the limit is far
    above what other busy threads may spend beside it. A context with its library takes about 1 MB,
    and the service allows an evaluated template of 5 MB.
    """

    cpu_s: float = 4.0
    memory_bytes: int = 48 * 2**20


LIMITS = Limits()

_LIBRARY = (
    "host",
    "language",
    "util",
    "extensions",
    "attributes",
    "transform",
    "time",
    "xml",
    "dynamodb",
    "globals",
)


@dataclass(frozen=True)
class Seed:
    """What a handler knows of the world: the time, and four words of entropy."""

    now_ms: int
    entropy: tuple[int, ...]

    def as_json(self) -> str:
        """As the library takes it: the binding would cut a time down to 32 bits."""
        return json.dumps({"now": self.now_ms, "entropy": self.entropy})


class SandboxSpent(LocalAwsError):
    """The handler was stopped. The context may be broken: drop it, and return `evaluation`."""

    def __init__(self, evaluation: Evaluation) -> None:
        super().__init__(evaluation.error)
        self.evaluation = evaluation


class Sandbox:
    """Runs the handlers of one module; owned by the thread that made it."""

    def __init__(self, module: Module, limits: Limits = LIMITS) -> None:
        self._module = module
        self._limits = limits
        self._context = quickjs.Context()
        self._context.set_max_stack_size(STACK_LIMIT_BYTES)
        for script in _library():
            self._context.eval(script)
        self._context.eval(f"host.handlers = {module.script}")
        self._run = self._context.eval("host.run")
        self._context.set_memory_limit(limits.memory_bytes)
        self._context.set_time_limit(limits.cpu_s)

    @property
    def exports(self) -> frozenset[str]:
        """The names that the code exports."""
        return self._module.exports

    def run(self, function: HandlerName, context: str, seed: Seed) -> Evaluation:
        """Run a handler against a context in JSON. Raises SandboxSpent where it was stopped."""
        try:
            raw = json.loads(self._run(function.value, context, seed.as_json()))
        except quickjs.JSException as error:
            raise self._spent(str(error)) from error
        if "zone" in raw:
            self._add_zone(raw["zone"])
            return self.run(function, context, seed)
        if raw.get("broken", "").startswith("InternalError: out of memory"):
            raise self._spent(raw["broken"])
        if "broken" in raw:
            return broken(raw, self._module.place(raw["stack"]))
        return decoded(raw)

    def _spent(self, reason: str) -> SandboxSpent:
        if reason.startswith("InternalError: interrupted"):
            error = HandlerError("Execution timed out.", "ExecutionTimeout")
        else:
            megabytes = self._limits.memory_bytes // 2**20
            message = f"code.js: out of memory: the handler used more than {megabytes} MB"
            error = HandlerError(message, "Code")
        return SandboxSpent(Evaluation(error=error))

    def _add_zone(self, zone_id: str) -> None:
        # The same seed makes the second run the same as the first, up to here.
        periods = json.dumps(periods_of(zone_id))
        self._context.eval(f"host.zones[{json.dumps(zone_id)}] = {periods}")


@cache
def _library() -> tuple[str, ...]:
    folder = files("localaws.appsync.javascript") / "runtime"
    return tuple((folder / f"{name}.js").read_text() for name in _LIBRARY)
