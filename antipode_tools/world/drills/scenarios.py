"""The drills: what each breaks, when, and what it may bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from antipode_tools.world.orders import Order


class Deed(Enum):
    """What a drill does beside giving orders."""

    POISON = auto()  # write an item by hand that no relay can announce
    KILL_RELAYS = auto()  # kill every process of the relay, in the middle of what it does
    DEPLOY = auto()  # every stack, one after the other, with a wider schema and a new relay
    DEPLOY_BACK = auto()  # every stack as it was
    BACKLOG = auto()  # write by hand what an outage leaves behind: half of what it may drain in all
    DRAIN = auto()  # wait until the first Region's relay has announced all that waited


# In the outage's Region: the requests that AppSync takes in a second, and how many of them the
# relay may take. An hour stands for as much as it leaves behind.
QUOTA, PUBLISH_RATE = 40, 20


@dataclass(frozen=True)
class Step:
    """One thing that is done.

    Args:
        at: when, as a share of the time in which clients write.
    """

    at: float
    do: Order | Deed


@dataclass(frozen=True)
class Scenario:
    """A drill.

    Args:
        shows: what it is for, in a line.
        steps: in their order. Everything is healed when the clients have written.
        same_items: whether the clients of all Regions write the same items.
        doubles: whether a change may be announced twice.
        moves: the Region whose clients are to be served elsewhere, and at home again.
        bounded: whether the first Region's relay has PublishRate.
        by_name: whether clients know the name that all Regions share, and no Region.
    """

    shows: str
    steps: Sequence[Step]
    same_items: bool = False
    doubles: bool = False
    moves: str = ""
    by_name: bool = False
    bounded: bool = False


def scenarios(first: str, last: str) -> Mapping[str, Scenario]:
    """By their names.

    Args:
        first: the name of a Region of the world.
        last: that of another one, which is what is lost.
    """
    both = (first, last)
    return {
        "region-loss": Scenario(
            "a Region is lost and comes back; its clients move, and come home",
            [Step(0.3, Order("lose", (last,))), Step(0.7, Order("recover", (last,)))],
            moves=last,
        ),
        "shared-name": Scenario(
            "the same, of clients that know one name for all Regions: DNS moves them",
            [Step(0.3, Order("lose", (last,))), Step(0.6, Order("recover", (last,)))],
            moves=last,
            by_name=True,
        ),
        "split": Scenario(
            "two Regions are cut off from each other, and both write the same items",
            [Step(0.2, Order("cut", both)), Step(0.8, Order("heal", both))],
            same_items=True,
        ),
        "slow-replication": Scenario(
            "replication takes a second and a half, more or less, and writes meet",
            [Step(0.2, Order("lag", both, lag_s=1.5, jitter_s=1.0))],
            same_items=True,
        ),
        "throttled": Scenario(
            "AppSync takes a few requests a second, and the relay's wait for it",
            [
                Step(0.2, Order("throttle", (first,), a_second=10)),
                Step(0.8, Order("throttle", (first,))),
            ],
        ),
        "poison": Scenario(
            "a record that cannot be announced is set aside, and the rest goes on",
            [Step(0.4, Deed.POISON)],
        ),
        "relay-killed": Scenario(
            "every relay is killed in the middle of what it does, several times",
            [Step(share, Deed.KILL_RELAYS) for share in (0.2, 0.4, 0.6, 0.8)],
            doubles=True,
        ),
        "deployment": Scenario(
            "every stack is deployed while clients write, with a wider schema, and back again",
            [Step(0.2, Deed.DEPLOY), Step(0.6, Deed.DEPLOY_BACK)],
            doubles=True,
        ),
        "outage": Scenario(
            "AppSync is away, as if for an hour, and the backlog drains beside its clients",
            [
                Step(0.1, Order("fail", (first,), share=1.0)),
                Step(0.15, Deed.BACKLOG),
                Step(0.4, Order("throttle", (first,), a_second=QUOTA)),
                Step(0.4, Order("fail", (first,))),
                Step(0.4, Deed.DRAIN),
            ],
            bounded=True,
        ),
    }
