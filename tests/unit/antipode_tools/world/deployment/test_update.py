from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from antipode_tools.project.config import WorldConfig, load
from antipode_tools.world.deployment.update import (
    Update,
    check_reachable,
    index_changes,
    reread_config,
    with_remedy,
)
from antipode_tools.world.errors import AFRESH, WorldError, unchangeable

SAMCONFIG = """
[ireland.global.parameters]
region = "eu-west-1"
stack_name = "antipode"
"""


@pytest.mark.parametrize(
    ("update", "told"),
    [
        (Update(("src/relay/app.py",)), ["updated: src/relay/app.py"]),
        (Update(()), ["updated: finished what had failed before"]),
        (Update(tuple("abcde")), ["updated: a, b, c, d, e"]),
        (Update(tuple("abcdefg")), ["updated: a, b, c, d, e and 2 more"]),
        (Update(("a",), added=("Order", "Todo")), ["updated: a", "  new: Order, Todo"]),
        (
            Update(("a",), removed=("Todo",)),
            ["updated: a", "  gone: Todo; its table and items stay in the engine, as on AWS"],
        ),
        (
            Update(("a",), removed=("Order", "Todo"), indexes=("Item has byName",)),
            [
                "updated: a",
                "  gone: Order, Todo; their tables and items stay in the engine, as on AWS",
                "  indexes: Item has byName",
            ],
        ),
    ],
)
def test_an_update_tells_what_it_did(update: Update, told: list[str]) -> None:
    assert str(update).splitlines() == told


def test_an_update_is_reported_across_processes() -> None:
    update = Update(("a",), ("Order",), ("Todo",), ("Item has byName",))
    assert Update.from_json(json.loads(json.dumps(update.as_json()))) == update


def test_the_indexes_of_tables_that_stay_are_compared() -> None:
    before = {"Todo": ["byName", "byDate"], "Order": ["byStatus"]}
    after = {"Todo": ["byDate", "byStatus"], "New": ["byName"]}
    assert index_changes(before, after) == ["Todo has byStatus", "Todo lost byName"]


@pytest.fixture
def config(tmp_path: Path) -> WorldConfig:
    (tmp_path / "samconfig.toml").write_text(SAMCONFIG)
    return load(root=tmp_path)


def with_parameters(config: WorldConfig, parameters: str) -> None:
    """Have samconfig.toml deploy Ireland's stack with these."""
    overrides = f"[ireland.deploy.parameters]\nparameter_overrides = '{parameters}'"
    config.samconfig.write_text(f"{SAMCONFIG}\n{overrides}\n")


def test_a_running_world_takes_other_parameters(config: WorldConfig) -> None:
    with_parameters(config, "Introspection=ENABLED")
    [before], [now] = config.regions, reread_config(config).regions
    assert now == replace(before, parameters={"Introspection": "ENABLED"})


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("eu-west-1", "eu-west-2", "ireland now has a different region or stack_name"),
        ("antipode", "other", "ireland now has a different region or stack_name"),
        ("ireland", "dublin", "samconfig.toml has no environment ireland; it has dublin"),
    ],
)
def test_a_running_world_cannot_move(config: WorldConfig, old: str, new: str, why: str) -> None:
    config.samconfig.write_text(SAMCONFIG.replace(old, new))
    with pytest.raises(WorldError) as raised:
        reread_config(config)
    assert raised.value == unchangeable(why)


def test_a_running_world_cannot_have_another_shared_name(config: WorldConfig) -> None:
    with_parameters(config, "DomainName=api.example.com")
    with pytest.raises(WorldError) as raised:
        reread_config(config)
    assert raised.value == unchangeable("ireland now has a different DomainName")


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        ("mend the template", f"mend the template, then antipode up again; or: {AFRESH}"),
        ("", f"fix it, then antipode up again; or: {AFRESH}"),
        (AFRESH, AFRESH),
    ],
)
def test_where_an_update_fails_it_says_how_to_go_on(remedy: str, told: str) -> None:
    with pytest.raises(WorldError) as raised, with_remedy():
        raise WorldError("sam build failed", "no python", remedy)
    assert raised.value == WorldError("sam build failed", "no python", told)


def test_nothing_is_deployed_while_a_region_is_lost() -> None:
    check_reachable([])
    with pytest.raises(WorldError) as refused:
        check_reachable(["sydney"])
    assert refused.value.why == "sydney is lost, and nothing can be deployed there"
    assert refused.value.remedy == "antipode recover sydney, and antipode up again"
    with pytest.raises(WorldError, match="ireland and sydney are lost"):
        check_reachable(["ireland", "sydney"])
