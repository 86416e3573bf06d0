"""`antipode outputs`: amplify_outputs.json for a Region's API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from antipode_tools.operate.options import Options
from antipode_tools.operate.outputs.document import Api, Json, UserPool, document
from antipode_tools.operate.stacks import api
from antipode_tools.operate.stacks.errors import ExitCode, OperationError, UsageError
from antipode_tools.operate.stacks.target import Target, find, load_world, running
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.auth_mode import AuthMode, of_stack
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import SharedName, WorldFile

# A credential of these is good in one Region alone.
_REGIONAL = {AuthMode.API_KEY: "an API key", AuthMode.AWS_IAM: "a signature"}


@dataclass(frozen=True, kw_only=True)
class Run(Options):
    """What a front end is told.

    Args:
        introspection: what Amplify's data client has to know of the models.
        shared_name: the name in front of all Regions by which the API is called; None for the
            Region's own.
        target: the stack; None finds it.
    """

    introspection: Json
    shared_name: str | None = None
    target: Target | None = None


def outputs(region: str, run: Run) -> ExitCode:
    """Prints the file alone, so that a shell can take it; and beside it what it cannot do."""
    try:
        world = load_world(run.root, run.state)
        target = run.target or find(region, where=run.where, world=world)
        local = running(world) if target.where is Where.LOCAL else None
        found = _in_world(target, local) if local else _on_aws(target)
        notes = list(_notes(found, local))
        if run.shared_name:
            found, notes = _shared(found, run.shared_name, target, local)
    except OperationError as error:
        return run.output.stopped("outputs", error)
    for note in notes:
        run.output.err.write(f"! {note}\n")
    run.output.out.write(f"{json.dumps(document(found, run.introspection), indent=2)}\n")
    return ExitCode.DONE


def _in_world(target: Target, world: WorldFile) -> Api:
    """Over TLS where there is TLS: Amplify's libraries subscribe in no other way."""
    region = world.regions[target.region.code]
    return Api(
        url=(region.tls or region).graphql_url,
        region=region.code,
        modes=region.auth.modes,
        api_key=region.api_key,
        pool=_pool(target.region, region.auth.modes),
    )


def _on_aws(target: Target) -> Api:
    modes = _clients(api.modes(target), target.region)
    return Api(
        url=target.output("GraphqlUrl"),
        region=target.region.code,
        modes=modes,
        api_key=api.api_key(target) if AuthMode.API_KEY in modes else None,
        pool=_pool(target.region, modes),
    )


def _clients(modes: Sequence[AuthMode], region: Region) -> list[AuthMode]:
    """Those of an API's modes that clients sign in by: AWS_IAM is the relay's, unless it is the
    default, or samconfig.toml names it."""
    signed = AuthMode.AWS_IAM in (modes[0], *of_stack(region.parameters))
    return [mode for mode in modes if mode is not AuthMode.AWS_IAM or signed]


def _pool(region: Region, modes: Sequence[AuthMode]) -> UserPool | None:
    """The pool that samconfig.toml names, with a client of it: whose name may be a pattern there,
    which is nobody's."""
    pool, client = (region.parameters.get(name, "") for name in ("UserPoolId", "UserPoolClientId"))
    if AuthMode.AMAZON_COGNITO_USER_POOLS not in modes or not pool or not client.isalnum():
        return None
    return UserPool(pool, region.parameters.get("UserPoolRegion") or pool.split("_")[0], client)


def _notes(found: Api, local: WorldFile | None) -> Iterator[str]:
    if local and urlsplit(found.url).scheme == "http":
        yield (
            "Amplify's libraries subscribe over TLS alone: start the world with antipode up --tls,"
            " and trust its authority as docs/local.md says"
        )
    elif local:
        authority = local.certificate_authority
        yield f"Node trusts the world's certificate by NODE_EXTRA_CA_CERTS={authority}"
    if AuthMode.AMAZON_COGNITO_USER_POOLS in found.modes and found.pool is None:
        yield (
            "there is no auth section, as UserPoolId and UserPoolClientId in samconfig.toml name no"
            " app client: add it, or pass authToken with each request"
        )


def _shared(
    found: Api, name: str, target: Target, local: WorldFile | None
) -> tuple[Api, list[str]]:
    """The same API by the name that it shares with those of other Regions.

    Raises:
        UsageError: it cannot be called by that name.
    """
    modes = [mode for mode in found.modes if mode not in _REGIONAL]
    if not modes:
        default = found.modes[0]
        raise UsageError(
            f"clients sign in by {default}, and {_REGIONAL[default]} is good in one Region alone:"
            " leave out --shared-name, or choose another mode (docs/routing.md)"
        )
    if local:
        url, has_sockets = _served(local.shared_name, name), False
    else:
        url = f"https://{name}/graphql"
        # An HTTP API; the name of a distribution is no output of a Region's stack.
        has_sockets = url != target.outputs.get("GlobalUrl")
    silent = (
        f"{name} leads to an HTTP API, which takes no subscriptions: subscribe with the outputs of"
        " a Region, or put a distribution in front (docs/routing.md)"
    )
    shared = Api(url, found.region, modes, pool=found.pool)
    return shared, [*_notes(shared, None), *([] if has_sockets else [silent])]


def _served(shared: SharedName | None, name: str) -> str:
    if shared is None or shared.name != name:
        raise UsageError(
            f"the local world does not serve {name}: give its Regions DomainName={name} in"
            " samconfig.toml, and start it again"
        )
    return f"{shared.url}/graphql"
