"""What stops a redrive, as a tree. No error loses anything: what was not announced stays.

* RedriveError         something that AWS or the relay answered: the message says what to do
    * NotRunningError  there is no such world or stack to redrive
    * UsageError       the arguments name something that does not exist
"""

from __future__ import annotations


class RedriveError(Exception):
    """The redrive cannot go on. Mend what the message says and run it again."""


class NotRunningError(RedriveError):
    """There is nothing to redrive: no local world, no credentials, or no stack."""


class UsageError(RedriveError):
    """The command was called wrongly."""
