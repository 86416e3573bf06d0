"""Why a caller is refused.

The words go to the log and none of them comes from the token: what a stranger sends is not logged.
"""

from __future__ import annotations

from enum import StrEnum

from antipode.errors import AntipodeError


class Reason(StrEnum):
    """What was wrong with a token, or with what it is verified by."""

    MALFORMED = "the token is none, or too long"
    UNKNOWN_KEY = "no key has the id that the token names"
    ALGORITHM = "the token is signed by another algorithm than its key is for"
    SIGNATURE = "the signature is wrong"
    ISSUER = "the token is another issuer's"
    AUDIENCE = "the token is for another audience"
    CLAIMS = "a claim is missing or is not of its type"
    EXPIRED = "the token has expired"
    NOT_YET_VALID = "the token is not valid yet"
    NOTHING_GRANTED = "no scope of the token grants anything here"
    KEYS_UNAVAILABLE = "the keys to verify with cannot be had"
    INTERNAL = "the authorizer itself failed"


class RefusedError(AntipodeError):
    """This caller is not let in. Nothing to retry with the same token, KEYS_UNAVAILABLE apart."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class KeysUnavailableError(AntipodeError):
    """The secret or the key set cannot be had, or is unusable. Refuse, and try again next time."""
