"""A great many changes through streams, the event source mapping's core, the relay and AppSync.

`python -m bench.soak [--changes 1000000] [--seed 1] [--json]`. AppSync throttles, fails, answers
half, resets, falls silent and goes away; executions die, are frozen while their connections close,
and run twice at once. Everything is the real code but for AppSync, the network and the time, which
is virtual: nothing sleeps. Ends with 1 if a change was lost, announced out of order, or twice
without a reason.
"""

from __future__ import annotations

import argparse
import json
import sys
import time

from bench.soak.run import as_lines, soak


def main() -> int:
    """Runs it and says what became of the changes."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--changes", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1, help="the same changes and troubles again")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    if chosen.changes < 1:
        parser.error("--changes is a number from 1 up")
    began = time.monotonic()
    found = soak(chosen.changes, chosen.seed, lambda line: print(line, file=sys.stderr))  # noqa: T201
    seconds = round(time.monotonic() - began)
    facts = {"seed": chosen.seed, "real_seconds": seconds, **found.facts()}
    print(json.dumps(facts, indent=2) if chosen.json else as_lines(facts))  # noqa: T201
    return 0 if found.is_kept else 1


if __name__ == "__main__":
    sys.exit(main())
