"""What keeps a canary from being heard, or from what it is asked, in the words of whoever said so.

* CanaryError         the canary cannot go on with this part: it counts as not heard
    * GraphqlError    the API does not answer, or refuses
    * RealtimeError   the real-time endpoint does not answer, or refuses
    * SignInError     there is nothing to sign in with
* OrderError          what is asked of the canary is nothing that it does
"""

from __future__ import annotations

from antipode.errors import AntipodeError


class CanaryError(AntipodeError):
    """The base of all. A minute later it is tried again."""


class GraphqlError(CanaryError):
    """The API cannot be reached, or refuses a request."""


class RealtimeError(CanaryError):
    """The real-time endpoint cannot be reached, refuses, or has ended the connection."""


class OrderError(AntipodeError):
    """Whoever invoked the canary is of another version, or asks for something else."""


class SignInError(CanaryError):
    """The API has no key any more, or the secret that signs tokens cannot be read."""
