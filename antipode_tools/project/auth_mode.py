"""How clients sign in to an API: in one way, or in several, of which the first is the default."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class AuthMode(StrEnum):
    """AppSync's names for the modes, which the template's parameters AuthMode and
    AdditionalAuthModes take."""

    API_KEY = "API_KEY"
    AWS_LAMBDA = "AWS_LAMBDA"
    AMAZON_COGNITO_USER_POOLS = "AMAZON_COGNITO_USER_POOLS"
    OPENID_CONNECT = "OPENID_CONNECT"
    AWS_IAM = "AWS_IAM"


def listed(text: str) -> tuple[AuthMode, ...]:
    """The modes of a list with commas.

    Raises:
        ValueError: it names something else, or a mode twice.
    """
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in list(AuthMode):
            raise ValueError(f"{name} is no mode: there are {', '.join(AuthMode)}")
        if names.count(name) > 1:
            raise ValueError(f"{name} is named twice")
    return tuple(map(AuthMode, names))


def of_stack(parameters: Mapping[str, str]) -> tuple[AuthMode, ...]:
    """Those of a stack with these parameters; none where they name none.

    Raises:
        ValueError: as in `listed`.
    """
    return listed(
        ",".join(parameters.get(name, "") for name in ("AuthMode", "AdditionalAuthModes"))
    )
