"""A hand-over from any state, through any failure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.failover.handover import Action, Held, Status, Step, Wish
from antipode_tools.operate.failover.running import HandOver
from antipode_tools.operate.stacks.errors import OperationError
from tests.unit.antipode_tools.operate.failover.fakes import (
    IRELAND,
    SYDNEY,
    WISH,
    FakeCloud,
    FakeNames,
    held,
    target,
)


@dataclass
class Run:
    """What one run said, and what it ended with."""

    said: list[str]
    steps: list[Step] | None = None
    stopped: str = ""


def run(cloud: FakeCloud, wish: Wish = WISH, *, patience_s: float = 600.0) -> Run:
    told = Run([])
    moving = HandOver(
        wish,
        {region: cloud.domains(region) for region in (IRELAND, SYDNEY)},
        FakeNames(cloud),
        say=told.said.append,
        clock=cloud.clock,
        sleep=cloud.clock.sleep,
        patience_s=patience_s,
    )
    try:
        told.steps = moving.run()
    except OperationError as error:
        told.stopped = str(error)
    return told


def in_ireland() -> FakeCloud:
    return FakeCloud(regions={IRELAND: held(IRELAND, Status.SUCCESS)}, pointer=target(IRELAND))


def is_in_sydney(cloud: FakeCloud) -> bool:
    return (cloud.regions, cloud.pointer) == (
        {SYDNEY: held(SYDNEY, Status.SUCCESS)},
        target(SYDNEY),
    )


def test_a_name_is_moved_step_by_step() -> None:
    cloud = in_ireland()
    told = run(cloud)
    assert is_in_sydney(cloud)
    assert cloud.calls == [
        "disassociate in eu-west-1",
        "delete in eu-west-1",
        "create in ap-southeast-2",
        "associate in ap-southeast-2",
        "point",
    ]
    assert told.said == [
        "take the API off api.example.com in eu-west-1",
        "delete api.example.com in eu-west-1",
        "create api.example.com in ap-southeast-2",
        "  waiting: the CNAME is already associated with a different resource",
        "create api.example.com in ap-southeast-2",
        "create api.example.com in ap-southeast-2",
        "create api.example.com in ap-southeast-2",
        "put api.example.com in front of the API of ap-southeast-2",
        "  waiting: AppSync is still working on the name in ap-southeast-2",
        "point the DNS record of api.example.com to ap-southeast-2",
    ]


def test_a_second_run_does_nothing() -> None:
    cloud = in_ireland()
    run(cloud)
    cloud.calls.clear()
    assert run(cloud).steps == []
    assert cloud.calls == []


def test_the_name_can_be_moved_back() -> None:
    cloud = in_ireland()
    run(cloud)
    run(cloud, replace(WISH, to=IRELAND, api_id="api-of-ireland"))
    assert cloud.regions == {IRELAND: held(IRELAND, Status.SUCCESS)}


def test_a_name_that_is_nowhere_is_made() -> None:
    cloud = FakeCloud()
    run(cloud)
    assert is_in_sydney(cloud)


def test_a_region_that_does_not_answer_stops_it_and_nothing_is_changed() -> None:
    cloud = in_ireland()
    cloud.broken = {IRELAND}
    told = run(cloud)
    assert told.stopped.startswith("eu-west-1 does not answer, and may hold the name: no answer")
    assert (told.said, cloud.calls) == ([], [])


def test_a_region_that_is_lost_and_does_not_hold_the_name_is_passed_over() -> None:
    cloud = FakeCloud(broken={IRELAND})
    run(cloud, replace(WISH, lost=True))
    assert is_in_sydney(cloud)


def test_a_region_that_is_lost_and_holds_the_name_stops_it_in_the_end() -> None:
    cloud = in_ireland()
    cloud.broken = {IRELAND}
    told = run(cloud, replace(WISH, lost=True), patience_s=120)
    assert told.stopped == (
        "the CNAME is already associated with a different resource; 2 minutes were not enough."
        " Run this again: it continues from there"
    )
    assert cloud.calls == []


def test_an_association_that_fails_is_reported_with_its_reason() -> None:
    cloud = FakeCloud(refuses="the API is private")
    assert run(cloud).stopped == (
        "AppSync could not put api.example.com in front of api-of-sydney: the API is private."
        " Fix that and run this again: it continues from there"
    )
    cloud.refuses = ""
    assert run(cloud).steps == [
        Step(Action.DISASSOCIATE, SYDNEY),
        Step(Action.ASSOCIATE, SYDNEY),
        Step(Action.POINT, SYDNEY),
    ]
    assert is_in_sydney(cloud)


def test_what_aws_has_not_done_yet_is_not_asked_for_twice() -> None:
    class Lagging(FakeCloud):
        """Shows a disassociation after a while."""

    cloud = Lagging(regions={IRELAND: held(IRELAND, Status.SUCCESS)})
    seen = cloud.regions[IRELAND]
    domains = cloud.domains(IRELAND)

    class Shown:
        def find(self, name: str) -> Held | None:
            return seen if cloud.clock() < 25 and cloud.calls else domains.find(name)

        def __getattr__(self, name: str) -> object:
            return getattr(domains, name)

    told: list[str] = []
    HandOver(
        WISH,
        {IRELAND: Shown(), SYDNEY: cloud.domains(SYDNEY)},  # type: ignore[dict-item] # half a fake is enough
        FakeNames(cloud),
        say=told.append,
        clock=cloud.clock,
        sleep=cloud.clock.sleep,
    ).run()
    assert cloud.calls.count("disassociate in eu-west-1") == 1
    assert told[1] == (
        "  waiting: AWS has not done it yet: take the API off api.example.com in eu-west-1"
    )


states = st.dictionaries(
    st.sampled_from([IRELAND, SYDNEY]), st.sampled_from([None, *Status]), max_size=1
).map(lambda found: {region: held(region, status) for region, status in found.items()})


@given(
    regions=states,
    pointer=st.sampled_from([None, target(IRELAND), target(SYDNEY)]),
    slow_s=st.sampled_from([0.0, 30.0, 200.0]),
    failing=st.sets(st.integers(0, 12), max_size=6),
)
def test_through_any_failures_further_runs_reach_the_end(
    regions: dict[str, Held], pointer: str | None, slow_s: float, failing: set[int]
) -> None:
    cloud = FakeCloud(regions=regions, pointer=pointer, slow_s=slow_s)
    calls = iter(range(1_000))

    def fails(what: str) -> None:
        if next(calls) in failing:
            raise OperationError(f"{what} failed")

    cloud.fails = fails
    for _ in range(len(failing) + 1):
        told = run(cloud)
        assert len(cloud.regions) <= 1
    assert told.stopped == ""
    assert is_in_sydney(cloud)
    assert run(cloud).steps == []
