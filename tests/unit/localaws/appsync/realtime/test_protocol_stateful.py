"""The protocol under any order of messages and outcomes, against what a client may rely on."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
)

from localaws.appsync.ports import GraphQLError, Unauthenticated
from localaws.appsync.realtime.limits import Limits
from localaws.appsync.realtime.protocol import (
    Close,
    Effect,
    Protocol,
    Register,
    Send,
    Subscribe,
    Ticket,
    Unsubscribe,
)
from tests.examples import percent
from tests.unit.localaws.appsync.realtime.fakes import FakeSubscription
from tests.unit.localaws.appsync.realtime.test_protocol import start, stop

IDS = st.sampled_from(["1", "2", "3", "ü"])
SUBSCRIPTIONS = 3


class Client(RuleBasedStateMachine):
    """Believes only the frames it is sent, and counts what it is owed."""

    tickets: Bundle[Ticket] = Bundle("tickets")

    def __init__(self) -> None:
        super().__init__()
        self.protocol = Protocol(Limits(subscriptions=SUBSCRIPTIONS, starts_per_second=4))
        self.now = 0.0
        self.unanswered: Counter[str] = Counter()
        self.live: set[str] = set()
        # The server's side: work begun, and what announcements reach.
        self.working: dict[Ticket, str] = {}
        self.registered: dict[Ticket, str] = {}

    # -- What the client sends --

    @rule(target=tickets, id=IDS, waited=st.floats(0, 1))
    def starts(self, id: str, waited: float) -> MultipleResults[Ticket]:
        self.now += waited
        self.unanswered[id] += 1
        effects = self.protocol.receive(start(id), at=self.now)
        self.follow(effects, starting=id)
        return multiple(*(each.ticket for each in effects if isinstance(each, Subscribe)))

    @rule(id=IDS)
    def stops(self, id: str) -> None:
        effects = self.protocol.receive(stop(id), at=self.now)
        self.follow(effects)
        assert json.loads(frames(effects)[-1]) == {"type": "complete", "id": id}

    @rule(
        message=st.one_of(
            st.text(),
            st.binary(),
            st.sampled_from([start(""), start("1", data=None), start("1", extensions={})]),
            st.dictionaries(
                st.sampled_from(["id", "type", "payload"]),
                st.one_of(st.none(), st.integers(), IDS, st.sampled_from(["start", "ping"])),
            ).map(json.dumps),
        )
    )
    def sends_anything_else(self, message: str | bytes) -> None:
        self.follow(self.protocol.receive(message, at=self.now))

    @rule()
    def inits(self) -> None:
        effects = self.protocol.receive('{"type":"connection_init"}', at=self.now)
        assert [json.loads(frame)["type"] for frame in frames(effects)] == ["connection_ack", "ka"]

    # -- What becomes of the work, at any time and as often as it likes --

    @rule(ticket=tickets)
    def accepts(self, ticket: Ticket) -> None:
        self.follow(self.protocol.subscribed(ticket, FakeSubscription("onCreate")))

    @rule(ticket=tickets)
    def refuses(self, ticket: Ticket) -> None:
        self.follow(self.protocol.refused(ticket, [GraphQLError("no")]))

    @rule(ticket=tickets)
    def rejects_credentials(self, ticket: Ticket) -> None:
        self.follow(self.protocol.unauthenticated(ticket, Unauthenticated("no")))

    @rule(ticket=tickets)
    def announces(self, ticket: Ticket) -> None:
        effects = self.protocol.announced(ticket, '{"data":{}}')
        self.follow(effects)
        assert len(effects) == (ticket in self.registered)

    # -- What the client makes of it --

    def follow(self, effects: list[Effect], *, starting: str | None = None) -> None:
        for effect in effects:
            match effect:
                case Send(frame):
                    self.hear(json.loads(frame), starting)
                case Subscribe(ticket, started):
                    assert started.id == starting
                    self.working[ticket] = started.id
                case Register(ticket):
                    self.registered[ticket] = self.working.pop(ticket)
                case Unsubscribe(ticket):
                    assert (ticket in self.working) != (ticket in self.registered)
                    self.working.pop(ticket, None)
                    self.registered.pop(ticket, None)
                case Close():
                    raise AssertionError(effect)

    def hear(self, frame: dict[str, str], starting: str | None) -> None:
        id = frame.get("id")
        match frame["type"]:
            case "start_ack":
                assert id is not None
                assert id not in self.live
                assert id in self.registered.values(), "acked before it was registered"
                self.live.add(id)
                self.answer(id)
            case "data":
                assert id in self.live
            case "complete":
                assert id is not None
                self.live.discard(id)
                # A start that was stopped before its ack gets no other answer than this.
                if id not in self.working.values() and self.unanswered[id]:
                    self.answer(id)
            case "error":
                if id is not None:
                    self.answer(id)
                    self.drop_refused(id, starting)
                elif starting is not None:
                    self.answer(starting)  # over the rate limit
            case _:
                raise AssertionError(frame)

    def answer(self, id: str) -> None:
        self.unanswered[id] -= 1
        assert self.unanswered[id] >= 0, "answered twice"

    def drop_refused(self, id: str, starting: str | None) -> None:
        """An error that is not for the start being sent ends the work for that id."""
        if starting is None:
            self.working = {t: working for t, working in self.working.items() if working != id}

    @invariant()
    def only_starts_in_progress_are_owed_an_answer(self) -> None:
        assert +self.unanswered == Counter(self.working.values())

    @invariant()
    def what_is_live_is_registered_once(self) -> None:
        assert sorted(self.registered.values()) == sorted(self.live)

    @invariant()
    def no_more_is_open_than_the_limit(self) -> None:
        assert len(self.working) + len(self.registered) <= SUBSCRIPTIONS

    def teardown(self) -> None:
        for ticket in list(self.working):
            self.accepts(ticket)
        assert not +self.unanswered


def frames(effects: list[Effect]) -> list[str]:
    return [effect.frame for effect in effects if isinstance(effect, Send)]


TestProtocol = Client.TestCase
TestProtocol.settings = settings(max_examples=percent(150), stateful_step_count=40)
