"""Batches of records: what is announced, in what order, and what is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from antipode.relay.answers import PUBLISHED, Answer, AnswerKind
from antipode.relay.errors import NotAStreamEventError, RedriveVersionError
from antipode.relay.relay import REQUEST_TIMEOUT_S, Fate, Task
from antipode.relay.response import response
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import Clock
from tests.fakes.relay import (
    STREAM,
    FakeAppSync,
    FakeQueue,
    Json,
    a_relay,
    batch,
    event,
    record,
)

RETRY = Answer(AnswerKind.RETRY, "status 503")
REJECTED = Answer(AnswerKind.REJECTED, "status 200: Code", "the words of the service")
UNAUTHORIZED = Answer(AnswerKind.UNAUTHORIZED, "status 401; permission x is missing")


def answering(answers: dict[str, Answer | list[Answer]]) -> FakeAppSync:
    """An AppSync that answers so to these events, by their ids, and publishes all others."""
    queued: dict[str, Iterator[Answer]] = {
        event_id: iter(answer) for event_id, answer in answers.items() if isinstance(answer, list)
    }

    def answer(change: Json) -> Answer:
        event_id = change["_change"]["id"]
        if event_id in queued:
            return next(queued[event_id])
        given = answers.get(event_id, PUBLISHED)
        assert isinstance(given, Answer)
        return given

    return FakeAppSync(answer)


def fates(tasks: list[Task]) -> list[Fate]:
    return [task.fate for task in tasks]


def left(tasks: list[Task]) -> Json:
    return response({}, tasks)


def test_every_kind_of_change_is_announced_in_its_order() -> None:
    appsync = FakeAppSync()
    tasks = a_relay(appsync).publish(event("batch"), seconds=60)
    assert fates(tasks) == [Fate.PUBLISHED] * 5
    assert [task.dropped for task in tasks] == [()] * 5
    announced = [(each["id"], each["_change"]["kind"]) for each in appsync.announced]
    assert announced == [
        ("Item001", "CREATE"),
        ("Item002", "CREATE"),
        ("Item001", "UPDATE"),
        ("Item002", "DELETE"),
        ("Item003", "DELETE"),
    ]


def test_an_empty_batch_is_done() -> None:
    assert left(a_relay().publish(batch(), seconds=60)) == {"batchItemFailures": []}


@pytest.mark.parametrize("odd", [None, [], "x", {}, {"Records": None}, {"detail": {}}])
def test_an_event_without_records_is_refused(odd: object) -> None:
    with pytest.raises(NotAStreamEventError) as raised:
        a_relay().publish(odd, seconds=60)
    assert str(raised.value) == (
        "the event is no batch of stream records: it has no list named Records"
    )


# -- What cannot be announced -------------------------------------------------------------------


def test_a_bad_record_is_kept_whole_and_the_others_are_published() -> None:
    appsync, queue = FakeAppSync(), FakeQueue()
    tasks = a_relay(appsync, queue).publish(event("bad"), seconds=60)
    assert fates(tasks) == [Fate.PUBLISHED, Fate.UNDELIVERED, Fate.PUBLISHED]
    assert appsync.texts() == ["MyItem", "My other item"]
    [message] = queue
    assert message.record == event("bad")["Records"][1]
    assert (message.reason, message.detail, message.region, message.model) == (
        "malformed",
        "the record is malformed: it has no NewImage",
        "eu-west-1",
        None,
    )


def test_a_record_of_no_known_model_is_kept_undelivered() -> None:
    queue = FakeQueue()
    arn = STREAM.replace("ItemsModel", "OtherModel")
    a_relay(queue=queue).publish(batch(record(1, arn=arn)), seconds=60)
    [message] = queue
    assert (message.reason, message.detail, message.model) == (
        "unknown-model",
        "table antipode-OtherModel is no model of the schema",
        "OtherModel",
    )


def test_a_change_that_is_rejected_is_kept_with_the_words_of_the_service() -> None:
    queue = FakeQueue()
    tasks = a_relay(answering({"event-1": REJECTED}), queue).publish(
        batch(record(1), record(2)), seconds=60
    )
    assert fates(tasks) == [Fate.UNDELIVERED, Fate.PUBLISHED]
    assert tasks[0].detail == "rejected: status 200: Code"
    [message] = queue
    assert (message.reason, message.detail, message.model) == (
        "rejected",
        "status 200: Code: the words of the service",
        "ItemsModel",
    )


def test_an_attribute_of_unknown_type_is_kept_undelivered() -> None:
    queue = FakeQueue()
    a_relay(queue=queue).publish(batch(record(1, image={"version": {"X": "1"}})), seconds=60)
    assert [message.detail for message in queue] == ["an attribute value has the unknown type 'X'"]


def test_keys_over_the_limit_are_kept_undelivered() -> None:
    queue = FakeQueue()
    a_relay(queue=queue).publish(batch(record(1, item="x" * 300_000)), seconds=60)
    assert [message.reason for message in queue] == ["too-large"]


def test_what_even_the_queue_refuses_is_left_and_so_is_what_follows_it() -> None:
    appsync = answering({"event-1": REJECTED})
    tasks = a_relay(appsync, FakeQueue(refuses=True)).publish(
        batch(record(1), record(2), record(3, "Item002")), seconds=60
    )
    assert fates(tasks) == [Fate.FAILED, Fate.HELD_BACK, Fate.PUBLISHED]
    assert tasks[0].detail == "status 200: Code; the queue is full"
    assert left(tasks) == {"batchItemFailures": [{"itemIdentifier": "1001"}]}


def test_a_malformed_record_of_an_item_holds_back_what_follows_it_if_it_fails() -> None:
    bad = record(1)
    del bad["dynamodb"]["NewImage"]
    tasks = a_relay(queue=FakeQueue(refuses=True)).publish(batch(bad, record(2)), seconds=60)
    assert fates(tasks) == [Fate.FAILED, Fate.HELD_BACK]


# -- What may pass ------------------------------------------------------------------------------


def test_a_failure_that_passes_is_retried_in_its_place() -> None:
    appsync = answering({"event-1": [RETRY, RETRY, PUBLISHED]})
    tasks = a_relay(appsync).publish(batch(record(1), record(2)), seconds=60)
    assert fates(tasks) == [Fate.PUBLISHED, Fate.PUBLISHED]
    assert appsync.texts() == ["Item001 1", "Item001 2"]
    assert tasks[0].attempts == 3
    assert [task.published_at for task in tasks] == pytest.approx([0.3, 0.3])


def test_nothing_of_an_item_is_announced_after_a_failed_change() -> None:
    appsync = answering({"event-2": RETRY})
    tasks = a_relay(appsync).publish(batch(record(1), record(2), record(3)), seconds=60)
    assert fates(tasks) == [Fate.PUBLISHED, Fate.FAILED, Fate.HELD_BACK]
    assert left(tasks) == {"batchItemFailures": [{"itemIdentifier": "1002"}]}


def test_other_items_go_on_while_one_waits() -> None:
    appsync = answering({"event-1": RETRY})
    records = [record(1), *(record(number, f"Item{number}") for number in range(2, 20))]
    tasks = a_relay(appsync).publish(batch(*records), seconds=60)
    assert fates(tasks) == [Fate.FAILED, *[Fate.PUBLISHED] * 18]


def test_retries_end_before_the_time_does() -> None:
    clock = Clock()
    tasks = a_relay(answering({"event-1": RETRY}), clock=clock).publish(
        batch(record(1)), seconds=30
    )
    assert fates(tasks) == [Fate.FAILED]
    assert tasks[0].detail == "status 503"
    assert 25 <= clock.now < 30


def test_without_time_nothing_is_tried_and_all_is_left() -> None:
    appsync = FakeAppSync()
    tasks = a_relay(appsync).publish(batch(record(1), record(2, "Item002")), seconds=0)
    assert fates(tasks) == [Fate.HELD_BACK, Fate.HELD_BACK]
    assert appsync.sent == []
    assert left(tasks) == {"batchItemFailures": [{"itemIdentifier": "1001"}]}


def test_what_time_ran_out_on_was_tried_and_failed() -> None:
    clock = Clock()

    def slow(change: Json) -> Answer:
        clock.now += 20
        return RETRY

    tasks = a_relay(FakeAppSync(slow), clock=clock).publish(
        batch(record(1), record(2, "Item002"), record(3, "Item003")), seconds=30
    )
    assert fates(tasks) == [Fate.FAILED, Fate.FAILED, Fate.HELD_BACK]
    assert [task.detail for task in tasks] == ["status 503", "status 503", ""]


def test_a_request_may_take_no_longer_than_the_time_that_is_left() -> None:
    timeouts: list[float] = []

    class Noting(FakeAppSync):
        async def publish(self, field: str, body: bytes, *, timeout: float) -> Answer:
            timeouts.append(timeout)
            return await super().publish(field, body, timeout=timeout)

    a_relay(Noting()).publish(batch(record(1)), seconds=60)
    a_relay(Noting()).publish(batch(record(1)), seconds=2)
    assert timeouts == [REQUEST_TIMEOUT_S, 2.0]


THROTTLED = Answer(AnswerKind.THROTTLED, "status 429")


def test_a_throttled_change_is_retried_in_its_place_at_half_the_pace() -> None:
    appsync = answering({"event-1": [THROTTLED, THROTTLED, PUBLISHED]})
    relay = a_relay(appsync, lanes=8)
    tasks = relay.publish(batch(record(1), record(2)), seconds=60)
    assert fates(tasks) == [Fate.PUBLISHED, Fate.PUBLISHED]
    assert appsync.texts() == ["Item001 1", "Item001 2"]
    assert (tasks[0].attempts, tasks[0].throttled, relay.relay.pace.width) == (3, 2, 2)


def test_what_a_rate_leaves_no_time_for_is_left_to_the_next_batch() -> None:
    clock, appsync = Clock(), FakeAppSync()
    records = [record(number, f"Item{number}") for number in range(20)]
    tasks = a_relay(appsync, clock=clock, lanes=4, rate=1).publish(batch(*records), seconds=10)
    assert fates(tasks) == [Fate.PUBLISHED] * 10 + [Fate.HELD_BACK] * 10
    assert clock.now < 10


def test_a_retry_that_a_rate_leaves_no_time_for_failed() -> None:
    tasks = a_relay(answering({"event-1": RETRY}), rate=0.5).publish(batch(record(1)), seconds=1)
    assert fates(tasks) == [Fate.FAILED]
    assert tasks[0].detail == "status 503"


# -- Unauthorized -------------------------------------------------------------------------------


def test_an_unauthorized_batch_waits_out_its_time_and_leaves_nothing_undelivered() -> None:
    appsync, queue, clock = FakeAppSync(lambda change: UNAUTHORIZED), FakeQueue(), Clock()
    records = [record(number, f"Item{number}") for number in range(1, 5)]
    tasks = a_relay(appsync, queue, clock).publish(batch(*records), seconds=55)
    assert 50 <= clock.now < 55
    # The wait doubles up to five seconds, whichever record is tried.
    assert len(appsync.sent) == 16
    assert {task.fate for task in tasks} <= {Fate.FAILED, Fate.HELD_BACK}
    assert tasks[0].detail == "status 401; permission x is missing"
    assert len(queue) == 0
    assert left(tasks) == {"batchItemFailures": [{"itemIdentifier": "1001"}]}


def test_a_batch_goes_on_once_the_relay_is_authorized_in_the_order_of_each_item() -> None:
    clock = Clock()
    appsync = FakeAppSync(lambda change: PUBLISHED if clock.now > 20 else UNAUTHORIZED)
    records = [record(number, f"Item{number % 2}") for number in range(6)]
    tasks = a_relay(appsync, clock=clock).publish(batch(*records), seconds=55)
    assert fates(tasks) == [Fate.PUBLISHED] * 6
    by_item = defaultdict(list)
    for text in appsync.texts():
        by_item[text.split()[0]].append(text)
    assert by_item == {
        "Item0": ["Item0 0", "Item0 2", "Item0 4"],
        "Item1": ["Item1 1", "Item1 3", "Item1 5"],
    }


# -- Redelivery ---------------------------------------------------------------------------------


def test_a_redelivered_change_is_not_announced_twice() -> None:
    down = {"event-2"}
    appsync = FakeAppSync(lambda change: RETRY if change["_change"]["id"] in down else PUBLISHED)
    relay = a_relay(appsync)
    records = [record(number, f"Item{number}") for number in (1, 2, 3)]
    assert fates(relay.publish(batch(*records), seconds=30))[1] is Fate.FAILED
    down.clear()
    tasks = relay.publish(batch(*records[1:]), seconds=60)
    assert fates(tasks) == [Fate.PUBLISHED, Fate.REDELIVERED]
    assert len(appsync) == 3


@pytest.mark.parametrize("nameless", [False, True])
def test_a_redelivered_change_is_not_kept_twice(*, nameless: bool) -> None:
    bad, queue = record(1), FakeQueue()
    del bad["dynamodb"]["NewImage"]
    if nameless:
        del bad["eventID"]
    relay = a_relay(queue=queue)
    relay.publish(batch(bad), seconds=60)
    assert fates(relay.publish(batch(bad), seconds=60)) == [Fate.REDELIVERED]
    assert len(queue) == 1


def test_two_records_without_an_id_are_two() -> None:
    queue = FakeQueue()
    relay = a_relay(queue=queue)
    for number in (1, 2):
        nameless = record(number)
        del nameless["eventID"]
        relay.publish(batch(nameless), seconds=60)
    assert [message.record["dynamodb"]["SequenceNumber"] for message in queue] == ["1001", "1002"]


def test_what_is_remembered_is_bounded() -> None:
    appsync = answering({"event-3": REJECTED, "event-4": REJECTED})
    relay = a_relay(appsync, memory=1)
    relay.publish(batch(*(record(number) for number in range(1, 5))), seconds=60)
    names = [f"event-{number}" for number in range(1, 5)]
    assert [name in relay.relay.published for name in names] == [False, True, False, False]
    assert [name in relay.relay.undelivered for name in names] == [False, False, False, True]


def test_a_redrive_publishes_what_was_rejected_once_it_can_be() -> None:
    appsync = answering({"event-1": [REJECTED, PUBLISHED]})
    relay = a_relay(appsync)
    relay.publish(batch(record(1), record(2)), seconds=60)
    again = batch(record(1), record(2)) | {"redrive": True, "version": 1}
    tasks = relay.publish(again, seconds=60)
    assert fates(tasks) == [Fate.PUBLISHED, Fate.REDELIVERED]
    assert appsync.texts() == ["Item001 2", "Item001 1"]


def test_a_redrive_of_another_version_is_refused_before_anything_is_published() -> None:
    appsync = FakeAppSync()
    with pytest.raises(RedriveVersionError):
        a_relay(appsync).publish(batch(record(1)) | {"redrive": True, "version": 2}, seconds=60)
    assert appsync.sent == []


# -- The promise --------------------------------------------------------------------------------

answers = st.lists(st.sampled_from([PUBLISHED, RETRY, REJECTED, UNAUTHORIZED]), max_size=3)
changes = st.lists(st.tuples(st.integers(0, 4), answers), max_size=25)


@given(changes, st.integers(1, 4), st.integers(0, 5))
def test_each_change_is_announced_once_in_order_or_in_the_queue(
    changes: list[tuple[int, list[Answer]]], lanes: int, lost_messages: int
) -> None:
    records = [record(number, f"Item{item}") for number, (item, _) in enumerate(changes)]
    script = {f"event-{n}": iter(given) for n, (_, given) in enumerate(changes)}
    appsync = FakeAppSync(lambda change: next(script[change["_change"]["id"]], PUBLISHED))
    queue = Forgiving(lost_messages)
    relay = a_relay(appsync, queue, lanes=lanes)

    pending = records
    for _ in range(200):
        answer = left(relay.publish(batch(*pending), seconds=1))
        if not answer["batchItemFailures"]:
            break
        lowest = answer["batchItemFailures"][0]["itemIdentifier"]
        numbers = [each["dynamodb"]["SequenceNumber"] for each in pending]
        pending = pending[numbers.index(lowest) :]
    else:
        pytest.fail("the batch never ends")

    announced = [each["_change"]["id"] for each in appsync.announced]
    kept = [message.record["eventID"] for message in queue]
    assert sorted(announced + kept) == sorted(each["eventID"] for each in records)
    by_item = defaultdict(list)
    for each in appsync.announced:
        by_item[each["id"]].append(int(each["_change"]["sequence"]))
    assert all(numbers == sorted(numbers) for numbers in by_item.values())


class Forgiving(FakeQueue):
    """A queue that refuses the first few messages."""

    def __init__(self, refusals: int) -> None:
        super().__init__()
        self._refusals = refusals

    async def send(self, body: str) -> None:
        self.refuses = self._refusals > 0
        self._refusals -= 1
        await super().send(body)


json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values),
    max_leaves=5,
)


@given(st.lists(json_values, max_size=5))
def test_whatever_a_batch_holds_is_kept_undelivered_and_the_rest_published(odd: list[Json]) -> None:
    appsync, queue = FakeAppSync(), FakeQueue()
    tasks = a_relay(appsync, queue).publish(batch(*odd, record(1)), seconds=60)
    assert fates(tasks)[-1] is Fate.PUBLISHED
    assert all(fate in (Fate.UNDELIVERED, Fate.REDELIVERED) for fate in fates(tasks)[:-1])


@given(st.data(), json_values)
def test_a_record_that_is_wrong_anywhere_is_published_or_kept_undelivered(
    data: st.DataObject, value: Json
) -> None:
    odd = record(1, image={"version": {"N": "1"}})
    place = odd
    while data.draw(st.booleans()) and isinstance(place, dict) and place:
        name = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[name], dict) or not place[name]:
            break
        place = place[name]
    place[data.draw(st.sampled_from(sorted(place)))] = value
    [task] = a_relay(FakeAppSync(), FakeQueue()).publish(batch(odd), seconds=60)
    assert task.fate in (Fate.PUBLISHED, Fate.UNDELIVERED)
