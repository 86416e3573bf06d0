"""Why nothing may be deployed, by what stands: each a sentence with what to do."""

from __future__ import annotations

from collections.abc import Iterator

from antipode_tools.operate.cleanup.leftovers import StackState
from antipode_tools.operate.deployment.standing import Seen, Stack, Wish, added, removed
from antipode_tools.project.regions import Region


def refusals(seen: Seen, wish: Wish) -> Iterator[str]:
    """What forbids the deployment of the chosen Regions, whatever their change sets hold."""
    yield from _two_owners(seen, wish)
    for region in wish.chosen:
        if stack := seen[region.code].stack:
            yield from _of_stack(stack, region)
    yield from _of_tables(seen, wish)
    yield from _of_replicas(seen, wish)


def _two_owners(seen: Seen, wish: Wish) -> Iterator[str]:
    for code, standing in seen.items():
        owner = standing.stack.parameters.get("HomeRegion", wish.home) if standing.stack else ""
        if owner and owner != wish.home:
            yield (
                f"the stack in {code} takes {owner} for the owner of the tables, and samconfig.toml"
                f" {wish.home}: there must never be two. Set HomeRegion in template.yaml back to"
                f" {owner} and run antipode schema; ownership moves by resource import alone"
            )


def _of_stack(stack: Stack, region: Region) -> Iterator[str]:
    where = f"the stack in {region.code} is {stack.status}"
    because = f" ({stack.reason})" if stack.reason else ""
    match stack.state:
        case StackState.FAILED | StackState.UNDELETED:
            yield (
                f"{where}{because}, which no deployment can update:"
                f" antipode cleanup {region.name} --dry-run"
            )
        case StackState.STANDING if stack.status == "UPDATE_ROLLBACK_FAILED":
            yield (
                f"{where}{because}: mend that, then aws cloudformation continue-update-rollback"
                f" --stack-name {region.stack} --region {region.code}"
            )
        case StackState.STANDING if stack.imported and stack.status.startswith("IMPORT_ROLLBACK"):
            yield (
                f"{where}{because}, and nothing was taken in: mend that, then aws cloudformation"
                f" delete-stack --stack-name {region.stack} --region {region.code}, which leaves"
                f" the tables as they are, and antipode import {region.name} --yes"
            )
        case StackState.STANDING | StackState.BUSY:
            return


def _of_tables(seen: Seen, wish: Wish) -> Iterator[str]:
    owner = wish.owner
    if seen[wish.home].stack or not wish.chose(wish.home):
        return
    for name, table in seen[wish.home].tables.items():
        there = f"table {name} is there without a stack of ours in {wish.home}"
        if table.foreign:
            yield (
                f"{there}, and not this project's: {table.foreign}. Give the stack another name in"
                " samconfig.toml, or take the table out of what uses it"
            )
        elif name in wish.named:
            yield (
                f"{there}: antipode adopt {name} --model {wish.named[name]} says how to take it in"
            )
        else:
            yield f"{there}: antipode import {owner.name} keeps it, antipode cleanup deletes it"


def _of_replicas(seen: Seen, wish: Wish) -> Iterator[str]:
    """One replica at a time, and no stack before its replica."""
    home = seen[wish.home].stack
    owner = wish.owner.name
    if not wish.chose(wish.home):
        for region in wish.chosen:
            if not home or region.code not in home.regions:
                yield (
                    f"the stack in {wish.home} owns the tables, and has no replica in"
                    f" {region.code}: antipode deploy {owner} first, or with it"
                )
            elif gone := sorted(set(wish.tables) - seen[region.code].tables.keys()):
                yield (
                    f"there is no table {', '.join(gone)} in {region.code}: antipode deploy {owner}"
                    " makes it"
                )
        return
    if not home:
        return
    new, old = sorted(added(seen, wish)), sorted(removed(seen, wish))
    if len(new) + len(old) > 1:
        changes = [*(f"adds {code}" for code in new), *(f"removes {code}" for code in old)]
        yield (
            f"Regions {' and '.join(changes)}: DynamoDB changes one replica in a deployment."
            " Change one in template.yaml, run antipode schema, deploy, then the next"
        )
    for code in old:
        yield from _removal(code, home, seen, wish)


def _removal(code: str, home: Stack, seen: Seen, wish: Wish) -> Iterator[str]:
    if code == wish.home:
        yield f"Regions lacks {code}, whose stack owns the tables: put it back"
        return
    if code in seen and seen[code].stack:
        yield (
            f"Regions lacks {code}, where there is a stack: delete it first, aws cloudformation"
            f" delete-stack --stack-name {wish.owner.stack} --region {code}"
        )
    if home.protects:
        yield (
            f"the replica in {code} is protected and cannot be removed: sam deploy --config-env"
            f" {wish.owner.name} --parameter-overrides DeletionProtection=false first, while"
            f" {code} is on the list"
        )
