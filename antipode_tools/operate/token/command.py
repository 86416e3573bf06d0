"""`antipode token`: a token for trying out, valid in every Region."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from antipode_tools.operate.options import Options
from antipode_tools.operate.stacks.errors import ExitCode, OperationError
from antipode_tools.operate.stacks.target import Target, find, load_world, running
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.recipe import Recipe, of_secret

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

_NO_SECRET = (
    "holds no secret that signs tokens: they are made by its issuer or its user pool,"
    " or clients sign in with an API key or with IAM"
)


@dataclass(frozen=True)
class Wanted:
    """What a token is to be good for."""

    subject: str
    scope: str
    minutes: int


@dataclass(frozen=True)
class Run(Options):
    """Where a token is made, and where it goes: alone, so that a shell can take it.

    Args:
        region: an environment of samconfig.toml (ireland) or a Region (eu-west-1), or the first.
        target: the stack; None finds it.
    """

    region: str = ""
    target: Target | None = None
    now: Callable[[], float] = time.time


def token(wanted: Wanted, run: Run) -> ExitCode:
    """Prints a token, and in words what it is good for."""
    try:
        world = load_world(run.root, run.state)
        target = run.target or find(
            run.region or world.regions[0].code, where=run.where, world=world
        )
        made = _made(wanted, target, world, run.now())
    except OperationError as error:
        return run.output.stopped("token", error)
    run.output.err.write(_hint(wanted, target))
    run.output.err.write(_secret_problems(target))
    run.output.out.write(f"{made}\n")
    return ExitCode.DONE


def _made(wanted: Wanted, target: Target, world: WorldConfig, now: float) -> str:
    recipe = _recipe(target, world)
    if recipe is None:
        raise OperationError(f"stack {target.region.stack} in {target.region.code} {_NO_SECRET}")
    return recipe.mint(
        now=now, lifetime_s=wanted.minutes * 60, sub=wanted.subject, scope=wanted.scope
    )


def _recipe(target: Target, world: WorldConfig) -> Recipe | None:
    if "TokenSecretName" not in target.outputs:
        return _stand_in(target, world)
    return of_secret(
        _secret(target),
        issuer=target.output("TokenIssuer"),
        audience=target.output("TokenAudience"),
    )


def _secret(target: Target) -> str:
    """The Region's own replica of it."""
    name = target.output("TokenSecretName")
    with translated(f"cannot read secret {name} in {target.region.code}"):
        return _secrets(target).get_secret_value(SecretId=name)["SecretString"]


def _secrets(target: Target) -> SecretsManagerClient:
    return target.session.client("secretsmanager", **target.arguments)


def _secret_problems(target: Target) -> str:
    """Where tokens are refused, since the secret did not get there: a deployment may not tell."""
    if "TokenSecretName" not in target.outputs:
        return ""
    try:
        described = _secrets(target).describe_secret(SecretId=target.output("TokenSecretName"))
    except (BotoCoreError, ClientError) as error:
        return f"cannot tell whether it is valid in every Region: {error}\n"
    return "".join(
        f"but not valid in {replica['Region']} while the secret's replica there is"
        f" {replica['Status']}: {replica.get('StatusMessage', 'no reason given')}\n"
        for replica in described.get("ReplicationStatus", [])
        if replica["Status"] != "InSync"
    )


def _stand_in(target: Target, world: WorldConfig) -> Recipe | None:
    """What signs as a user pool or an OpenID provider would, in the local world alone."""
    if target.where is not Where.LOCAL:
        return None
    return running(world).regions[target.region.code].auth.token


def _hint(wanted: Wanted, target: Target) -> str:
    # Its value is for the one who asked; what it says is no secret.
    return (
        f"a token of {wanted.subject} for {wanted.scope!r}, valid for {wanted.minutes} minutes in"
        f" every Region of {target.region.stack}; send it as Authorization\n"
    )
