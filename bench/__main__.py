"""`python -m bench`: every measurement, one after the other, since each wants the whole machine."""

from __future__ import annotations

import subprocess
import sys

_PARTS = ("bench.schema", "bench.relay", "bench.realtime", "bench.world")


def main() -> int:
    """Runs each in a process of its own, with the options given; ends with the first failure."""
    for part in _PARTS:
        if status := subprocess.call([sys.executable, "-m", part, *sys.argv[1:]]):
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())
