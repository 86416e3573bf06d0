"""How clients sign in to an API."""

from __future__ import annotations

from enum import StrEnum


class AuthMode(StrEnum):
    """AppSync's names for the modes, which the template's parameter AuthMode takes."""

    API_KEY = "API_KEY"
    AWS_LAMBDA = "AWS_LAMBDA"
    AMAZON_COGNITO_USER_POOLS = "AMAZON_COGNITO_USER_POOLS"
    OPENID_CONNECT = "OPENID_CONNECT"
    AWS_IAM = "AWS_IAM"
