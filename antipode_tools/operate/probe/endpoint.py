"""How clients reach one Region's API and sign in to it, on AWS and in the local world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from antipode.canary.protocol import Sign
from antipode.canary.signing import signer
from botocore.credentials import Credentials

from antipode_tools.operate.stacks.api import api_key, appsync, modes
from antipode_tools.operate.stacks.errors import NoCredentials, OperationError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import of_secret
from antipode_tools.project.world_file import WorldRegion


@dataclass(frozen=True)
class Endpoint:
    """One Region's API.

    Args:
        name: its environment in samconfig.toml (ireland).
        code: the Region itself (eu-west-1).
        sign: the headers of a request, with the credential of the API's mode.
        schema: what the API serves, in SDL.
        models: those that it is deployed with.
    """

    name: str
    code: str
    graphql_url: str
    realtime_url: str
    sign: Sign
    schema: str
    models: frozenset[str]


def endpoint(target: Target, *, world: WorldRegion | None, token: str | None) -> Endpoint:
    """The API of a stack.

    Args:
        world: what the local world says of the Region, if it is there.
        token: what clients sign in with, where no token can be made here.

    Raises:
        OperationError: AWS refuses to tell, or there is nothing to sign in with.
    """
    region = target.region
    return Endpoint(
        name=region.name,
        code=region.code,
        graphql_url=target.output("GraphqlUrl"),
        realtime_url=target.output("RealtimeUrl"),
        sign=_of_world(world, region.code, token) if world else _on_aws(target, token),
        schema=_schema(target),
        models=frozenset(
            name.removesuffix("TableName") for name in target.outputs if name.endswith("TableName")
        ),
    )


def _schema(target: Target) -> str:
    """From the control plane, since introspection may be off."""
    with translated(f"cannot read the schema of the API in {target.region.code}"):
        answer = appsync(target).get_introspection_schema(
            apiId=target.output("ApiId"), format="SDL"
        )
        return answer["schema"].read().decode()


def _of_world(world: WorldRegion, code: str, token: str | None) -> Sign:
    if world.api_key is not None:
        return _fixed({"x-api-key": world.api_key})
    if keys := world.auth.keys:
        credentials = Credentials(keys.access_key_id, keys.secret_access_key)
        return signer(code, lambda: credentials)
    if world.auth.token is not None:
        return _fixed({"Authorization": world.auth.token.mint()})
    return _given(token, code)


def _on_aws(target: Target, token: str | None) -> Sign:
    code = target.region.code
    match modes(target)[0]:
        case AuthMode.API_KEY:
            return _fixed({"x-api-key": api_key(target)})
        case AuthMode.AWS_IAM:
            return signer(code, lambda: _own(target))
        case AuthMode.AWS_LAMBDA if "TokenSecretName" in target.outputs and token is None:
            return _fixed({"Authorization": _minted(target)})
        case _:
            return _given(token, code)


def _own(target: Target) -> Credentials:
    if (found := target.session.get_credentials()) is None:
        raise NoCredentials("there are no credentials for AWS (aws configure)")
    frozen = found.get_frozen_credentials()
    return Credentials(frozen.access_key or "", frozen.secret_key or "", frozen.token)


def _minted(target: Target) -> str:
    name = target.output("TokenSecretName")
    secrets = target.session.client("secretsmanager", **target.arguments)
    with translated(f"cannot read secret {name} in {target.region.code}"):
        secret = secrets.get_secret_value(SecretId=name)["SecretString"]
    recipe = of_secret(
        secret, issuer=target.output("TokenIssuer"), audience=target.output("TokenAudience")
    )
    return recipe.mint(sub="antipode-probe")


def _given(token: str | None, code: str) -> Sign:
    if not token:
        raise OperationError(
            f"clients sign in to {code} with a token that nothing here can make: name one with"
            " --token, or ANTIPODE_TOKEN"
        )
    return _fixed({"Authorization": token})


def _fixed(headers: Mapping[str, str]) -> Sign:
    return lambda url, body, other: {"host": urlsplit(url).netloc, **headers}
