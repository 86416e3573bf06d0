"""sync<Model>s: what a Region announced since a time, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from antipode_tools.schema.journal import BUCKETS
from localaws.appsync.ports import HandlerError, Json
from localaws.appsync.resolvers import FieldFailed
from tests.fakes.clock import Clock
from tests.fakes.journal import Journal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SOURCE = """
type Card @model(sync: true) { id: ID!, title: String }
type Note @model(sync: true) @auth(rules: [{ allow: owner, ownerField: "writer" }]) { id: ID! }
"""
START = 1767323045.0
DAY = 86400.0
EXPIRED = HandlerError(
    "what was missed is not known: eu-west-1 tells of 7 days, and of no other Region's. Ask "
    "syncCards without lastSync, read the list, and go on from that startedAt",
    "SyncExpired",
)


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def journal(dynamodb: DynamoDBClient, clock: Clock) -> Iterator[Journal]:
    journal = Journal(dynamodb, SOURCE, clock=clock)
    yield journal
    journal.drop()


def change(number: int, kind: str = "UPDATE", **fields: Json) -> Json:
    told = {"id": f"event-{number}", "kind": kind, "sequence": str(number)}
    return {"id": f"item-{number}", **fields, "_change": told}


def sequences(page: Json) -> list[int]:
    return sorted(int(item["_change"]["sequence"]) for item in page["items"])


def pages(journal: Journal, model: str, **arguments: Json) -> list[Json]:
    """All pages, with the same limit."""
    found = [journal.sync(model, **arguments)]
    while token := found[-1]["nextToken"]:
        limit = {name: arguments[name] for name in ("identity", "limit") if name in arguments}
        found.append(journal.sync(model, nextToken=token, **limit))
    return found


def begun(journal: Journal, model: str = "Card") -> str:
    started: str = journal.sync(model, identity={"resolverContext": {"sub": "ada"}})["startedAt"]
    return started


def refusal(journal: Journal, **arguments: Json) -> HandlerError:
    with pytest.raises(FieldFailed) as failed:
        journal.sync("Card", **arguments)
    return failed.value.error


def test_without_a_time_it_says_where_to_begin_and_nothing_else(journal: Journal) -> None:
    journal.publish("Card", change(1))
    assert journal.sync("Card") == {
        "items": [],
        "nextToken": None,
        "startedAt": f"Card/eu-west-1/1A2B3C/{int(START - 60)}000",
    }


def test_what_was_announced_since_is_told_deletions_as_such(journal: Journal, clock: Clock) -> None:
    started = begun(journal)
    journal.publish("Card", change(1, "CREATE", title="a", _was=None))
    clock.now += 3600
    journal.publish("Card", change(2, "DELETE", title="b"))
    journal.publish("Note", change(3))
    page = journal.sync("Card", lastSync=started)
    told = sorted(page["items"], key=lambda item: str(item["id"]))
    fields = [{name: each[name] for name in each if not name.startswith("__")} for each in told]
    assert fields == [change(1, "CREATE", title="a"), change(2, "DELETE", title="b")]
    assert page["nextToken"] is None


def test_what_is_told_reaches_back_for_what_was_being_put(journal: Journal, clock: Clock) -> None:
    late = journal.request("Card", change(1))
    clock.now += 30
    started = journal.sync("Card", lastSync=begun(journal))["startedAt"]
    journal.put(late)
    clock.now += DAY
    assert sequences(journal.sync("Card", lastSync=started)) == [1]


def test_what_was_told_long_ago_is_not_told_again(journal: Journal, clock: Clock) -> None:
    started = begun(journal)
    journal.publish("Card", change(1))
    clock.now += 61
    page = journal.sync("Card", lastSync=started)
    assert sequences(page) == [1]
    assert sequences(journal.sync("Card", lastSync=page["startedAt"])) == []


@pytest.mark.parametrize("limit", [1, 2, 5, 1000, None])
def test_pages_hold_everything_once_whatever_the_limit(
    journal: Journal, clock: Clock, limit: int | None
) -> None:
    started = begun(journal)
    for number in range(3 * BUCKETS):
        clock.now = START + number * 0.003
        journal.publish("Card", change(number))
    clock.now += 100
    found = pages(journal, "Card", lastSync=started, limit=limit)
    told = [number for page in found for number in sequences(page)]
    assert sorted(told) == list(range(3 * BUCKETS))
    assert all(len(page["items"]) <= (limit or 100) for page in found)
    # What to ask for next is known before the first of them, and no page moves it.
    assert {page["startedAt"] for page in found} == {
        f"Card/eu-west-1/1A2B3C/{int(clock.now * 1000) - 60000}"
    }


def test_what_comes_while_pages_are_read_is_told_the_next_time(
    journal: Journal, clock: Clock
) -> None:
    started = begun(journal)
    for number in range(2):
        clock.now = START + number * 0.001
        journal.publish("Card", change(number))
    first = journal.sync("Card", lastSync=started, limit=1)
    clock.now = START + 3600.0
    # In the partition that was read already.
    late = journal.request("Card", change(2))
    late["key"]["__bucket"] = {"S": "Card#0"}
    journal.put(late)
    clock.now += 3600.0
    last = journal.sync("Card", nextToken=first["nextToken"])
    assert last["startedAt"] == first["startedAt"]
    assert 2 in sequences(journal.sync("Card", lastSync=last["startedAt"]))


def test_a_page_ends_where_it_grows_long(journal: Journal, clock: Clock) -> None:
    started = begun(journal)
    for number in range(20):
        clock.now = START + number * 0.001
        journal.publish("Card", change(number, title="x" * 200_000))
    found = pages(journal, "Card", lastSync=started)
    assert sorted(number for page in found for number in sequences(page)) == list(range(20))
    assert max(len(page["items"]) for page in found) <= 9


def test_an_owner_is_told_of_their_own_items(journal: Journal) -> None:
    started = begun(journal, "Note")
    for number, writer in enumerate(["ada", "bob", "ada", None]):
        journal.publish("Note", change(number, writer=writer))
    for writer, told in {"ada": [0, 2], "bob": [1], "eve": []}.items():
        found = pages(
            journal,
            "Note",
            identity={"resolverContext": {"sub": writer}},
            lastSync=started,
            limit=1,
        )
        assert sorted(number for page in found for number in sequences(page)) == told


def test_seven_days_are_told_of(journal: Journal, clock: Clock) -> None:
    started = begun(journal)
    journal.publish("Card", change(1))
    clock.now += 7 * DAY - 60
    journal.expire(clock.now)
    assert sequences(journal.sync("Card", lastSync=started)) == [1]
    clock.now += 1
    assert refusal(journal, lastSync=started) == EXPIRED


def test_pages_that_were_left_too_long_are_not_told_as_if_they_were_whole(
    journal: Journal, clock: Clock
) -> None:
    started = begun(journal)
    journal.publish("Card", change(1))
    journal.publish("Card", change(2))
    token = journal.sync("Card", lastSync=started, limit=1)["nextToken"]
    clock.now += 7 * DAY
    assert refusal(journal, nextToken=token) == EXPIRED


@pytest.mark.parametrize(
    "elsewhere", [{"region": "ap-southeast-2"}, {"table": "antipode-Journal-4D5E6F"}]
)
def test_what_another_region_or_journal_said_is_not_taken_for_this_ones(
    dynamodb: DynamoDBClient, clock: Clock, elsewhere: dict[str, str]
) -> None:
    other = Journal(dynamodb, SOURCE, clock=clock, **elsewhere)
    started = begun(other)
    other.drop()
    journal = Journal(dynamodb, SOURCE, clock=clock)
    assert refusal(journal, lastSync=started) == EXPIRED
    journal.drop()


TIME = f"{int(START)}000"
FORMER = f"Card/eu-west-1/1A2B3C/{TIME}"


@pytest.mark.parametrize(
    "text",
    ["", "/", "now", TIME, "Card/eu-west-1/1A2B3C", f"{FORMER}0", f"Note/eu-west-1/1A2B3C/{TIME}"],
)
def test_a_time_that_this_query_never_said_is_refused(journal: Journal, text: str) -> None:
    assert refusal(journal, lastSync=text) == HandlerError(
        "lastSync is none that syncCards has answered with: ask without it, and read the list",
        "BadRequest",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        FORMER,
        f"{FORMER}/{TIME}",
        f"{FORMER}/{TIME}/8/",
        f"{FORMER}/now/0/",
        f"Note/eu-west-1/1A2B3C/{TIME}/{TIME}/0/",
        "eyJpZCI6eyJTIjoiYSJ9fQ==",
    ],
)
def test_a_cursor_of_another_query_is_refused(journal: Journal, text: str) -> None:
    assert refusal(journal, nextToken=text) == HandlerError(
        "nextToken is none that syncCards has answered with: ask for the first page, without it",
        "BadRequest",
    )


def test_a_cursor_that_dynamodb_did_not_make_is_refused(journal: Journal) -> None:
    assert refusal(journal, nextToken=f"{FORMER}/{TIME}/0/a/b") == HandlerError(
        "nextToken is of another list: ask for the first page, without it", "BadRequest"
    )


def test_a_limit_below_one_is_refused(journal: Journal) -> None:
    assert refusal(journal, limit=0) == HandlerError(
        "limit is 0, and must be at least 1", "BadRequest"
    )
