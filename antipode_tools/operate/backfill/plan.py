"""What a backfill would take: how much is written, what that costs, and who hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from antipode_tools.operate.backfill.ports import Item
from antipode_tools.operate.cost.bill import GIGABYTES, SECONDS_A_CHANGE
from antipode_tools.operate.cost.prices import Prices
from antipode_tools.project.item_size import WRITE_BYTES, bytes_of, write_units

# For an item of up to 4 kB: a scan reads a quarter of a unit for 1 kB; then the target's item is
# looked for, and after the write the source's once more.
READ_BYTES = 4 * WRITE_BYTES


@dataclass(frozen=True)
class Plan:
    """What is expected.

    Args:
        items: of the source, about.
        units_each: write units of an item in each Region, on average.
        rate: write units a second.
        regions: that get each item.
        announcing: those of them whose relay announces it.
    """

    items: int
    bytes_each: float
    units_each: float
    rate: float
    regions: Sequence[str]
    announcing: Sequence[str]

    @property
    def write_units(self) -> float:
        """In each Region."""
        return self.items * self.units_each

    @property
    def read_units(self) -> float:
        """Of both tables."""
        return self.items * (2 + self.bytes_each / READ_BYTES)

    @property
    def seconds(self) -> float:
        """If nothing throttles."""
        return self.write_units / self.rate

    def usd_written(self, prices: Prices) -> float:
        """For writes, in all Regions."""
        return prices.of("dynamodb_writes", self.write_units * len(self.regions))

    def usd_read(self, prices: Prices) -> float:
        """For reads of both tables."""
        return prices.of("dynamodb_reads", self.read_units)

    def usd_announced(self, prices: Prices) -> float:
        """For announcements that nobody hears: what is delivered comes on top."""
        changes = self.items * len(self.announcing)
        return (
            prices.of("appsync_operations", changes)
            + prices.of("lambda_requests", changes)
            + prices.of("lambda_gigabyte_seconds", changes * SECONDS_A_CHANGE * GIGABYTES)
        )


def plan(
    items: int, some: Sequence[Item], rate: float, regions: Sequence[str], announcing: Sequence[str]
) -> Plan:
    """What is expected by some of the items.

    Args:
        items: as DynamoDB counts them.
    """
    known = max(1, len(some))
    sizes = [bytes_of(item) for item in some]
    return Plan(
        # A table that was filled within the last hours may count none yet.
        items=max(items, len(some)),
        bytes_each=sum(sizes) / known,
        units_each=sum(write_units(size) for size in sizes) / known,
        rate=rate,
        regions=regions,
        announcing=announcing,
    )
