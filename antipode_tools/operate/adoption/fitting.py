"""Whether a table that is there fits a model: what is right, what would change, what cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from antipode_tools.operate.adoption.live import LiveTable, Part
from antipode_tools.operate.adoption.wanted import WantedTable
from antipode_tools.project.finding import Finding, Verdict

_STREAM = "NEW_AND_OLD_IMAGES"
_SWITCH_ON = (
    "aws dynamodb update-table --table-name {name} --stream-specification"
    f" StreamEnabled=true,StreamViewType={_STREAM}"
)


@dataclass(frozen=True)
class Surroundings:
    """What is known of a table beside itself.

    Args:
        stack: the stack that has it; empty for none.
        readers: the functions that read its stream.
    """

    stack: str = ""
    readers: Sequence[str] = ()


def findings(table: LiveTable, around: Surroundings, want: WantedTable) -> Iterator[Finding]:
    """Everything that an adoption depends on, in the order of its weight."""
    yield _name(table, want)
    yield _stack(around)
    yield _key(table, want)
    yield from _indexes(table, want)
    yield _stream(table)
    yield _capacity(table)
    yield _ttl(table, want)
    yield _encryption(table, want)
    yield from _replicas(table, want)
    yield _readers(around)


def _name(table: LiveTable, want: WantedTable) -> Finding:
    if table.name == want.name:
        return Finding("name", Verdict.RIGHT, table.name)
    model = want.name.rpartition("-")[2]
    stack, _, rest = table.name.rpartition("-")
    found = f"{table.name}, where the stack has {want.name}: CloudFormation would make a new one"
    if stack and rest == model:
        return Finding("name", Verdict.WRONG, found, f'stack_name = "{stack}" in samconfig.toml')
    return Finding("name", Verdict.WRONG, found, "copy its items into a table of the stack's")


def _stack(around: Surroundings) -> Finding:
    if not around.stack:
        return Finding("stack", Verdict.RIGHT, "no stack has it")
    return Finding(
        "stack",
        Verdict.WRONG,
        f"it is the stack {around.stack}'s",
        f"give it DeletionPolicy: Retain there, deploy, take it out of {around.stack}'s template,"
        " deploy again: it stays, and no stack has it",
    )


def _key(table: LiveTable, want: WantedTable) -> Finding:
    has, wants = _shown(table.keys, _types(table)), _shown(want.keys, want.types)
    if has == wants:
        return Finding("key", Verdict.RIGHT, has)
    fix = "give the model that key, or copy the items: a table's key cannot change"
    return Finding("key", Verdict.WRONG, f"{has}, where the model has {wants}", fix)


def _indexes(table: LiveTable, want: WantedTable) -> Iterator[Finding]:
    there, wants = (
        {each["IndexName"]: _shown(each["KeySchema"], types) for each in indexes}
        for indexes, types in ((table.indexes, _types(table)), (want.indexes, want.types))
    )
    for name, key in there.items():
        subject = f"index {name}"
        if name not in wants:
            found = f"{key}, which the model does not have: a deployment would delete it"
            yield Finding(subject, Verdict.WRONG, found, "give the model that index")
        elif wants[name] != key:
            fix = "give the model's index another name: an index's key cannot change"
            yield Finding(subject, Verdict.WRONG, f"{key}, where the model has {wants[name]}", fix)
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
    if not around.readers:
        return Finding("stream's readers", Verdict.RIGHT, "no function reads its stream")
    found = ", ".join(around.readers)
    fix = "put them behind the relay: DynamoDB advises one reader a shard for global tables"
    return Finding("stream's readers", Verdict.WARNING, found, fix)


def _types(table: LiveTable) -> Mapping[str, str]:
    return {each["AttributeName"]: each["AttributeType"] for each in table.attributes}


def _shown(keys: Sequence[Part], types: Mapping[str, str]) -> str:
    """`id (S), at (N)`: the partition key first."""
    ordered = sorted(keys, key=lambda each: str(each["KeyType"]))
    names = [str(each["AttributeName"]) for each in ordered]
    return ", ".join(f"{name} ({types.get(name, '?')})" for name in names)
