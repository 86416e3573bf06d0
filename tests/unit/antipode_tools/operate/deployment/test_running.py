"""A deployment from its beginning to its end, and to whatever stops it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from antipode_tools.operate.cleanup.leftovers import StackState, Table
from antipode_tools.operate.deployment.change_set import TABLE as KIND
from antipode_tools.operate.deployment.change_set import Action, Change, Replacement
from antipode_tools.operate.deployment.standing import Standing, Wish
from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.project.regions import Region
from tests.unit.antipode_tools.operate.deployment.fakes import (
    API_CHANGE,
    AWAY,
    HOME,
    IRELAND,
    KEY_ENDS,
    SYDNEY,
    TABLE,
    FakeCloud,
    nothing,
    stack,
    standing,
    unreachable,
    wish,
)

OPEN = {"DeletionProtection": "false"}
KEY = {"ApiKeyExpires": KEY_ENDS}
PROTECT = ("ireland", {"DeletionProtection": "true"})


def deployed(cloud: FakeCloud, wanted: Wish | None = None, probe: object = None) -> list[str]:
    said: list[str] = []
    deployment = cloud.deployment(wanted or wish(), said, probe)
    deployment.run(deployment.prepare().steps)
    return said


def stopped(cloud: FakeCloud, wanted: Wish | None = None, probe: object = None) -> str:
    with pytest.raises(OperationError) as caught:
        deployed(cloud, wanted, probe)
    return str(caught.value)


def test_a_first_deployment_makes_all_of_it() -> None:
    cloud = FakeCloud(nothing(HOME, AWAY))
    assert deployed(cloud) == [
        "building",
        "ireland: 1 change: 1 modified",
        "ireland: make its stack",
        f"ireland: CREATE_COMPLETE, and it serves at https://{HOME}/graphql",
        "sydney: 1 change: 1 modified",
        "sydney: make its stack",
        f"sydney: CREATE_COMPLETE, and it serves at https://{AWAY}/graphql",
        "ireland: 1 change: 1 modified",
        "  ~ Schema (AWS::AppSync::GraphQLSchema)",
        "ireland: protect the tables",
        f"ireland: UPDATE_COMPLETE, and it serves at https://{HOME}/graphql",
    ]
    assert cloud.carried == [("ireland", OPEN | KEY), ("sydney", KEY), PROTECT]


def test_a_deployment_over_what_is_current_does_nothing() -> None:
    cloud = FakeCloud(standing(HOME, AWAY), version=1)
    assert deployed(cloud) == ["building", "ireland: nothing changes", "sydney: nothing changes"]
    assert cloud.carried == []


def test_tables_that_change_are_their_owners_first() -> None:
    index = Change(Action.MODIFY, "ItemsModelTable", KIND)
    cloud = FakeCloud(standing(HOME, AWAY), changes={HOME: [API_CHANGE, index]})
    deployed(cloud, wish(SYDNEY, IRELAND))
    assert [name for name, _ in cloud.carried] == ["ireland", "sydney"]


def test_a_table_is_never_replaced() -> None:
    replaced = Change(Action.MODIFY, "ItemsModelTable", KIND, Replacement.YES)
    cloud = FakeCloud(standing(HOME, AWAY), changes={HOME: [replaced]})
    assert stopped(cloud, wish(SYDNEY, IRELAND)) == (
        "ItemsModelTable in ireland would be replaced by an empty table: look at what changed in"
        " template.yaml and graphql/models.graphql (docs/models.md)"
    )
    assert (cloud.carried, len(cloud.discarded)) == ([], 2)


def test_what_clients_would_notice_is_said_of_each_region() -> None:
    served = "type Query { getItemsModel(id: ID): String old: String }"
    cloud = FakeCloud(standing(HOME))
    cloud.served = served
    outputs = {"ApiId": "a"}
    cloud.seen[HOME] = replace(cloud.seen[HOME], stack=replace(stack(), outputs=outputs))
    only = replace(IRELAND, parameters={**IRELAND.parameters, "Regions": f"{HOME},{AWAY}"})
    assert deployed(cloud, wish(only, every=[only])) == [
        "building",
        "ireland: 1 change: 1 modified",
        "  ~ Schema (AWS::AppSync::GraphQLSchema)",
        "  clients notice: Field Query.old was removed.",
        "ireland: update its stack",
        f"ireland: UPDATE_COMPLETE, and it serves at https://{HOME}/graphql",
    ]


def test_a_schema_that_may_not_be_read_does_not_stop_it() -> None:
    cloud = FakeCloud(standing(HOME, AWAY))
    cloud.served = "AccessDenied"
    deployed(cloud)
    cloud.version += 1
    assert "  clients notice: nobody can say what: AccessDenied" in deployed(cloud)
    assert len(cloud.carried) == 4


def test_a_region_goes_on_once_it_serves() -> None:
    cloud = FakeCloud(standing(HOME, AWAY), ailments={HOME: ["no answer", "no answer"]})
    said = deployed(cloud)
    assert "  waiting: ireland does not serve: no answer" in said
    assert cloud.clock() == 20.0
    assert [name for name, _ in cloud.carried] == ["ireland", "sydney"]


def test_a_region_that_does_not_serve_stops_it_before_the_next() -> None:
    cloud = FakeCloud(standing(HOME, AWAY), ailments={AWAY: ["/health answers 503"] * 40})
    assert stopped(cloud) == (
        "sydney does not serve: /health answers 503; 5 minutes were not enough. Run this again: it"
        " continues from there\nireland already has the new version. To go on: mend that, then"
        " antipode deploy sydney. To go back: check out what was deployed before, then antipode"
        " deploy ireland"
    )


def test_what_cloudformation_is_to_take_back_is_guarded_where_a_stack_stands() -> None:
    cloud = FakeCloud({**standing(HOME), **nothing(AWAY)})
    said: list[str] = []
    guarded: list[tuple[str, str]] = []

    def guard(region: Region, change_set: str) -> str:
        guarded.append((region.name, change_set))
        cloud.drafts["guarded"] = cloud.drafts[change_set]
        return "guarded"

    deployment = replace(cloud.deployment(wish(), said), guard=guard)
    deployment.run(deployment.prepare().steps)
    assert [name for name, _ in guarded] == ["ireland"]
    assert {name for name, _ in cloud.carried} == {"ireland", "sydney"}
    assert cloud.discarded == []


def test_a_change_set_that_cannot_be_guarded_is_not_carried_out() -> None:
    cloud = FakeCloud(standing(HOME, AWAY))
    said: list[str] = []

    def refuse(region: Region, change_set: str) -> str:
        raise OperationError("no")

    deployment = replace(cloud.deployment(wish(), said), guard=refuse)
    with pytest.raises(OperationError, match="no\n"):
        deployment.run(deployment.prepare().steps)
    deployment.discard()
    assert cloud.carried == []
    assert len(cloud.discarded) == 2


def test_what_the_probe_minds_stops_it_before_the_next() -> None:
    def lost(region: Region) -> str:
        return f"{region.name} lost 3 of 100 writes"

    cloud = FakeCloud(standing(HOME, AWAY))
    assert stopped(cloud, probe=lost) == (
        "ireland is deployed and not as it should be: ireland lost 3 of 100 writes\n"
        "to go on: mend that, then antipode deploy ireland sydney"
    )
    assert len(cloud.carried) == 1


def watched(cloud: FakeCloud) -> str | None:
    deployment = cloud.deployment(wish(), [])
    deployment.watch_s = 60.0
    try:
        deployment.run(deployment.prepare().steps)
    except OperationError as error:
        return str(error).splitlines()[0]
    return None


def test_an_alarm_that_begins_to_ring_stops_it_before_the_next() -> None:
    old, new = frozenset({"antipode-Errors-1"}), frozenset({"antipode-Errors-1", "antipode-Age-2"})
    cloud = FakeCloud(standing(HOME, AWAY), alarms={HOME: [old, old, new]})
    assert watched(cloud) == "ireland is in alarm: antipode-Age-2"
    assert len(cloud.carried) == 1


def test_alarms_that_are_still_are_watched_for_as_long_as_was_asked() -> None:
    cloud = FakeCloud(standing(HOME, AWAY))
    assert watched(cloud) is None
    assert cloud.clock() == 120.0


def test_a_region_without_its_relay_is_not_probed() -> None:
    off = replace(stack(RelayEnabled="false"), created=0.0)
    cloud = FakeCloud({**standing(HOME), AWAY: Standing(off, {TABLE: Table()})})
    deployed(cloud, wish(SYDNEY), probe=lambda _: "all was lost")
    assert [name for name, _ in cloud.carried] == ["sydney"]


def test_a_deployment_that_cloudformation_took_back_says_why() -> None:
    cloud = FakeCloud(standing(HOME, AWAY), fails={AWAY: "UPDATE_ROLLBACK_COMPLETE"})
    assert stopped(cloud).splitlines()[0] == (
        "sydney is UPDATE_ROLLBACK_COMPLETE, by CloudFormation: RelayFunction: it is not to be"
    )


def test_a_region_that_is_down_leaves_the_others_as_they_are_and_is_gone_on_with() -> None:
    cloud = FakeCloud(standing(HOME, AWAY), before=unreachable(AWAY))
    assert stopped(cloud).splitlines() == [
        f"cannot deploy stack antipode in {AWAY}: no route to host",
        "ireland already has the new version. To go on: mend that, then antipode deploy sydney. To"
        " go back: check out what was deployed before, then antipode deploy ireland",
    ]
    cloud.before = lambda _: None
    assert deployed(cloud)[1] == "ireland: nothing changes"
    assert [name for name, _ in cloud.carried] == ["ireland", "sydney"]


def breaking(at: int) -> Callable[[str], None]:
    count = iter(range(100))

    def before(_: str) -> None:
        if next(count) == at:
            raise KeyboardInterrupt

    return before


@pytest.mark.parametrize("at", range(3))
def test_interrupted_at_any_step_it_goes_on_from_there(at: int) -> None:
    cloud = FakeCloud(nothing(HOME, AWAY), before=breaking(at))
    with pytest.raises(KeyboardInterrupt):
        deployed(cloud)
    assert len(cloud.carried) == at
    deployed(cloud)
    assert [name for name, _ in cloud.carried] == ["ireland", "sydney", "ireland"]
    protected = [each.stack and each.stack.protects for each in cloud.seen.values()]
    assert protected == [True, True]


def test_what_cloudformation_is_at_is_waited_for() -> None:
    busy = replace(stack("UPDATE_IN_PROGRESS"), state=StackState.BUSY)
    cloud = FakeCloud({**standing(HOME), AWAY: Standing(busy, {TABLE: Table()})})
    assert deployed(cloud)[0] == f"  waiting: the stack in {AWAY} is UPDATE_IN_PROGRESS"


def test_what_is_refused_is_not_even_built() -> None:
    cloud = FakeCloud({HOME: Standing(stack("ROLLBACK_COMPLETE")), **nothing(AWAY)})
    assert "which no deployment can update" in stopped(cloud)
    assert cloud.builds == 0


def test_a_relay_is_not_switched_on_before_its_stream_has_forgotten_the_filling() -> None:
    young = replace(stack(RelayEnabled="false"), created=8_640_000.0 - 3_600)
    cloud = FakeCloud({**standing(HOME), AWAY: Standing(young, {TABLE: Table()})})
    assert stopped(cloud, replace(wish(SYDNEY), relay_on=True)) == (
        "the relay in sydney would announce what its tables were filled with: switch it on in 23 h"
    )
    old = replace(young, created=0.0)
    cloud.seen[AWAY] = replace(cloud.seen[AWAY], stack=old)
    deployed(cloud, replace(wish(SYDNEY), relay_on=True))
    assert cloud.carried == [("sydney", {"RelayEnabled": "true"})]


def test_change_sets_that_are_not_carried_out_are_deleted() -> None:
    cloud = FakeCloud(standing(HOME, AWAY))
    deployment = cloud.deployment(wish(), [])
    deployment.prepare()
    deployment.discard()
    assert cloud.discarded == [f"{HOME}/0", f"{AWAY}/1"]
    assert cloud.carried == []
