"""How clients of the local world sign in, in the mode that the stacks are deployed with.

API keys and secrets are the engine's. User pools and OpenID providers have a stand-in here, also
under the names that a user's parameters give them: the real ones are out of reach.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never

from botocore.exceptions import ClientError

from antipode_tools.project.auth_mode import AuthMode, of_stack
from antipode_tools.project.recipe import Recipe, of_secret
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Auth, Keys
from antipode_tools.world.deployment.expansion import Template
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.errors import WorldError
from localaws.appsync.control_plane import token_issuers
from localaws.appsync.deployed import TokenIssuer
from localaws.iam.principals import Principal
from localaws.tokens.issuer import KEY_ID, LocalIssuer, claims

# The scopes that let a client do everything with the models.
_SCOPE = "items:read items:write"


@dataclass(frozen=True)
class SigningIn:
    """What clients of a deployed API sign in with.

    Args:
        api_key: set in the mode API_KEY alone.
        issuer: set in the modes with an issuer's tokens.
        recipe: set where the stack itself holds the secret that signs tokens.
        others: how else clients sign in.
    """

    mode: AuthMode
    api_key: str | None = None
    issuer: TokenIssuer | None = None
    recipe: Recipe | None = None
    others: tuple[SigningIn, ...] = ()

    @property
    def ways(self) -> tuple[SigningIn, ...]:
        """Itself, and how else."""
        return (self, *self.others)

    @property
    def key(self) -> str | None:
        """The API key, if clients sign in by one."""
        return next((way.api_key for way in self.ways if way.api_key), None)


def stand_ins(template: Template, chosen: Mapping[str, str], home: str) -> dict[str, str]:
    """Values for the parameters that a mode needs and that nobody has set.

    Args:
        chosen: what the deployment's configuration sets.
        home: the Region that the stand-in of a user pool is in.
    """
    declared: Mapping[str, Any] = template.get("Parameters", {})
    set_ = {name: str(each.get("Default", "")) for name, each in declared.items()} | {**chosen}
    return {
        name: value
        for mode in of_stack(set_)
        for name, value in _names(mode, home).items()
        if name in declared and set_.get(name, "") == ""
    }


def _names(mode: AuthMode, home: str) -> Mapping[str, str]:
    match mode:
        case AuthMode.AMAZON_COGNITO_USER_POOLS:
            return {"UserPoolId": f"{home}_Local"}
        case AuthMode.OPENID_CONNECT:
            return {"OidcIssuer": "https://issuer.example"}
        case AuthMode.API_KEY | AuthMode.AWS_IAM | AuthMode.AWS_LAMBDA:
            return {}
        case _:
            assert_never(mode)


def read(aws: Aws, region: Region, api_id: str) -> SigningIn:
    """How clients sign in to a Region's API as it is deployed.

    Raises:
        WorldError: its authorizer's secret cannot be read.
    """
    appsync = aws.session.client("appsync", **aws.at(region.code))
    api: Any = appsync.get_graphql_api(apiId=api_id)["graphqlApi"]
    others = [
        _by(provider, aws, region, api_id)
        for provider in api.get("additionalAuthenticationProviders", [])
        # Of IAM the control plane does not tell whether it is the relay's alone.
        if provider["authenticationType"] in of_stack(region.parameters)
    ]
    return replace(_by(api, aws, region, api_id), others=tuple(others))


def _by(provider: Mapping[str, Any], aws: Aws, region: Region, api_id: str) -> SigningIn:
    """How clients sign in by one of an API's providers, as its control plane tells of them."""
    mode = AuthMode(provider["authenticationType"])
    match mode:
        case AuthMode.API_KEY:
            appsync = aws.session.client("appsync", **aws.at(region.code))
            keys = appsync.list_api_keys(apiId=api_id)["apiKeys"]
            return SigningIn(mode, api_key=keys[0]["id"])
        case AuthMode.AMAZON_COGNITO_USER_POOLS | AuthMode.OPENID_CONNECT:
            return SigningIn(mode, issuer=token_issuers([provider])[0])
        case AuthMode.AWS_LAMBDA:
            function = provider["lambdaAuthorizerConfig"]["authorizerUri"]
            return SigningIn(mode, recipe=_shared_secret(aws, region, function))
        case AuthMode.AWS_IAM:
            return SigningIn(mode)
        case _:
            assert_never(mode)


def _shared_secret(aws: Aws, region: Region, function: str) -> Recipe | None:
    """The recipe for the authorizer's shared secret; None where it verifies with a key set."""
    functions = aws.session.client("lambda", **aws.at(region.code))
    configuration = functions.get_function_configuration(FunctionName=function)
    settings = configuration.get("Environment", {}).get("Variables", {})
    if settings.get("TOKEN_JWKS_URL"):
        return None
    secrets = aws.session.client("secretsmanager", **aws.at(region.code))
    try:
        secret = secrets.get_secret_value(SecretId=settings["TOKEN_SECRET_ID"])["SecretString"]
    except ClientError as error:
        raise WorldError(
            f"the secret of {region.name}'s tokens cannot be read", str(error)
        ) from error
    return of_secret(
        secret,
        issuer=settings["TOKEN_ISSUER"],
        audience=settings["TOKEN_AUDIENCE"],
        sub="local",
        scope=_SCOPE,
    )


def issuers(signing_in: Sequence[SigningIn]) -> list[TokenIssuer]:
    """The issuers that the APIs trust, each once."""
    named = (way.issuer for each in signing_in for way in each.ways)
    return list(dict.fromkeys(issuer for issuer in named if issuer))


def auth(how: SigningIn, issuer: LocalIssuer | None, user: Principal) -> Auth:
    """What a client needs to sign in to a Region, for the world's file."""
    signs = how.mode is AuthMode.AWS_IAM
    return Auth(
        how.mode,
        token=_token(how.issuer, issuer) if how.issuer and issuer else how.recipe,
        keys=Keys(user.access_key_id, user.secret_access_key) if signs else None,
        others=tuple(auth(other, issuer, user) for other in how.others),
    )


def _token(trusted: TokenIssuer, stand_in: LocalIssuer) -> Recipe:
    """How to make the tokens that the real issuer would have made."""
    return Recipe("RS256", stand_in.private_key, claims(trusted, client="antipode"), KEY_ID)
