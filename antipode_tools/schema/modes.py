"""How clients sign in, and what a schema says of it."""

from __future__ import annotations

from enum import StrEnum
from typing import assert_never


class Mode(StrEnum):
    """By the names that AppSync uses; the template's parameter AuthMode."""

    API_KEY = "API_KEY"
    AWS_LAMBDA = "AWS_LAMBDA"
    AMAZON_COGNITO_USER_POOLS = "AMAZON_COGNITO_USER_POOLS"
    OPENID_CONNECT = "OPENID_CONNECT"
    AWS_IAM = "AWS_IAM"


# Who announces signs in with IAM, whatever clients do.
RELAY = "@aws_iam"


def readers(mode: Mode) -> str:
    """The directives of whatever is announced: the relay reads it, and then the clients do.

    A type with any directive is closed to every mode that it does not name, and what AppSync does
    with the directive of a mode that the API has not is documented nowhere.
    https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
    """
    match mode:
        case Mode.API_KEY:
            return f"@aws_api_key {RELAY}"
        case Mode.AWS_LAMBDA:
            return f"@aws_lambda {RELAY}"
        case Mode.AMAZON_COGNITO_USER_POOLS:
            return f"@aws_cognito_user_pools {RELAY}"
        case Mode.OPENID_CONNECT:
            return f"@aws_oidc {RELAY}"
        case Mode.AWS_IAM:
            return RELAY
        case _:
            assert_never(mode)
