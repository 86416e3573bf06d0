"""What a schema says of how clients sign in.

A type or a field with any directive is closed to every mode that it does not name, one without is
the API's default mode's alone, and what AppSync does with the directive of a mode that the API has
not is documented nowhere.
https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from antipode_tools.project.auth_mode import AuthMode

# Who announces signs in with IAM, whatever clients do.
RELAY = "@aws_iam"
_DIRECTIVES: Mapping[AuthMode, str] = {
    AuthMode.API_KEY: "@aws_api_key",
    AuthMode.AWS_LAMBDA: "@aws_lambda",
    AuthMode.AMAZON_COGNITO_USER_POOLS: "@aws_cognito_user_pools",
    AuthMode.OPENID_CONNECT: "@aws_oidc",
    AuthMode.AWS_IAM: RELAY,
}


def readers(modes: Iterable[AuthMode]) -> str:
    """The directives of whatever is announced: the relay reads it, and then the clients do."""
    return " ".join(dict.fromkeys([*(_DIRECTIVES[mode] for mode in modes), RELAY]))


def callers(admitted: Iterable[AuthMode], modes: Sequence[AuthMode]) -> str:
    """The directives of what clients ask for, with a space before them, where only those of these
    modes may: none where the API has but one, whose is all that names no other."""
    if len(modes) == 1:
        return ""
    return "".join(f" {_DIRECTIVES[mode]}" for mode in modes if mode in set(admitted))


def named(modes: Sequence[AuthMode]) -> str:
    """How the head of a schema names the modes that it is made for."""
    return f"for the mode{'s' if len(modes) > 1 else ''} {', '.join(modes)}"
