"""What no deployment is begun with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from antipode_tools.operate.cleanup.leftovers import Table
from antipode_tools.operate.deployment.refusals import refusals
from antipode_tools.operate.deployment.standing import Seen, Standing
from antipode_tools.project.regions import Region
from tests.unit.antipode_tools.operate.deployment.fakes import (
    AWAY,
    HOME,
    IRELAND,
    PARAMETERS,
    SYDNEY,
    TABLE,
    THIRD,
    VIRGINIA,
    nothing,
    of_three,
    stack,
    standing,
    wish,
)

THREE = [of_three(IRELAND), of_three(SYDNEY), VIRGINIA]


@pytest.mark.parametrize("seen", [nothing(HOME, AWAY), standing(HOME, AWAY)])
def test_nothing_is_in_the_way_of_a_first_and_a_later_deployment(seen: Seen) -> None:
    assert list(refusals(seen, wish())) == []


def test_there_are_never_two_owners() -> None:
    seen = {**standing(HOME), AWAY: Standing(stack(HomeRegion=AWAY))}
    assert list(refusals(seen, wish(IRELAND))) == [
        f"the stack in {AWAY} takes {AWAY} for the owner of the tables, and samconfig.toml {HOME}:"
        f" there must never be two. Set HomeRegion in template.yaml back to {AWAY} and run antipode"
        " schema; ownership moves by resource import alone"
    ]


@pytest.mark.parametrize(
    ("status", "next_step"),
    [
        ("ROLLBACK_COMPLETE", "antipode cleanup ireland --dry-run"),
        ("DELETE_FAILED", "antipode cleanup ireland --dry-run"),
        (
            "UPDATE_ROLLBACK_FAILED",
            f"aws cloudformation continue-update-rollback --stack-name antipode --region {HOME}",
        ),
    ],
)
def test_a_stack_that_no_deployment_can_update_is_told_with_the_way_out(
    status: str, next_step: str
) -> None:
    broken = replace(stack(status), reason="the role is in use")
    [reason] = refusals({HOME: Standing(broken), **nothing(AWAY)}, wish(IRELAND))
    assert reason.startswith(f"the stack in {HOME} is {status} (the role is in use)")
    assert reason.endswith(next_step)


def test_a_table_without_a_stack_is_taken_in_or_deleted_first() -> None:
    seen = {HOME: Standing(None, {TABLE: Table()}), AWAY: Standing()}
    assert list(refusals(seen, wish())) == [
        f"table {TABLE} is there without a stack of ours in {HOME}: antipode import ireland keeps"
        " it, antipode cleanup deletes it"
    ]


def test_a_table_that_a_model_names_is_adopted_and_not_cleaned_up() -> None:
    seen = {HOME: Standing(None, {"Todo-abc123-prod": Table()}), AWAY: Standing()}
    wanted = replace(wish(), named={"Todo-abc123-prod": "Todo"})
    assert list(refusals(seen, wanted)) == [
        f"table Todo-abc123-prod is there without a stack of ours in {HOME}: antipode adopt"
        " Todo-abc123-prod --model Todo says how to take it in"
    ]


def imported(status: str = "IMPORT_COMPLETE", *tables: Table) -> Seen:
    named = {str(number): table for number, table in enumerate(tables)}
    return {HOME: Standing(replace(stack(status), parameters={}), named), **nothing(AWAY, THIRD)}


@pytest.mark.parametrize(
    ("replicas", "told"),
    [
        ([set()], ["adds ap-southeast-2 and adds us-east-1"]),
        ([{AWAY}], []),
        ([{AWAY, THIRD}], []),
        ([{AWAY, THIRD}, {THIRD}], []),
        ([{AWAY}, {THIRD}], ["adds ap-southeast-2 and adds us-east-1"]),
    ],
)
def test_tables_that_were_taken_in_get_one_replica_at_a_time(
    replicas: list[set[str]], told: list[str]
) -> None:
    tables = [Table(replicas=frozenset(each)) for each in replicas]
    wanted = wish(THREE[0], every=THREE)
    assert list(refusals(imported("IMPORT_COMPLETE", *tables), wanted)) == [
        f"Regions {changes}: DynamoDB changes one replica in a deployment. Change one in"
        " template.yaml, run antipode schema, deploy, then the next"
        for changes in told
    ]


def test_an_import_that_was_taken_back_is_told_with_the_way_out() -> None:
    assert list(refusals(imported("IMPORT_ROLLBACK_COMPLETE"), wish(IRELAND))) == [
        f"the stack in {HOME} is IMPORT_ROLLBACK_COMPLETE, and nothing was taken in: mend that,"
        f" then aws cloudformation delete-stack --stack-name antipode --region {HOME}, which leaves"
        " the tables as they are, and antipode import ireland --yes"
    ]


def test_a_table_that_another_stack_uses_is_not_touched() -> None:
    foreign = Table(foreign="it is tagged as one of stack shop")
    seen = {HOME: Standing(None, {TABLE: foreign}), AWAY: Standing()}
    assert list(refusals(seen, wish())) == [
        f"table {TABLE} is there without a stack of ours in {HOME}, and not this project's: it is"
        " tagged as one of stack shop. Give the stack another name in samconfig.toml, or take the"
        " table out of what uses it"
    ]


def test_a_region_whose_owner_has_no_replica_for_it_waits_for_the_owner() -> None:
    wait = (
        f"the stack in {HOME} owns the tables, and has no replica in {{}}: antipode deploy ireland"
        " first, or with it"
    )
    assert list(refusals(nothing(HOME, AWAY), wish(SYDNEY))) == [wait.format(AWAY)]
    seen = {**standing(HOME, AWAY), **nothing(THIRD)}
    assert list(refusals(seen, wish(VIRGINIA, every=THREE))) == [wait.format(THIRD)]
    assert list(refusals(seen, wish(THREE[0], VIRGINIA, every=THREE))) == []


def test_a_region_whose_owner_lacks_the_table_of_a_new_model_waits_for_it() -> None:
    wanted = replace(wish(SYDNEY), tables=[TABLE, "antipode-Todo"])
    assert list(refusals(standing(HOME, AWAY), wanted)) == [
        f"there is no table antipode-Todo in {AWAY}: antipode deploy ireland makes it"
    ]


def with_list(region: Region, *codes: str) -> Region:
    return replace(region, parameters={**PARAMETERS, "Regions": ",".join(codes)})


def test_there_are_never_two_new_regions_at_once() -> None:
    every = [with_list(IRELAND, HOME, AWAY, THIRD, "eu-north-1")]
    assert list(refusals(standing(HOME), wish(every=every))) == [
        "Regions adds eu-north-1 and adds us-east-1: DynamoDB changes one replica in a deployment."
        " Change one in template.yaml, run antipode schema, deploy, then the next"
    ]


def test_a_region_is_not_put_in_the_place_of_another() -> None:
    every = [with_list(IRELAND, HOME, THIRD)]
    seen = {HOME: Standing(stack(DeletionProtection="false"))}
    [reason] = refusals(seen, wish(every=every))
    assert reason.startswith(f"Regions adds {THIRD} and removes {AWAY}: ")


def test_a_region_is_removed_after_its_stack_and_with_the_replicas_open() -> None:
    every = [with_list(IRELAND, HOME), SYDNEY]
    assert list(refusals(standing(HOME, AWAY), wish(every[0], every=every))) == [
        f"Regions lacks {AWAY}, where there is a stack: delete it first, aws cloudformation"
        f" delete-stack --stack-name antipode --region {AWAY}",
        f"the replica in {AWAY} is protected and cannot be removed: sam deploy --config-env"
        f" ireland --parameter-overrides DeletionProtection=false first, while {AWAY} is on the"
        " list",
    ]
    open_ = {HOME: Standing(stack(DeletionProtection="false")), AWAY: Standing()}
    assert list(refusals(open_, wish(every[0], every=every))) == []


def test_the_owners_own_region_stays_on_the_list() -> None:
    every = [with_list(IRELAND, AWAY)]
    assert list(refusals(standing(HOME), wish(every=every))) == [
        f"Regions lacks {HOME}, whose stack owns the tables: put it back"
    ]
