"""`antipode backfill SOURCE --model MODEL --to REGION`: copies a table's items into a model's."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from antipode_tools.operate.backfill.asked import Asked, Outside
from antipode_tools.operate.backfill.copying import PAGE, Backfill
from antipode_tools.operate.backfill.deployed import deployed
from antipode_tools.operate.backfill.pace import Pace
from antipode_tools.operate.backfill.plan import Plan, plan
from antipode_tools.operate.backfill.reading import Reader
from antipode_tools.operate.backfill.report import (
    copying,
    done_json,
    done_text,
    plan_json,
    plan_text,
    verdict_json,
    verdict_text,
)
from antipode_tools.operate.backfill.state import SEGMENTS, State
from antipode_tools.operate.backfill.verifying import Verification
from antipode_tools.operate.cost import prices as price_list
from antipode_tools.operate.progress import Line
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.project.lock import Lock


@dataclass(frozen=True)
class Terminal:
    """Who confirms, and how time passes."""

    confirm: Callable[[str], bool] = lambda _: False
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class _Run:
    """One run of the command."""

    def __init__(self, asked: Asked, outside: Outside, terminal: Terminal, line: Line) -> None:
        self.asked, self.outside, self.terminal, self.line = asked, outside, terminal, line
        self.reader = Reader(Pace(asked.rate), outside.together, terminal.clock, terminal.sleep)

    def say(self, text: str, told: Mapping[str, Any]) -> None:
        """For people, or for programs."""
        self.asked.output.out.write(f"{json.dumps(told) if self.asked.json_output else text}\n")

    def verify(self) -> ExitCode:
        """Compares both tables."""
        outside = self.outside
        verdict = Verification(
            outside.source,
            outside.target,
            outside.form,
            self.reader,
            watch=lambda read: self.line.show(lambda: f"comparing: {read:,} read"),
        ).run()
        self.line.end()
        self.say(verdict_text(outside.ends, verdict), verdict_json(outside.ends, verdict))
        return ExitCode.DONE if verdict.holds else ExitCode.FAILED

    def copy(self) -> ExitCode:
        """Copies, from wherever the last run was."""
        state, kept = self._begin(), self.outside.file
        if state.done:
            return self._report(state)
        expected = self._plan()
        prices = price_list.load(self.asked.prices)
        text = plan_text(self.outside.ends, expected, prices)
        if self.asked.dry_run:
            self.say(f"dry run\n{text}", plan_json(self.outside.ends, expected, prices))
            return ExitCode.DONE
        self._confirm(text, state)
        state = Backfill(
            self.outside.source,
            self.outside.target,
            self.outside.form,
            keep=kept.keep,
            watch=lambda now, rate: self.line.show(
                lambda: copying(now.tally, expected.items, rate)
            ),
            reader=self.reader,
        ).run(state)
        self.line.end()
        return self._report(state)

    def _begin(self) -> State:
        """Where the last run of these tables was."""
        err, new = self.asked.output.err, State(self.outside.tables)
        kept = self.outside.file.read()
        if kept is None:
            return new
        if kept.tables != self.outside.tables:
            err.write("one of the tables was made anew since the last run: this one begins anew\n")
            return new
        if kept.done and self.asked.again:
            return new
        if kept.done:
            err.write(
                "it was copied already. --again copies what the source has newer, and what was"
                " deleted at the target alone since comes back by it\n"
            )
        return kept

    def _plan(self) -> Plan:
        pages = self.reader.patiently(
            [
                partial(self.outside.source.page, number, SEGMENTS, None, PAGE)
                for number in range(SEGMENTS)
            ]
        )
        some = [item for page in pages for item in page.items]
        outside = self.outside
        return plan(outside.items, some, self.asked.rate, outside.regions, outside.announcing)

    def _confirm(self, text: str, state: State) -> None:
        if self.asked.yes:
            return
        if state.tally.read:
            text += f"\n{state.tally.read:,} of the items are copied already: it goes on from there"
        self.asked.output.err.write(f"{text}\n")
        if not self.terminal.confirm("Copy?"):
            raise OperationError("not confirmed; nothing was copied (--yes confirms)")

    def _report(self, state: State) -> ExitCode:
        self.say(done_text(self.outside.ends, state), done_json(self.outside.ends, state))
        return ExitCode.FAILED if state.tally.unfit else ExitCode.DONE


def backfill(
    asked: Asked, *, outside: Outside | None = None, terminal: Terminal | None = None
) -> ExitCode:
    """Copies a table's items into a model's table, or says what that would take.

    Args:
        outside: None takes the Region's stack, on AWS or in the local world.

    Returns:
        DONE if everything is copied, or both tables hold the same; FAILED if something could not
        be, or if they do not.
    """
    terminal = terminal or Terminal()
    line = Line(asked.output.err, terminal.clock)
    try:
        _check(asked)
        if outside is None:
            with deployed(asked) as found:
                return _run(asked, found, terminal, line)
        return _run(asked, outside, terminal, line)
    except OperationError as error:
        line.end()
        return asked.output.stopped("backfill", error)
    except KeyboardInterrupt:
        line.end()
        asked.output.err.write(
            "antipode backfill: interrupted; run it again: it goes on from there\n"
        )
        return ExitCode.INTERRUPTED


def _check(asked: Asked) -> None:
    if not (asked.rate > 0 and math.isfinite(asked.rate)):
        raise UsageError("--rate has to be a number above 0")
    if asked.verify and (asked.dry_run or asked.again):
        raise UsageError("--verify compares, and copies nothing: leave --dry-run and --again out")


def _run(asked: Asked, outside: Outside, terminal: Terminal, line: Line) -> ExitCode:
    run = _Run(asked, outside, terminal, line)
    if asked.verify:
        return run.verify()
    if asked.dry_run:
        return run.copy()
    try:
        lock = Lock.take(outside.file.path.with_suffix(".lock"))
    except OSError as error:
        raise OperationError(f"cannot keep how far the backfill is: {error}") from error
    if lock is None:
        raise OperationError("another process is copying the same tables")
    try:
        return run.copy()
    finally:
        lock.release()
