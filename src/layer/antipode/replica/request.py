"""What a request of CloudFormation's comes to, and what to do where it fails."""

from __future__ import annotations

import logging
from collections.abc import Callable

from antipode.replica.answer import Answer, Request, Status
from antipode.replica.errors import NotReadyError, ReplicaError

LOG = logging.getLogger(__name__)


def answer_to(request: Request, *, region: str, find: Callable[[str], str]) -> Answer:
    """What `find` makes of a request's tables: by the names of the models the labels of the
    streams, which are all of their ARNs that a stack cannot put together. Nothing that it raises
    passes through.
    """
    if request["RequestType"] == "Delete":
        return Answer(Status.SUCCESS)  # Nothing was made, so there is nothing to delete.
    labels: dict[str, str] = {}
    for model, table in request["ResourceProperties"]["Tables"].items():
        try:
            labels[model] = find(table).rpartition("/")[2]
        except ReplicaError as error:
            reason = f"table {table} in {region} {error}; {remedy(error, region)}"
            return Answer(Status.FAILED, reason)
        except Exception as error:  # Whatever it was: a stack without an answer hangs.
            LOG.exception("table %s in %s could not be looked up", table, region)
            reason = f"table {table} in {region} could not be looked up: {error}; deploy again"
            return Answer(Status.FAILED, reason)
    return Answer(Status.SUCCESS, data=labels)


def remedy(error: ReplicaError, region: str) -> str:
    """What to do, for whoever reads the stack's events."""
    if isinstance(error, NotReadyError):
        return (
            f"see that {region} is among the first five Regions of the stack that owns the table,"
            " and deploy again when the table is ACTIVE"
        )
    return "mend that in the Region that owns the table, and deploy again"
