"""Why a replica cannot be relayed."""

from __future__ import annotations

from antipode.errors import AntipodeError


class ReplicaError(AntipodeError):
    """This replica cannot be relayed. The message says why, as the end of a sentence about it."""


class NotReadyError(ReplicaError):
    """Not yet: wait and look again."""


class UnusableStreamError(ReplicaError):
    """Not ever, as it stands: waiting does not help."""
