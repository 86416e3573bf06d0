"""What is wrong on AWS, or soon will be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from antipode_tools.operate.cleanup.cloudformation import state_of
from antipode_tools.operate.cleanup.leftovers import StackState
from antipode_tools.operate.doctor.ports import Account, Deployed, RegionalServices
from antipode_tools.operate.stacks.errors import NoCredentials, OperationError
from antipode_tools.operate.wording import counted
from antipode_tools.project.auth_mode import AuthMode, of_stack
from antipode_tools.project.finding import Finding, Verdict
from antipode_tools.project.regions import Region
from antipode_tools.project.tables import named_model

# An account begins with 10 in some Regions, which one busy stream and a few clients use up.
_ENOUGH_CONCURRENCY = 100

# A stack makes at most this many, with every option on.
_ROLES_OF_A_STACK = 8

_DAY_S = 86_400.0

# Long enough to plan a deployment of every Region.
_WARNING_DAYS = 30


@dataclass(frozen=True)
class Patient:
    """A Region, and how to ask about it."""

    region: Region
    services: RegionalServices


def examine(account: Account, patients: Sequence[Patient], now: float) -> Iterator[Finding]:
    """Look at everything, and go on where something cannot be looked at.

    Args:
        now: seconds since 1970.
    """
    try:
        yield Finding("credentials", Verdict.RIGHT, account.caller())
    except NoCredentials as error:
        fix = "aws configure, or aws sso login, or the variables AWS_PROFILE and the like"
        yield Finding("credentials", Verdict.WRONG, str(error), fix)
        return
    except OperationError as error:
        yield _unseen("credentials", "", error)
    yield from _looked("IAM roles", "", lambda: _roles(account, len(patients)))
    stacks: dict[str, Deployed] = {}
    for patient in patients:
        yield from _region(patient, stacks, now)
    yield from _differences(stacks)


def _region(patient: Patient, stacks: dict[str, Deployed], now: float) -> Iterator[Finding]:
    services, region = patient.services, patient.region
    code = region.code
    yield from _looked("Lambda concurrency", code, lambda: _concurrency(services, code))
    try:
        stack = services.stack()
    except OperationError as error:
        yield _unseen("stack", code, error)
        return
    if stack:
        stacks[code] = stack
    yield _stack(stack, region)
    yield from _looked("tables", code, lambda: _tables(services, stack, region))
    if stack:
        yield from _parameters(stack, region)
        yield from _looked("API key", code, lambda: _keys(services, stack, region, now))


def _looked(subject: str, region: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except OperationError as error:
        yield _unseen(subject, region, error)


def _unseen(subject: str, region: str, error: OperationError) -> Finding:
    fix = "ask for the permission, or look by hand"
    return Finding(subject, Verdict.WARNING, str(error), fix, region)


def _roles(account: Account, stacks: int) -> Iterator[Finding]:
    used, quota = account.roles()
    enough = used + stacks * _ROLES_OF_A_STACK <= quota
    yield Finding(
        "IAM roles",
        Verdict.RIGHT if enough else Verdict.WARNING,
        f"{used} of {quota}",
        "" if enough else "ask for a higher quota of roles, or delete some that nobody needs",
    )


def _concurrency(services: RegionalServices, code: str) -> Iterator[Finding]:
    found = services.concurrency()
    enough = found.unreserved >= _ENOUGH_CONCURRENCY
    yield Finding(
        "Lambda concurrency",
        Verdict.RIGHT if enough else Verdict.WARNING,
        f"{found.unreserved} of {found.limit} unreserved",
        ""
        if enough
        else f"at least {_ENOUGH_CONCURRENCY} for the relay not to be throttled: aws service-quotas"
        f" request-service-quota-increase --service-code lambda --quota-code L-B99A9384"
        f" --desired-value 1000 --region {code}",
        code,
    )


def _stack(stack: Deployed | None, region: Region) -> Finding:
    code = region.code
    if stack is None:
        return Finding("stack", Verdict.RIGHT, f"{region.stack} is not deployed yet", "", code)
    again = f"sam deploy --config-env {region.name}"
    match state_of(stack.status):
        case StackState.FAILED | StackState.UNDELETED:
            fix = f"antipode cleanup with the name of every Region, then {again}"
            return Finding("stack", Verdict.WRONG, stack.status, fix, code)
        case StackState.BUSY:
            return Finding("stack", Verdict.WARNING, stack.status, "wait until it is done", code)
        case StackState.STANDING if stack.status == "UPDATE_ROLLBACK_FAILED":
            fix = (
                f"aws cloudformation continue-update-rollback --stack-name {region.stack}"
                f" --region {code}, then {again}"
            )
            return Finding("stack", Verdict.WRONG, stack.status, fix, code)
        case StackState.STANDING if not stack.protected:
            fix = (
                "aws cloudformation update-termination-protection --enable-termination-protection"
                f" --stack-name {region.stack} --region {code}"
            )
            found = f"{stack.status}, without termination protection"
            return Finding("stack", Verdict.WARNING, found, fix, code)
        case StackState.STANDING:
            return Finding("stack", Verdict.RIGHT, stack.status, "", code)


def _tables(
    services: RegionalServices, stack: Deployed | None, region: Region
) -> Iterator[Finding]:
    code = region.code
    owner = region.home == code
    for name, protected in services.protection().items():
        subject = f"table {name}"
        if stack is None and owner:
            model = named_model(region, name)
            fix = f"antipode import {region.name} keeps it; antipode cleanup deletes it"
            if model:
                fix = f"antipode adopt {name} --model {model} says how to take it in"
            found = "there without a stack: its name blocks the deployment"
            yield Finding(subject, Verdict.WRONG, found, fix, code)
        elif protected:
            yield Finding(subject, Verdict.RIGHT, "protected from deletion", "", code)
        else:
            fix = "deploy the home Region with DeletionProtection=true"
            yield Finding(subject, Verdict.WARNING, "not protected from deletion", fix, code)


def _parameters(stack: Deployed, region: Region) -> Iterator[Finding]:
    others = [
        f"{name} is {stack.parameters[name]!r}, samconfig.toml says {wanted!r}"
        for name, wanted in region.parameters.items()
        if stack.parameters.get(name, wanted) != wanted
    ]
    if others:
        fix = f"sam deploy --config-env {region.name}, or change samconfig.toml"
        yield Finding("parameters", Verdict.WARNING, "; ".join(others), fix, region.code)
    else:
        yield Finding("parameters", Verdict.RIGHT, "as in samconfig.toml", "", region.code)


def _keys(
    services: RegionalServices, stack: Deployed, region: Region, now: float
) -> Iterator[Finding]:
    if AuthMode.API_KEY not in of_stack(stack.parameters) or "ApiId" not in stack.outputs:
        return
    fix = f"deploy {region.name} with a later ApiKeyExpires: docs/operations.md"
    ends = services.key_ends(stack.outputs["ApiId"])
    days = (max(ends, default=now) - now) / _DAY_S
    if days <= 0:
        found = "it has expired" if ends else "there is none"
        yield Finding("API key", Verdict.WRONG, found, fix, region.code)
    else:
        soon = days < _WARNING_DAYS
        verdict = Verdict.WARNING if soon else Verdict.RIGHT
        found = f"it expires in {counted(int(days), 'day')}"
        yield Finding("API key", verdict, found, fix if soon else "", region.code)


def _differences(stacks: Mapping[str, Deployed]) -> Iterator[Finding]:
    if len(stacks) < 2:
        return
    if len({stack.digest for stack in stacks.values()}) == 1:
        yield Finding("templates", Verdict.RIGHT, "the same in every Region")
        return
    found = ", ".join(f"{code} has {stack.digest[:8]}" for code, stack in stacks.items())
    fix = "sam build once, then sam deploy in each Region, the home Region first"
    yield Finding("templates", Verdict.WARNING, f"not the same in every Region: {found}", fix)
