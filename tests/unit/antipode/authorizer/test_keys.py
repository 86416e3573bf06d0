"""Keys, while they are kept and when they are fetched anew."""

from __future__ import annotations

import pytest
from antipode.authorizer.keys import FRESH_S, MAX_AGE_S, PAUSE_S, Key, Keys, KeyStore
from antipode.authorizer.refusal import KeysUnavailableError

from tests.fakes.clock import Clock
from tests.fakes.tokens import NOW, OTHER_SECRET, FakeSource, secret_keys

ROTATED = secret_keys(OTHER_SECRET)


class Stage:
    """A store with its source, its clock, and what it told of failures."""

    def __init__(self) -> None:
        self.source, self.clock = FakeSource(), Clock(NOW)
        self.failures: list[str] = []
        self.store = KeyStore(
            self.source, self.clock, lambda error: self.failures.append(str(error))
        )


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_keys_are_fetched_once_while_they_are_fresh(stage: Stage) -> None:
    for seconds in (0.0, 1.0, FRESH_S - 2):
        stage.clock.now += seconds
        assert stage.store.get() == secret_keys()
    assert stage.source.asked == 1


def test_keys_are_fetched_anew_when_they_are_no_longer_fresh(stage: Stage) -> None:
    stage.store.get()
    stage.source.keys = ROTATED
    stage.clock.now += FRESH_S
    assert stage.store.get() == ROTATED


def test_keys_serve_on_while_their_source_is_silent_and_it_is_asked_now_and_then(
    stage: Stage,
) -> None:
    stage.store.get()
    stage.source.keys = None
    stage.clock.now += FRESH_S
    assert [stage.store.get() for _ in range(3)] == [secret_keys()] * 3
    stage.clock.now += PAUSE_S
    assert stage.store.get() == secret_keys()
    assert (stage.source.asked, stage.failures) == (3, ["no answer"] * 2)


def test_keys_end_when_their_source_is_silent_for_too_long(stage: Stage) -> None:
    stage.store.get()
    stage.source.keys = None
    stage.clock.now += MAX_AGE_S
    for _ in range(2):
        with pytest.raises(KeysUnavailableError):
            stage.store.get()
    assert stage.failures == ["no answer"] * 2


def test_without_keys_the_source_is_asked_each_time_until_it_answers(stage: Stage) -> None:
    stage.source.keys = None
    with pytest.raises(KeysUnavailableError):
        stage.store.get()
    stage.source.keys = ROTATED
    assert stage.store.get() == ROTATED


def test_keys_are_not_renewed_twice_within_the_pause(stage: Stage) -> None:
    stage.store.get()
    assert stage.store.renewed() is None
    stage.clock.now += PAUSE_S
    stage.source.keys = ROTATED
    assert stage.store.renewed() == ROTATED
    assert stage.store.renewed() is None
    assert stage.store.get() == ROTATED


def test_a_renewal_that_fails_leaves_the_keys_and_counts_for_the_pause(stage: Stage) -> None:
    stage.store.get()
    stage.source.keys = None
    stage.clock.now += PAUSE_S
    assert stage.store.renewed() is None
    assert stage.store.renewed() is None
    assert stage.store.get() == secret_keys()
    assert (stage.source.asked, stage.failures) == (2, ["no answer"])


def test_a_clock_that_is_set_back_makes_no_key_younger(stage: Stage) -> None:
    stage.store.get()
    stage.clock.now -= 1
    stage.source.keys = ROTATED
    assert stage.store.get() == ROTATED


def test_a_token_with_a_key_id_fits_that_key_and_those_without_one() -> None:
    one, two, any_ = Key("RS256", b"1", "one"), Key("RS256", b"2", "two"), Key("HS256", b"3")
    keys = Keys((one, two, any_))
    assert keys.fitting("one") == (one, any_)
    assert keys.fitting("three") == (any_,)
    assert keys.fitting(None) == (one, two, any_)


def test_a_key_does_not_show_itself() -> None:
    assert repr(Key("HS256", b"secret")) == "Key(algorithm='HS256', id=None)"
