"""Fuzz the parsers of credentials and the HTTP and WebSocket entries, for a bounded time.

    python -m tests.fuzz --seconds 60

Ends with 1 if anything crashed, hung or was answered with a fault, and prints the input.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from random import Random, SystemRandom

from tests.fuzz.run import fuzz


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long, in all")
    parser.add_argument("--seed", type=int, help="the same for the same inputs; else a new one")
    arguments = parser.parse_args()
    seed = SystemRandom().randrange(2**32) if arguments.seed is None else arguments.seed
    sys.stdout.write(f"seed {seed}\n")
    told = asyncio.run(fuzz(Random(seed), seconds=arguments.seconds))
    for name, count in told.cases.items():
        sys.stdout.write(f"{count:8d}  {name}\n")
    for finding in told.findings:
        sys.stdout.write(f"found: {finding}\n")
    return 1 if told.findings else 0


if __name__ == "__main__":
    sys.exit(main())
