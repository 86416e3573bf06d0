"""Whether a table that is there fits a model: what is right, what would change, what cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from antipode_tools.operate.adoption.live import LiveTable, Part
from antipode_tools.operate.adoption.wanted import WantedTable
from antipode_tools.operate.cleanup.cloudformation import state_of
from antipode_tools.operate.cleanup.leftovers import StackState
from antipode_tools.project.finding import Finding, Verdict

_STREAM = "NEW_AND_OLD_IMAGES"
_SWITCH_ON = (
    "aws dynamodb update-table --table-name {name} --stream-specification"
    f" StreamEnabled=true,StreamViewType={_STREAM}"
)


# Of these CloudFormation knows whose a table is, and imports none that is a stack's.
_OF_A_STACK = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
_READERS_A_SHARD = 2


@dataclass(frozen=True)
class Owner:
    """The stack that is to own the table.

    Args:
        status: in CloudFormation's words; empty where there is none.
        begun: the status of an import into it that was begun and has not ended; empty for none.
        region: the Region's name in samconfig.toml, and `code`.
    """

    stack: str = ""
    status: str = ""
    begun: str = ""
    region: str = ""
    code: str = ""

    @property
    def is_free(self) -> bool:
        """Whether an import can make it: there is nothing of it but a change set."""
        return self.status in ("", "REVIEW_IN_PROGRESS")


@dataclass(frozen=True)
class Surroundings:
    """What is known of a table beside itself.

    Args:
        stack: the stack that has it; empty for none.
        readers: the functions that read its stream.
        kind: the type of the resource that it is in that stack.
    """

    stack: str = ""
    readers: Sequence[str] = ()
    kind: str = _OF_A_STACK[0]
    owner: Owner = Owner()

    @property
    def is_ours(self) -> bool:
        """Whether the stack that is to own the table does."""
        return bool(self.stack) and self.stack == self.owner.stack


def findings(table: LiveTable, around: Surroundings, want: WantedTable) -> Iterator[Finding]:
    """Everything that an adoption depends on, in the order of its weight."""
    yield name(table, want)
    yield _stack(around)
    yield from _owner(around)
    yield from _legacy(table)
    yield _key(table, want)
    yield from _indexes(table, want)
    yield from _local_indexes(table)
    yield _stream(table)
    yield _capacity(table)
    yield _ttl(table, want)
    yield _encryption(table, want)
    yield from _replicas(table, want)
    yield _readers(around)


def name(table: LiveTable, want: WantedTable) -> Finding:
    """Whether the model's table is called so."""
    if table.name == want.name:
        return Finding("name", Verdict.RIGHT, table.name)
    found = f"{table.name}, where the model has {want.name}: CloudFormation would make a new one"
    return Finding("name", Verdict.WRONG, found, f'@model(table: "{table.name}")')


def _stack(around: Surroundings) -> Finding:
    stack, kind = around.stack, around.kind
    if not stack:
        return Finding("stack", Verdict.RIGHT, "no stack has it")
    if around.is_ours:
        return Finding("stack", Verdict.RIGHT, f"it is in {stack}, as it is to be")
    if kind not in _OF_A_STACK:
        return Finding(
            "stack",
            Verdict.WARNING,
            f"the stack {stack} made it, by a {kind}",
            f"CloudFormation can import it all the same; but have {stack} keep it where its"
            " resource goes (a removal policy), and change it no more",
        )
    return Finding(
        "stack",
        Verdict.WRONG,
        f"it is the stack {stack}'s",
        f"give it DeletionPolicy: Retain there, deploy, take it out of {stack}'s template,"
        " deploy again: it stays, and no stack has it",
    )


def _owner(around: Surroundings) -> Iterator[Finding]:
    """What is in the way of an import, which makes the stack."""
    owner = around.owner
    if around.is_ours:
        return
    if owner.begun.endswith(("_IN_PROGRESS", "_PENDING")):
        found = f"an import into {owner.stack} is under way ({owner.begun}), by whomever"
        yield Finding("import", Verdict.WRONG, found, "wait until it has ended, and ask again")
    elif owner.begun:
        found = f"one into {owner.stack} was begun and not carried out ({owner.begun}), by whomever"
        fix = f"ask who it was: antipode import {owner.region} --yes makes it anew"
        yield Finding("import", Verdict.WARNING, found, fix)
    if owner.is_free:
        return
    found = f"{owner.stack} is {owner.status} in {owner.code} and does not have the table"
    match state_of(owner.status):
        case StackState.BUSY:
            fix = "wait until CloudFormation is done, and ask again"
        case StackState.FAILED | StackState.UNDELETED:
            fix = f"antipode cleanup {owner.region} --dry-run: it leaves such a table alone"
        case StackState.STANDING:
            fix = (
                "an import makes the stack: let CloudFormation delete it, which keeps its tables"
                f" (aws cloudformation delete-stack --stack-name {owner.stack} --region"
                f" {owner.code}), and the import takes them in with this one"
            )
    yield Finding("the stack to be", Verdict.WRONG, found, fix)


def _legacy(table: LiveTable) -> Iterator[Finding]:
    if table.legacy:
        fix = "update it to the version 2019.11.21, in DynamoDB's console"
        yield Finding("version", Verdict.WRONG, "a global table of 2017.11.29", fix)


def _local_indexes(table: LiveTable) -> Iterator[Finding]:
    for index in table.local_indexes:
        yield Finding(
            f"local index {index}",
            Verdict.WRONG,
            "a stack's tables have none, and CloudFormation would replace the table",
            "copy its items (antipode backfill) into a table of the stack's:"
            " a local index cannot be taken away",
        )


def _key(table: LiveTable, want: WantedTable) -> Finding:
    has, wants = _shown(table.keys, _types(table)), _shown(want.keys, want.types)
    if has == wants:
        return Finding("key", Verdict.RIGHT, has)
    fix = (
        "give the model that key, or copy the items (antipode backfill):"
        " a table's key cannot change"
    )
    return Finding("key", Verdict.WRONG, f"{has}, where the model has {wants}", fix)


def _indexes(table: LiveTable, want: WantedTable) -> Iterator[Finding]:
    there, wants = (
        {each["IndexName"]: _shown(each["KeySchema"], types) for each in indexes}
        for indexes, types in ((table.indexes, _types(table)), (want.indexes, want.types))
    )
    partial = {
        each["IndexName"]: each["Projection"]["ProjectionType"]
        for each in table.indexes
        if each["Projection"]["ProjectionType"] != "ALL"
    }
    for name, key in there.items():
        subject = f"index {name}"
        if name not in wants:
            found = f"{key}, which the model does not have: a deployment would delete it"
            yield Finding(subject, Verdict.WRONG, found, "give the model that index")
        elif wants[name] != key:
            fix = "give the model's index another name: an index's key cannot change"
            yield Finding(subject, Verdict.WRONG, f"{key}, where the model has {wants[name]}", fix)
        elif name in partial:
            found = f"it holds {partial[name]}, where the stack's indexes hold ALL"
            fix = "give the model's index another name: what an index holds cannot change"
            yield Finding(subject, Verdict.WRONG, found, fix)
        else:
            yield Finding(subject, Verdict.RIGHT, key)
    missing = [name for name in wants if name not in there]
    for name in missing:
        fix = "the deployment after the import makes it, one at a time" + (
            ": deploy with one more each time" if len(missing) > 1 else ""
        )
        yield Finding(f"index {name}", Verdict.WARNING, "it is not there yet", fix)


def _stream(table: LiveTable) -> Finding:
    if table.stream == _STREAM:
        return Finding("stream", Verdict.RIGHT, table.stream)
    found = table.stream or "there is none"
    if len(table.replicas) > 1 and table.stream:
        fix = "remove the other replicas first: a stream's view cannot change while there are two"
        return Finding("stream", Verdict.WRONG, found, fix)
    return Finding("stream", Verdict.WRONG, found, _SWITCH_ON.format(name=table.name))


def _capacity(table: LiveTable) -> Finding:
    if table.on_demand:
        return Finding("capacity", Verdict.RIGHT, "on demand")
    fix = (
        f"aws dynamodb update-table --table-name {table.name} --billing-mode PAY_PER_REQUEST;"
        " look at what that costs"
    )
    return Finding("capacity", Verdict.WRONG, "provisioned", fix)


def _ttl(table: LiveTable, want: WantedTable) -> Finding:
    has, wants = table.ttl or "none", want.ttl or "none"
    if has == wants:
        return Finding("time to live", Verdict.RIGHT, has)
    found = f"{has}, where the model has {wants}: a deployment would change it"
    fix = (
        f"@ttl on {table.ttl} of the model, or deploy as it is and items expire otherwise"
        if table.ttl
        else f"look at the items first: those whose {want.ttl} has passed go within days"
    )
    return Finding("time to live", Verdict.WARNING, found, fix)


def _encryption(table: LiveTable, want: WantedTable) -> Finding:
    if table.encrypted == want.encrypted:
        return Finding("encryption", Verdict.RIGHT, "as the stack's")
    named = {True: "a key of KMS", False: "DynamoDB's own key"}
    found = f"{named[table.encrypted]}, where the stack has {named[want.encrypted]}"
    fix = "TableKey or KmsKeyId, or let the deployment change it: the table goes on meanwhile"
    return Finding("encryption", Verdict.WARNING, found, fix)


def _replicas(table: LiveTable, want: WantedTable) -> Iterator[Finding]:
    for region in table.replicas:
        if region in want.regions:
            yield Finding("replica", Verdict.RIGHT, "it is there", "", region)
        else:
            fix = "add it to Regions in template.yaml: a deployment would delete the replica"
            yield Finding("replica", Verdict.WRONG, "Regions does not have it", fix, region)
    for region in want.regions:
        if region not in table.replicas:
            fix = "antipode deploy makes it after the import, one in a deployment"
            yield Finding("replica", Verdict.WARNING, "there is none yet", fix, region)


def _readers(around: Surroundings) -> Finding:
    relay = f"{around.owner.stack}-RelayFunction"
    others = [each for each in around.readers if not each.startswith(relay)]
    if not others:
        return Finding("stream's readers", Verdict.RIGHT, "no other function reads its stream")
    found = ", ".join(others)
    if len(others) >= _READERS_A_SHARD:
        fix = "take one away: DynamoDB lets two read a shard, and the relay is to be one of them"
        return Finding("stream's readers", Verdict.WRONG, found, fix)
    fix = "put it behind the relay: DynamoDB advises one reader a shard for global tables"
    return Finding("stream's readers", Verdict.WARNING, found, fix)


def _types(table: LiveTable) -> Mapping[str, str]:
    return {each["AttributeName"]: each["AttributeType"] for each in table.attributes}


def _shown(keys: Sequence[Part], types: Mapping[str, str]) -> str:
    """`id (S), at (N)`: the partition key first."""
    ordered = sorted(keys, key=lambda each: str(each["KeyType"]))
    names = [str(each["AttributeName"]) for each in ordered]
    return ", ".join(f"{name} ({types.get(name, '?')})" for name in names)
