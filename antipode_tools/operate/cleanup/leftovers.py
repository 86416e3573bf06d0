"""What a first deployment that failed has left in each Region, and what forbids deleting it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


class StackState(Enum):
    """What CloudFormation's many statuses mean for a clean-up."""

    FAILED = auto()  # its creation failed, or never began
    UNDELETED = auto()  # its deletion failed
    BUSY = auto()
    STANDING = auto()


@dataclass(frozen=True)
class Stack:
    """A Region's stack.

    Args:
        status: in CloudFormation's words.
        reason: why it is in it, if CloudFormation says so.
    """

    state: StackState
    status: str
    reason: str = ""


@dataclass(frozen=True)
class Table:
    """A replica of a global table, or what is left of one.

    Args:
        settled: DynamoDB is not working on it, nor on its replicas.
        replicas: the other Regions that it has one in.
        foreign: why it cannot be the project's; empty if it is.
    """

    settled: bool = True
    protected: bool = False
    holds_items: bool = False
    replicas: frozenset[str] = frozenset()
    foreign: str = ""


@dataclass(frozen=True)
class Bucket:
    """An on-failure bucket that outlived its stack."""

    holds_objects: bool = False


@dataclass(frozen=True)
class Secret:
    """The secret that signs tokens. Its name is explicit, too.

    Args:
        replicas: the other Regions that it is replicated to. It does not go before they do.
        foreign: why it cannot be the project's; empty if it is.
    """

    name: str
    replicas: frozenset[str] = frozenset()
    foreign: str = ""


@dataclass(frozen=True)
class Leftovers:
    """Everything in one Region, by name."""

    stack: Stack | None = None
    tables: Mapping[str, Table] = field(default_factory=dict)
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    secret: Secret | None = None


# By Region.
Seen = Mapping[str, Leftovers]


@dataclass(frozen=True)
class Wish:
    """What may be deleted, beyond what is empty.

    Args:
        home: the Region whose stack declares the tables. It goes last.
        with_items: tables and buckets go with what they hold.
    """

    home: str
    with_items: bool = False


def refusals(seen: Seen, wish: Wish) -> Iterator[str]:
    """Why nothing may be deleted, one sentence each."""
    for region, left in seen.items():
        if left.stack and left.stack.state is StackState.STANDING:
            yield (
                f"the stack in {region} is deployed ({left.stack.status}), not left over:"
                " cleanup deletes no such stack, sam delete does"
            )
        for name, table in left.tables.items():
            yield from _of_table(f"table {name} in {region}", table, seen, wish)
        for name, bucket in left.buckets.items():
            if bucket.holds_objects and not wish.with_items:
                yield f"bucket {name} in {region} holds objects: --with-items deletes them too"
        if left.secret:
            yield from _of_secret(f"secret {left.secret.name} in {region}", left.secret, seen)


def _of_table(title: str, table: Table, seen: Seen, wish: Wish) -> Iterator[str]:
    if table.foreign:
        yield f"{title} is not this project's: {table.foreign}"
    if table.holds_items and not wish.with_items:
        yield f"{title} holds items: --with-items deletes them too"
    if unnamed := sorted(table.replicas - seen.keys()):
        yield f"{title} has a replica in {', '.join(unnamed)}: name every Region that has one"


def _of_secret(title: str, secret: Secret, seen: Seen) -> Iterator[str]:
    if secret.foreign:
        yield f"{title} is not this project's: {secret.foreign}"
    if unnamed := sorted(secret.replicas - seen.keys()):
        yield f"{title} has a replica in {', '.join(unnamed)}: name every Region that has one"
