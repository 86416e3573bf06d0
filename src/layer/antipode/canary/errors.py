"""What keeps a canary from being heard, each with the words of whoever said so.

* CanaryError         the canary cannot go on with this part: it counts as not heard
    * GraphqlError    the API does not answer, or refuses
    * RealtimeError   the real-time endpoint does not answer, or refuses
    * SignInError     there is nothing to sign in with
"""

from __future__ import annotations

from antipode.errors import AntipodeError


class CanaryError(AntipodeError):
    """The base of all. A minute later it is tried again."""


class GraphqlError(CanaryError):
    """The API cannot be reached, or refuses a request."""


class RealtimeError(CanaryError):
    """The real-time endpoint cannot be reached, refuses, or has ended the connection."""


class SignInError(CanaryError):
    """The API has no key any more, or the secret that signs tokens cannot be read."""
