"""What a process remembers."""

from __future__ import annotations

from antipode.relay.memory import CAPACITY, Memory


def test_what_was_added_is_remembered() -> None:
    memory = Memory()
    memory.add("a")
    assert "a" in memory
    assert "b" not in memory


def test_the_oldest_is_forgotten_when_it_is_full() -> None:
    memory = Memory(capacity=2)
    for event_id in "abc":
        memory.add(event_id)
    memory.trim()
    assert [event_id in memory for event_id in "abc"] == [False, True, True]


def test_a_whole_batch_is_remembered_beside_the_one_before() -> None:
    assert CAPACITY >= 2 * 10_000
