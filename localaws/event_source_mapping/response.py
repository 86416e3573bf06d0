"""Which records of a batch a function's response reports as done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from localaws.json_value import Json


def accepted(response: Json, sequence_numbers: Sequence[str]) -> int:
    """How many records, from the first on, need not be sent again.

    The lowest number reported is the checkpoint. A response that reports nothing is a success, and
    one that lists anything other than a number of this batch fails the whole batch:
    https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
    Reported from AWS rather than documented: a wrong name at the top level reads as a success, and
    so does an empty string. Where nothing is known, as for other text or a number, the batch fails,
    so that nothing is lost.
    """
    everything, nothing = len(sequence_numbers), 0
    if not response:
        return everything
    if not isinstance(response, Mapping):
        return nothing
    failures = response.get("batchItemFailures")
    if not failures:
        return everything
    if not isinstance(failures, list):
        return nothing
    positions = {number: position for position, number in enumerate(sequence_numbers)}
    return min(positions.get(_identifier(failure), nothing) for failure in failures)


def _identifier(failure: Json) -> str:
    identifier = failure.get("itemIdentifier") if isinstance(failure, Mapping) else None
    return identifier if isinstance(identifier, str) else ""
