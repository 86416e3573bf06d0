"""The scalars that AppSync knows: how each is filtered, and how DynamoDB keeps it in a key.

https://docs.aws.amazon.com/appsync/latest/devguide/scalars.html
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scalar:
    """`filter` is the type by which Amplify's inputs compare it; `key_type` is DynamoDB's attribute
    type, None where it takes none such in a key."""

    filter: str
    key_type: str | None


_TEXT = Scalar("String", "S")

SCALARS = {
    "ID": Scalar("ID", "S"),
    "String": _TEXT,
    "Int": Scalar("Int", "N"),
    "Float": Scalar("Float", "N"),
    "Boolean": Scalar("Boolean", None),
    "AWSDate": _TEXT,
    "AWSDateTime": _TEXT,
    "AWSEmail": _TEXT,
    "AWSIPAddress": _TEXT,
    "AWSJSON": Scalar("String", None),
    "AWSPhone": _TEXT,
    "AWSTime": _TEXT,
    "AWSTimestamp": Scalar("Int", "N"),
    "AWSURL": _TEXT,
}


def key_type(named: str) -> str:
    """DynamoDB's type of a field in a key, by the name of its own, which a key can have: a value of
    an enum is a text."""
    scalar = SCALARS.get(named, _TEXT)
    if scalar.key_type is None:
        raise ValueError(f"{named} is in a key, which DynamoDB does not take")
    return scalar.key_type
