"""What a schema says of how clients sign in."""

from __future__ import annotations

from typing import assert_never

from antipode_tools.project.auth_mode import AuthMode

# Who announces signs in with IAM, whatever clients do.
RELAY = "@aws_iam"


def readers(mode: AuthMode) -> str:
    """The directives of whatever is announced: the relay reads it, and then the clients do.

    A type with any directive is closed to every mode that it does not name, and what AppSync does
    with the directive of a mode that the API has not is documented nowhere.
    https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
    """
    match mode:
        case AuthMode.API_KEY:
            return f"@aws_api_key {RELAY}"
        case AuthMode.AWS_LAMBDA:
            return f"@aws_lambda {RELAY}"
        case AuthMode.AMAZON_COGNITO_USER_POOLS:
            return f"@aws_cognito_user_pools {RELAY}"
        case AuthMode.OPENID_CONNECT:
            return f"@aws_oidc {RELAY}"
        case AuthMode.AWS_IAM:
            return RELAY
        case _:
            assert_never(mode)
