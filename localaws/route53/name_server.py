"""Which Region Route 53 would send a client to: a pure function.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from localaws.errors import LocalAwsError
from localaws.route53.records import Policy, Record


class NoRecord(LocalAwsError, LookupError):
    """The name has no record for the client: it does not resolve."""


@dataclass(frozen=True)
class Client:
    """A client that asks for an address.

    Args:
        near: Regions, the nearest first; any other is farther away.
        continent: Route 53's code for it; empty if unknown.
        country: likewise.
        draw: a random number from 0 to below 1, for weighted records.
    """

    near: Sequence[str] = ()
    continent: str = ""
    country: str = ""
    draw: float = 0.0


def choose(
    records: Collection[Record], name: str, client: Client, healthy: Collection[str]
) -> Record:
    """The record that is returned: that of the Region the client is sent to.

    Raises:
        NoRecord
    """
    candidates = _named(records, name)
    if not candidates:
        raise NoRecord(f"there is no record {name}")
    well = [record for record in candidates if _is_healthy(record, records, healthy)]
    chosen = _by_policy(candidates, well, client)
    if chosen.alias is None:
        return chosen
    return choose(records, chosen.alias, client, healthy)


def _named(records: Collection[Record], name: str) -> list[Record]:
    return [record for record in records if record.name == name]


def _is_healthy(record: Record, records: Collection[Record], healthy: Collection[str]) -> bool:
    if record.alias is None:
        return record.region in healthy
    return any(_is_healthy(target, records, healthy) for target in _named(records, record.alias))


def _by_policy(candidates: list[Record], well: list[Record], client: Client) -> Record:
    # If none is healthy, Route 53 treats all as healthy.
    usable = well or candidates
    match candidates[0].policy:
        case Policy.LATENCY:
            return min(usable, key=lambda record: _distance(client, record.region))
        case Policy.WEIGHTED:
            return _weighted(usable, client.draw)
        case Policy.FAILOVER:
            # A primary sorts before a secondary.
            return min(usable, key=lambda record: record.value)
        case Policy.GEOLOCATION:
            return _in_place(candidates, well, client)


def _distance(client: Client, region: str) -> int:
    return client.near.index(region) if region in client.near else len(client.near)


def _weighted(usable: list[Record], draw: float) -> Record:
    weights = [int(record.value) for record in usable]
    # If all weights are zero, each is equally likely.
    shares = weights if sum(weights) else [1] * len(usable)
    left = draw * sum(shares)
    for record, share in zip(usable, shares, strict=True):
        left -= share
        if left < 0:
            return record
    return usable[-1]


def _in_place(candidates: list[Record], well: list[Record], client: Client) -> Record:
    """The healthy record of the smallest place that the client is in."""
    places = [place for place in (client.country, client.continent, "*") if place]
    fitting = [record for place in places for record in candidates if record.value == place]
    if not fitting:
        raise NoRecord("no record covers the client's location, and there is no default record")
    return next((record for record in fitting if record in well), fitting[0])
