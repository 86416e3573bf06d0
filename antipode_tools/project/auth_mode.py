"""How clients sign in to an API."""

from __future__ import annotations

from enum import StrEnum


class AuthMode(StrEnum):
    """By the names that AppSync uses; the template's parameter AuthMode."""

    API_KEY = "API_KEY"
    AWS_LAMBDA = "AWS_LAMBDA"
    AMAZON_COGNITO_USER_POOLS = "AMAZON_COGNITO_USER_POOLS"
    OPENID_CONNECT = "OPENID_CONNECT"
    AWS_IAM = "AWS_IAM"
