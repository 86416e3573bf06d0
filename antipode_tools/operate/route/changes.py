"""What has to be written so that a store holds other keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from antipode_tools.operate.route.keys import ROUTES

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-keyvaluestores
MOST_KEYS = 50


@dataclass(frozen=True)
class Changes:
    """Keys to be put, with their values, and keys to be deleted."""

    puts: Mapping[str, str]
    deletes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.puts) + len(self.deletes)

    def batches(self) -> Iterator[Changes]:
        """Batches that one call takes, in an order that leaves no viewer worse off between two.

        The routes come first: a rule that they list and that is not there yet is skipped, and one
        that they no longer list is not looked for. Deletions come last.
        """
        keys = [*sorted(self.puts, key=_rank), *self.deletes]
        for start in range(0, len(keys), MOST_KEYS):
            batch = keys[start : start + MOST_KEYS]
            puts = {key: self.puts[key] for key in batch if key in self.puts}
            yield Changes(puts, tuple(key for key in batch if key not in puts))


def between(before: Mapping[str, str], after: Mapping[str, str]) -> Changes:
    """What turns the keys of one into those of the other."""
    puts = {key: value for key, value in after.items() if before.get(key) != value}
    return Changes(puts, tuple(sorted(before.keys() - after.keys())))


def _rank(key: str) -> tuple[int, str]:
    return (0 if key == ROUTES else 1, key)
