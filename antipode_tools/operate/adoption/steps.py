"""What it takes to take a table in, in order, and how far it is: pure, by what stands on AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from antipode_tools.operate.adoption.fitting import Surroundings, findings, name
from antipode_tools.operate.adoption.live import LiveTable
from antipode_tools.operate.adoption.wanted import WantedTable
from antipode_tools.operate.cleanup.leftovers import StackState
from antipode_tools.operate.deployment.planning import relay_due
from antipode_tools.operate.deployment.standing import Stack
from antipode_tools.project.finding import Finding, Verdict
from antipode_tools.project.regions import Region
from antipode_tools.project.tables import parameter

_HOUR_S = 3600.0


@dataclass(frozen=True)
class Seen:
    """A table that is to be a model's, and all that stands of it.

    Args:
        stage: empty for production.
        regions: of samconfig.toml, the owner first.
        stacks: by the Regions' codes; None where there is none.
    """

    model: str
    table: LiveTable
    want: WantedTable
    around: Surroundings
    regions: Sequence[Region]
    stacks: Mapping[str, Stack | None] = field(default_factory=dict)
    stage: str = ""

    @property
    def owner(self) -> Region:
        return self.regions[0]

    @property
    def findings(self) -> Sequence[Finding]:
        """What fits, what would change, and what has to be changed first."""
        return tuple(findings(self.table, self.around, self.want))


@dataclass(frozen=True)
class Step:
    """One thing to do.

    Args:
        do: in words, without a capital.
        done: it was done, as far as AWS tells.
        commands: what does it, a line each; of files, what to write where.
        note: why not now, or what to know of it.
        imports: it is CloudFormation's import.
    """

    do: str
    done: bool
    commands: Sequence[str] = ()
    note: str = ""
    imports: bool = False


def steps(seen: Seen, *, now: float) -> list[Step]:
    """All steps in their order.

    Args:
        now: seconds since 1970.
    """
    return [_name(seen), _fit(seen), _import(seen), *_regions(seen), _relays(seen, now)]


def next_step(found: Sequence[Step]) -> Step | None:
    """The first that is not done; None where all is."""
    return next((step for step in found if not step.done), None)


def _name(seen: Seen) -> Step:
    table = seen.table.name
    file = "in graphql/models.graphql: type {} @model(table: {})"
    if not seen.stage:
        commands = [file.format(seen.model, f'"{table}"')]
    else:
        commands = [f'in stages.toml, below [{seen.stage}]: {parameter(seen.model)} = "{table}"']
        if not seen.want.by_parameter:
            theirs = "..., with what production's table is called"
            commands = [file.format(seen.model, theirs), *commands]
    return Step(
        f"name the table of {seen.model}",
        name(seen.table, seen.want).verdict is Verdict.RIGHT,
        (*commands, "antipode schema"),
    )


def _fit(seen: Seen) -> Step:
    wrong = [
        each
        for each in seen.findings
        if each.verdict is Verdict.WRONG and each != name(seen.table, seen.want)
    ]
    done = not wrong
    return Step("change what does not fit (✖)", done, [each.fix for each in wrong])


def _import(seen: Seen) -> Step:
    owner = seen.owner
    return Step(
        f"take it into the stack {owner.stack} in {owner.code}",
        seen.around.is_ours,
        (f"antipode import {owner.name} --yes",),
        "with the tables of all other models that are there: look at each of them first",
        imports=True,
    )


def _regions(seen: Seen) -> Iterator[Step]:
    """The owner's deployment, and of each other Region the replica and the stack."""
    owner = seen.owner
    yield Step(
        f"deploy {owner.name}, with its relay off",
        _stands(seen, owner.code),
        (*_listing(seen), f"antipode deploy {owner.name}"),
        _at(seen.stacks.get(owner.code)),
    )
    for region in seen.regions[1:]:
        replica = seen.table.replicas.get(region.code)
        filling = replica is not None and replica.status != "ACTIVE"
        yield Step(
            f"make the replica in {region.code}",
            replica is not None and not filling,
            () if filling else (*_listing(seen), f"antipode deploy {owner.name}"),
            f"DynamoDB is filling it: it is {replica.status}" if replica and filling else "",
        )
        yield Step(
            f"deploy {region.name}, with its relay off",
            _stands(seen, region.code),
            (f"antipode deploy {region.name}",),
            _at(seen.stacks.get(region.code)),
        )


def _relays(seen: Seen, now: float) -> Step:
    names = " ".join(region.name for region in seen.regions)
    there = [stack for code, stack in seen.stacks.items() if stack and _stands(seen, code)]
    off = [stack for stack in there if not stack.relays]
    rest = max((relay_due(stack) - now for stack in off), default=0.0)
    early = rest > 0
    return Step(
        "switch the relays on, a day after the last Region was made",
        len(there) == len(seen.regions) and not off,
        (f"antipode deploy {names} --relay-on",),
        f"in {rest / _HOUR_S:.0f} h: a stream keeps a day, and would tell of the filling"
        if early
        else "",
    )


def _stands(seen: Seen, code: str) -> bool:
    """Whether a Region has been deployed with the table, by what its stack says of itself."""
    stack = seen.stacks.get(code)
    if stack is None or not seen.around.is_ours or stack.state is not StackState.STANDING:
        return False
    # The output has the name of the parameter.
    return stack.outputs.get(parameter(seen.model)) == seen.table.name


def _at(stack: Stack | None) -> str:
    if stack is None or stack.imported:
        return ""
    lacking = ", without the table" if stack.state is StackState.STANDING else ""
    return f"its stack is {stack.status}{lacking}"


def _listing(seen: Seen) -> tuple[str, ...]:
    """What to write first where Regions lists several that have no replica: one in a deployment."""
    missing = [code for code in seen.want.regions if code not in seen.table.replicas]
    if len(missing) < 2:
        return ()
    now = [code for code in seen.want.regions if code in seen.table.replicas]
    return (
        f"in template.yaml, the default of Regions: {','.join([*now, missing[0]])}, and one more"
        " each time",
        "antipode schema",
    )
