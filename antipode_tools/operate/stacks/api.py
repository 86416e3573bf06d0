"""A stack's API, as its control plane tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from antipode_tools.operate.stacks.errors import OperationError
from antipode_tools.operate.stacks.target import Target
from antipode_tools.operate.stacks.translation import translated
from antipode_tools.project.auth_mode import AuthMode

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient


def modes(target: Target) -> tuple[AuthMode, ...]:
    """How callers sign in, the default first: the relay by AWS_IAM, of which AppSync does not tell
    whether clients come by it too.

    Raises:
        OperationError: AWS refuses to tell.
    """
    with translated(f"cannot look at the API in {target.region.code}"):
        api = appsync(target).get_graphql_api(apiId=target.output("ApiId"))["graphqlApi"]
    providers = [api, *api.get("additionalAuthenticationProviders", [])]
    return tuple(AuthMode(provider["authenticationType"]) for provider in providers)


def api_key(target: Target) -> str:
    """The key that is valid longest, of an API of the mode API_KEY.

    Raises:
        OperationError: there is none any more, or AWS refuses to tell.
    """
    if "ApiKey" in target.outputs:
        return target.outputs["ApiKey"]
    with translated(f"cannot list the API's keys in {target.region.code}"):
        keys = appsync(target).list_api_keys(apiId=target.output("ApiId"))["apiKeys"]
    if not keys:
        raise OperationError(
            f"the API in {target.region.code} has no key any more: deploy it with another"
            " ApiKeyGeneration"
        )
    return max(keys, key=lambda key: key.get("expires", 0))["id"]


def appsync(target: Target) -> AppSyncClient:
    """AppSync's control plane, where the stack is."""
    return target.session.client("appsync", **target.arguments)
