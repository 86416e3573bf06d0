"""One connection's side of the real-time protocol: messages and outcomes in, effects out.

It has no socket, no task and no clock. Each start is separate work, identified by a ticket: the
client may stop it, and use its id again, before that work ends. Whatever arrives for a ticket that
is no longer wanted has no effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from localaws.appsync.ports import (
    PERMISSION_DENIED,
    GraphQLError,
    Json,
    Subscription,
    Unauthenticated,
)
from localaws.appsync.realtime import frames
from localaws.appsync.realtime.allowance import Allowance
from localaws.appsync.realtime.limits import Limits
from localaws.appsync.realtime.reading import json_object
from localaws.appsync.realtime.start import Start, read_start, subscription_id

# RFC 6455, section 7.4.1
NORMAL_CLOSURE = 1000
MESSAGE_TOO_BIG = 1009

Ticket = int


@dataclass(frozen=True)
class Send:
    """Send this frame."""

    frame: str


@dataclass(frozen=True)
class Subscribe:
    """Authenticate and subscribe, then report the outcome to the protocol."""

    ticket: Ticket
    start: Start


@dataclass(frozen=True)
class Register:
    """Deliver announcements to this subscription from now on."""

    ticket: Ticket
    subscription: Subscription


@dataclass(frozen=True)
class Unsubscribe:
    """End the work for this ticket or its registration, whichever exists."""

    ticket: Ticket


@dataclass(frozen=True)
class Close:
    """Close the socket."""

    code: int
    reason: str


Effect = Send | Subscribe | Register | Unsubscribe | Close


class Protocol:
    """What a client has started, and the effects of each event on it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._starts = Allowance(limits.starts_per_second)
        self._new_tickets = count(1)
        # Every start that was neither refused nor stopped, and those that were acknowledged.
        self._tickets: dict[str, Ticket] = {}
        self._ids: dict[Ticket, str] = {}
        self._live: set[Ticket] = set()

    # -- What the client says ----------------------------------------------------------------

    def receive(self, message: str | bytes, *, at: float) -> list[Effect]:
        """A message from the client, text or binary, at `at` seconds of a monotonic clock."""
        size, limit = _size(message), self._limits.message_bytes
        if size > limit:
            return [Close(MESSAGE_TOO_BIG, f"message is {size} bytes, limit is {limit}")]
        fields = json_object(message) if isinstance(message, str) else None
        if fields is None:
            return [Send(frames.UNSUPPORTED_OPERATION)]
        match fields.get("type"):
            case "connection_init":
                ack = frames.connection_ack(self._limits.connection_timeout_ms)
                return [Send(ack), Send(frames.KEEP_ALIVE)]
            case "start":
                return self._start(fields, at)
            case "stop":
                return self._stop(fields)
            case "ping" | "pong" | "connection_terminate":
                return []
            case _:
                return [Send(frames.UNSUPPORTED_OPERATION)]

    def _start(self, fields: dict[str, Json], at: float) -> list[Effect]:
        start = read_start(fields)
        if start is None:
            return [Send(frames.UNSUPPORTED_OPERATION)]
        if not self._starts.take(at):
            return [Send(frames.LIMIT_EXCEEDED)]
        if start.id in self._tickets:
            return [Send(frames.errors(start.id, [_duplicate(start.id)]))]
        if len(self._tickets) >= self._limits.subscriptions:
            limit = self._limits.subscriptions
            return [Send(frames.max_subscriptions_reached(start.id, limit))]
        ticket = next(self._new_tickets)
        self._tickets[start.id] = ticket
        self._ids[ticket] = start.id
        return [Subscribe(ticket, start)]

    def _stop(self, fields: dict[str, Json]) -> list[Effect]:
        id = subscription_id(fields)
        if id is None:
            return [Send(frames.UNSUPPORTED_OPERATION)]
        completed = Send(frames.complete(id))
        ticket = self._tickets.get(id)
        if ticket is None:
            return [completed]
        self._forget(ticket)
        return [Unsubscribe(ticket), completed]

    # -- How the work went -------------------------------------------------------------------

    def subscribed(self, ticket: Ticket, subscription: Subscription) -> list[Effect]:
        """The start was accepted: register it first, so that nothing after the ack is missed."""
        if not self._is_starting(ticket):
            return []
        self._live.add(ticket)
        return [Register(ticket, subscription), Send(frames.start_ack(self._ids[ticket]))]

    def refused(self, ticket: Ticket, errors: Sequence[GraphQLError]) -> list[Effect]:
        """The start was refused: it is forgotten, and its id is free again."""
        if not self._is_starting(ticket):
            return []
        id = self._forget(ticket)
        return [Send(frames.errors(id, [_addressed(error, id) for error in errors]))]

    def unauthenticated(self, ticket: Ticket, error: Unauthenticated) -> list[Effect]:
        """The start's own credentials were refused; the connection and other starts continue."""
        denied = error.message == PERMISSION_DENIED
        message = PERMISSION_DENIED if denied else "Valid authorization header not provided."
        return self.refused(ticket, [GraphQLError(message, error.error_type)])

    def announced(self, ticket: Ticket, payload: str) -> list[Effect]:
        """A notification, as JSON, for what was registered under this ticket."""
        if ticket not in self._live:
            return []
        return [Send(frames.data(self._ids[ticket], payload))]

    def invalidated(self, ticket: Ticket) -> list[Effect]:
        """A mutation ended the subscription, and with it the connection.

        https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-invalidation.html
        """
        if ticket not in self._live:
            return []
        completed = Send(frames.complete(self._forget(ticket)))
        return [Unsubscribe(ticket), completed, Close(NORMAL_CLOSURE, "Subscription complete.")]

    def _is_starting(self, ticket: Ticket) -> bool:
        return ticket in self._ids and ticket not in self._live

    def _forget(self, ticket: Ticket) -> str:
        id = self._ids.pop(ticket)
        del self._tickets[id]
        self._live.discard(ticket)
        return id


def _size(message: str | bytes) -> int:
    return len(message if isinstance(message, bytes) else message.encode(errors="replace"))


_DUPLICATED = "DuplicatedOperationError"


def _duplicate(id: str) -> GraphQLError:
    return GraphQLError(f"Duplicated operation with id {id}", _DUPLICATED)


def _addressed(error: GraphQLError, id: str) -> GraphQLError:
    """The service calls several root fields in one start duplicates; only we know the id."""
    if error.error_type != _DUPLICATED:
        return error
    return replace(error, message=_duplicate(id).message)
