"""What comes next of taking a table in, from wherever it is."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antipode_tools.operate.adoption.fitting import Owner, Surroundings
from antipode_tools.operate.adoption.live import LiveTable, Replica
from antipode_tools.operate.adoption.look import Report
from antipode_tools.operate.adoption.steps import Seen, Step, next_step, steps
from antipode_tools.operate.adoption.telling import document, text
from antipode_tools.operate.adoption.wanted import WantedTable
from antipode_tools.operate.cleanup.cloudformation import state_of
from antipode_tools.operate.cleanup.leftovers import Table
from antipode_tools.operate.deployment.planning import DAY_S, plan, relay_due
from antipode_tools.operate.deployment.refusals import refusals
from antipode_tools.operate.deployment.standing import Stack, Standing, Wish
from antipode_tools.project.finding import Verdict
from antipode_tools.project.regions import Region
from tests.unit.antipode_tools.operate.adoption.tables import IRELAND, SYDNEY, TABLE

VIRGINIA = "us-east-1"
NAMES = {IRELAND: "ireland", SYDNEY: "sydney", VIRGINIA: "virginia"}
NOW = 100 * DAY_S
TODO = replace(TABLE, name="Todo-abc123-prod", replicas={IRELAND: TABLE.replicas[IRELAND]})


def region(code: str) -> Region:
    return Region(NAMES[code], code, "antipode", {"HomeRegion": IRELAND})


def stack(status: str = "UPDATE_COMPLETE", *, relays: bool = True, age_s: float = 0.0) -> Stack:
    parameters = {"Regions": IRELAND, "RelayEnabled": "true" if relays else "false"}
    outputs = {"TodoTableName": TODO.name}
    return Stack(
        status, state_of(status), parameters=parameters, outputs=outputs, created=NOW - age_s
    )


IMPORTED = replace(stack("IMPORT_COMPLETE"), parameters={}, outputs={})
# Deployed before there was such a model, or with a table of its own for it.
OLDER = replace(stack(), outputs={"TodoTableName": "antipode-Todo"})


@dataclass
class World:
    """Files and Regions, as an operator finds and changes them."""

    named: bool = False
    wrong: bool = False
    listed: list[str] = field(default_factory=lambda: [IRELAND, SYDNEY])
    taken: bool = False
    replicas: dict[str, str] = field(default_factory=lambda: {IRELAND: "ACTIVE"})
    stacks: dict[str, Stack] = field(default_factory=dict)
    stage: str = ""
    declared: bool = False
    now: float = NOW

    def seen(self) -> Seen:
        table = replace(
            TODO,
            on_demand=not self.wrong,
            replicas={code: Replica(True, True, status=its) for code, its in self.replicas.items()},
        )
        home = self.stacks.get(IRELAND)
        return Seen(
            "Todo",
            table,
            wanted(table, self),
            Surroundings(
                "antipode" if self.taken else "",
                owner=Owner("antipode", home.status if home else "", "", "ireland", IRELAND),
            ),
            [region(code) for code in self.listed],
            {code: self.stacks.get(code) for code in self.listed},
            self.stage,
        )

    def coming(self) -> Step | None:
        return next_step(steps(self.seen(), now=self.now))

    def do(self, command: str) -> None:
        """What a command that was told comes to."""
        match command.split():
            case ["in", "graphql/models.graphql:", *_]:
                self.named = True
            case ["antipode", "schema"]:
                return
            case ["aws", "dynamodb", "update-table", *_]:
                self.wrong = False
            case ["antipode", "import", "ireland", "--yes"]:
                self.taken, self.stacks[IRELAND] = True, replace(IMPORTED, created=self.now)
            case ["in", "template.yaml,", "the", "default", "of", "Regions:", regions, *_]:
                self.listed = regions.rstrip(",").split(",")
            case ["antipode", "deploy", *names, "--relay-on"]:
                dues = [relay_due(each) for each in self.stacks.values() if not each.relays]
                assert all(due <= self.now for due in dues), "antipode deploy refuses that"
                self._deploy(*names, relay_on=True)
            case ["antipode", "deploy", *names]:
                self._deploy(*names)
            case _:
                raise AssertionError(command)

    def _deploy(self, *names: str, relay_on: bool = False) -> None:
        """As `antipode deploy` would, where it does not refuse."""
        listed = {"Regions": ",".join(self.listed), "HomeRegion": IRELAND}
        every = {code: replace(region(code), parameters=listed) for code in self.listed}
        chosen = [each for each in every.values() if each.name in names]
        wish = Wish(IRELAND, chosen, every, [TODO.name], relay_on)
        seen = {code: Standing(self.stacks.get(code), self._tables(code)) for code in every}
        assert list(refusals(seen, wish)) == []
        for step in plan(seen, wish, now=self.now, tables_change=False).steps:
            code = step.region.code
            if code == IRELAND:
                self.replicas |= dict.fromkeys(self.listed, "ACTIVE")
            there = self.stacks.get(code)
            before = there.parameters if there else {}
            parameters = {**before, **listed, **step.overrides}
            made = there.created if there else self.now
            self.stacks[code] = replace(stack(), parameters=parameters, created=made)

    def _tables(self, code: str) -> dict[str, Table]:
        if code not in self.replicas:
            return {}
        others = frozenset(self.replicas) - {code}
        return {TODO.name: Table(protected=True, holds_items=True, replicas=others)}


def wanted(table: LiveTable, world: World) -> WantedTable:
    return WantedTable(
        name=table.name if world.named else "antipode-Todo",
        types={"id": "S", "status": "S"},
        keys=table.keys,
        indexes=table.indexes,
        ttl=table.ttl,
        encrypted=True,
        regions=world.listed,
        by_parameter=world.named or world.declared,
    )


STATUSES = ("ACTIVE", "UPDATING")
worlds = st.builds(
    World,
    named=st.booleans(),
    wrong=st.booleans(),
    listed=st.sampled_from([[IRELAND], [IRELAND, SYDNEY], [IRELAND, SYDNEY, VIRGINIA]]),
    replicas=st.sampled_from(
        [{IRELAND: "ACTIVE"}, {IRELAND: "ACTIVE", SYDNEY: "ACTIVE"}],
    ),
)


@given(worlds)
def test_who_does_what_comes_next_has_every_region_announce_in_the_end(world: World) -> None:
    every = set(world.listed) | set(world.replicas)
    world.listed = [code for code in NAMES if code in every]
    for _ in range(40):
        step = world.coming()
        if step is None:
            if len(world.listed) == len(every):
                break
            # One more each time, as it was told.
            world.listed = [code for code in NAMES if code in every][: len(world.listed) + 1]
            continue
        assert step.commands, step
        if "--relay-on" in step.commands[-1] and step.note:
            world.now += DAY_S
        for command in step.commands:
            world.do(command)
    assert world.coming() is None
    assert set(world.replicas) == set(world.stacks) == every
    assert all(stack.relays and not stack.imported for stack in world.stacks.values())


@given(worlds)
def test_only_one_step_is_next_and_all_before_it_are_done(world: World) -> None:
    found = steps(world.seen(), now=NOW)
    coming = next_step(found)
    assert coming is not None
    assert all(step.done for step in found[: found.index(coming)])


@pytest.mark.parametrize(
    ("world", "commands", "note"),
    [
        (
            World(),
            (
                'in graphql/models.graphql: type Todo @model(table: "Todo-abc123-prod")',
                "antipode schema",
            ),
            "",
        ),
        (
            World(stage="staging"),
            (
                "in graphql/models.graphql: type Todo @model(table: ..., with what production's"
                " table is called)",
                'in stages.toml, below [staging]: TodoTableName = "Todo-abc123-prod"',
                "antipode schema",
            ),
            "",
        ),
        (
            World(stage="staging", declared=True),
            (
                'in stages.toml, below [staging]: TodoTableName = "Todo-abc123-prod"',
                "antipode schema",
            ),
            "",
        ),
        (
            World(named=True, wrong=True),
            [
                "aws dynamodb update-table --table-name Todo-abc123-prod --billing-mode"
                " PAY_PER_REQUEST; look at what that costs"
            ],
            "",
        ),
        (
            World(named=True),
            ("antipode import ireland --yes",),
            "with the tables of all other models that are there: look at each of them first",
        ),
        (
            World(named=True, taken=True, stacks={IRELAND: IMPORTED}),
            ("antipode deploy ireland",),
            "",
        ),
        (
            World(named=True, taken=True, stacks={IRELAND: stack("UPDATE_IN_PROGRESS")}),
            ("antipode deploy ireland",),
            "its stack is UPDATE_IN_PROGRESS",
        ),
        (
            World(
                named=True,
                taken=True,
                stacks={IRELAND: IMPORTED},
                listed=[IRELAND, SYDNEY, VIRGINIA],
            ),
            (
                "in template.yaml, the default of Regions: eu-west-1,ap-southeast-2, and one more"
                " each time",
                "antipode schema",
                "antipode deploy ireland",
            ),
            "",
        ),
        (
            World(
                named=True,
                taken=True,
                stacks={IRELAND: stack(relays=False)},
                replicas={IRELAND: "ACTIVE", SYDNEY: "CREATING"},
            ),
            (),
            "DynamoDB is filling it: it is CREATING",
        ),
        (
            World(
                named=True,
                taken=True,
                stacks={IRELAND: stack(relays=False)},
                replicas={IRELAND: "ACTIVE", SYDNEY: "ACTIVE"},
            ),
            ("antipode deploy sydney",),
            "",
        ),
        (
            World(
                named=True,
                taken=True,
                stacks={IRELAND: stack(relays=False), SYDNEY: OLDER},
                replicas={IRELAND: "ACTIVE", SYDNEY: "ACTIVE"},
            ),
            ("antipode deploy sydney",),
            "its stack is UPDATE_COMPLETE, without the table",
        ),
        (
            World(
                named=True,
                taken=True,
                stacks={
                    IRELAND: stack(relays=False, age_s=DAY_S),
                    SYDNEY: stack(relays=False, age_s=3600),
                },
                replicas={IRELAND: "ACTIVE", SYDNEY: "ACTIVE"},
            ),
            ("antipode deploy ireland sydney --relay-on",),
            "in 23 h: a stream keeps a day, and would tell of the filling",
        ),
    ],
)
def test_what_comes_next_follows_from_what_stands(
    world: World, commands: object, note: str
) -> None:
    step = world.coming()
    assert step is not None
    assert (step.commands, step.note) == (commands, note)


def test_a_deployment_of_our_stack_without_the_table_is_no_step_of_its_adoption() -> None:
    world = World(named=True, stacks={IRELAND: stack()})
    step = world.coming()
    assert step is not None
    assert step.commands == [
        "an import makes the stack: let CloudFormation delete it, which keeps its tables (aws"
        " cloudformation delete-stack --stack-name antipode --region eu-west-1), and the import"
        " takes them in with this one"
    ]


DONE = World(
    named=True,
    taken=True,
    stacks={IRELAND: stack(), SYDNEY: stack()},
    replicas={IRELAND: "ACTIVE", SYDNEY: "ACTIVE"},
)


def report(world: World) -> Report:
    seen = world.seen()
    found = steps(seen, now=world.now)
    return Report(seen.findings, found, next_step(found))


def test_the_steps_are_told_with_the_commands_of_the_next_one() -> None:
    assert text(report(World(named=True))).splitlines() == [
        "✔ 1. name the table of Todo",
        "✔ 2. change what does not fit (✖)",
        "→ 3. take it into the stack antipode in eu-west-1",
        "     antipode import ireland --yes",
        "     (with the tables of all other models that are there: look at each of them first)",
        "  4. deploy ireland, with its relay off",
        "  5. make the replica in ap-southeast-2",
        "  6. deploy sydney, with its relay off",
        "  7. switch the relays on, a day after the last Region was made",
    ]


def test_where_all_is_done_that_is_told() -> None:
    told = report(DONE)
    assert text(told).splitlines()[-1] == ("all is done: the table is the model's in every Region")
    assert not [each for each in told.findings if each.verdict is not Verdict.RIGHT]


def test_programs_are_told_the_number_of_the_next_step() -> None:
    told = document(report(World(named=True)))
    assert (told["next"], told["written"], document(report(DONE))["next"]) == (3, None, None)
    assert told["steps"][2] == {
        "do": "take it into the stack antipode in eu-west-1",
        "done": False,
        "commands": ("antipode import ireland --yes",),
        "note": "with the tables of all other models that are there: look at each of them first",
        "imports": True,
    }
