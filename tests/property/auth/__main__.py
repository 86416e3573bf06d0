"""Try the rules of @auth with ever other models, callers and items, for a bounded time.

    python -m tests.property.auth --seconds 600

Ends at the first answer that is not what the rules say, with the seed that repeats it.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from itertools import count
from random import Random, SystemRandom

from tests.moto_dynamodb import dynamodb_client
from tests.property.auth.any_cases import any_case
from tests.property.auth.trial import tried

STEPS = 40


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long, in all")
    parser.add_argument("--seed", type=int, help="where to begin; else anywhere")
    arguments = parser.parse_args()
    first = SystemRandom().randrange(2**32) if arguments.seed is None else arguments.seed
    ends = time.monotonic() + arguments.seconds
    with dynamodb_client() as client:
        for seed in count(first):
            try:
                asyncio.run(tried(client, any_case(Random(seed), STEPS)))
            except AssertionError as error:
                sys.stdout.write(f"--seed {seed}: {error}\n")
                return 1
            if time.monotonic() > ends:
                sys.stdout.write(f"{(seed - first + 1) * STEPS} tries, seeds {first} to {seed}\n")
                return 0
    raise AssertionError("counting does not end")


if __name__ == "__main__":
    sys.exit(main())
