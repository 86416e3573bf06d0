"""What AppSync is answered.

https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html#aws-lambda-authorization
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from antipode.authorizer.tokens import Claims
from antipode.json_values import Json

# The most that AppSync caches an answer.
MAX_TTL_S = 3_600

REFUSAL: Mapping[str, Json] = {"isAuthorized": False, "ttlOverride": 0}
"""Never cached: what is missing today, a key or the time, may be there in the next moment."""


def admission(
    claims: Claims,
    *,
    scopes: Sequence[str],
    handed: Mapping[str, str],
    denied: Sequence[str],
    cache_s: int,
    now: float,
) -> dict[str, Json]:
    """The answer that lets a caller in.

    It depends on the token alone, and not on what is asked: AppSync caches it by the token, and no
    longer than the token is valid.

    Args:
        scopes: those that grant something here, for the resolvers.
        handed: the claims that rules ask for, for the resolvers too.
    """
    left = max(0, int(claims.expires - now))
    return {
        "isAuthorized": True,
        # Flat, and of strings: nothing else reaches a resolver as it was sent.
        "resolverContext": {
            **handed,
            "sub": claims.subject,
            "issuer": claims.issuer,
            "scope": " ".join(scopes),
        },
        "deniedFields": list(denied),
        "ttlOverride": min(cache_s, left, MAX_TTL_S),
    }
