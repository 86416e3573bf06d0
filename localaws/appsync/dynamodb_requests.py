"""What a resolver may ask of DynamoDB: the members of each operation, checked before the call.

The service refuses an element that an operation does not know, and names the one that is missing:
`Unsupported element '$[condition][x]'.`, `Value for field '$[key]' not found.` Its words for a
member of the wrong kind are known for numbers only; the other sentences follow that one.
https://docs.aws.amazon.com/appsync/latest/devguide/js-resolver-reference-dynamodb.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from localaws.appsync.answers import InvalidRequest
from localaws.appsync.attribute_values import MalformedValue, for_dynamodb
from localaws.appsync.ports import Json

# Raises InvalidRequest; the text is the member's place, such as $[condition][expression].
Check = Callable[[Json, str], None]


@dataclass(frozen=True)
class Members:
    """An object with these members and no others. Null counts as absent."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)

    def __call__(self, value: Json, at: str) -> None:
        _mapping(value, at)
        known = {**self.required, **self.optional}
        for name in value:
            if name not in known:
                raise InvalidRequest(f"Unsupported element '{at}[{name}]'.")
        for name, check in known.items():
            if value.get(name) is not None:
                check(value[name], f"{at}[{name}]")
            elif name in self.required:
                raise InvalidRequest(f"Value for field '{at}[{name}]' not found.")


def check_request(request: Json) -> None:
    """Raises InvalidRequest if this is not a request to DynamoDB."""
    _check(OPERATIONS, request, "$")


def _check(operations: Mapping[str, Members], request: Json, at: str) -> None:
    _mapping(request, at)
    operation = request.get("operation")
    if operation is None:
        raise InvalidRequest(f"Value for field '{at}[operation]' not found.")
    _text(operation, f"{at}[operation]")
    if operation not in operations:
        raise InvalidRequest(f"Unsupported operation '{operation}'.")
    operations[operation](request, at)


def _kind(is_one: Callable[[Json], bool], name: str) -> Check:
    def check(value: Json, at: str) -> None:
        if not is_one(value):
            raise InvalidRequest(f"Value for field '{at}' must be {name}")

    return check


_mapping = _kind(lambda value: isinstance(value, dict), "a map")
_list = _kind(lambda value: isinstance(value, list), "a list")
_text = _kind(lambda value: isinstance(value, str), "a string")
_flag = _kind(lambda value: isinstance(value, bool), "a boolean")
_number = _kind(lambda value: isinstance(value, int) and not isinstance(value, bool), "a number")


def _each(check: Check) -> Check:
    def check_list(value: Json, at: str) -> None:
        _list(value, at)
        for index, member in enumerate(value):
            check(member, f"{at}[{index}]")

    return check_list


def _map_of(check: Check) -> Check:
    def check_map(value: Json, at: str) -> None:
        _mapping(value, at)
        for name, member in value.items():
            check(member, f"{at}[{name}]")

    return check_map


def _typed(value: Json, at: str) -> None:
    try:
        for_dynamodb(value)
    except MalformedValue as error:
        raise InvalidRequest(f"Value for field '{at}' {error}") from None


def _anything(value: Json, at: str) -> None:
    """The version of a mapping template, which has no effect."""


def _transact_item(value: Json, at: str) -> None:
    _check(_TRANSACT_WRITES, value, at)


_values = _map_of(_typed)
_NAMES: Mapping[str, Check] = {"expressionNames": _map_of(_text)}
_PARTS: Mapping[str, Check] = {**_NAMES, "expressionValues": _values}
_EXPRESSION: Mapping[str, Check] = {"expression": _text}

_expression = Members(_EXPRESSION, _PARTS)
_projection = Members(_EXPRESSION, _NAMES)
_condition = Members(
    _EXPRESSION,
    {
        **_PARTS,
        "equalsIgnore": _each(_text),
        "consistentRead": _flag,
        "conditionalCheckFailedHandler": Members({"strategy": _text}, {"lambdaArn": _text}),
    },
)
_transact_condition = Members(_EXPRESSION, {**_PARTS, "returnValuesOnConditionCheckFailure": _flag})

_PAGE: Mapping[str, Check] = {
    "index": _text,
    "limit": _number,
    "nextToken": _text,
    "consistentRead": _flag,
    "scanIndexForward": _flag,
    "select": _text,
    "filter": _expression,
    "projection": _projection,
}
_KEY: Mapping[str, Check] = {"key": _values}
_WRITES: Mapping[str, tuple[Mapping[str, Check], Mapping[str, Check]]] = {
    "PutItem": (_KEY, {"attributeValues": _values}),
    "UpdateItem": ({**_KEY, "update": _expression}, {}),
    "DeleteItem": (_KEY, {}),
}


def _operation(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Members:
    return Members({"operation": _text, **required}, {"version": _anything, **optional})


def _transact_write(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Members:
    return _operation({"table": _text, **required}, {"condition": _transact_condition, **optional})


_TRANSACT_WRITES: Mapping[str, Members] = {
    **{name: _transact_write(*members) for name, members in _WRITES.items()},
    "ConditionCheck": _transact_write({**_KEY, "condition": _transact_condition}, {}),
}

OPERATIONS: Mapping[str, Members] = {
    "GetItem": _operation(_KEY, {"consistentRead": _flag, "projection": _projection}),
    **{
        name: _operation(required, {"condition": _condition, **optional})
        for name, (required, optional) in _WRITES.items()
    },
    "Query": _operation({"query": _expression}, _PAGE),
    "Scan": _operation({}, {**_PAGE, "segment": _number, "totalSegments": _number}),
    "BatchGetItem": _operation(
        {
            "tables": _map_of(
                Members(
                    {"keys": _each(_values)}, {"consistentRead": _flag, "projection": _projection}
                )
            )
        },
        {},
    ),
    "BatchPutItem": _operation({"tables": _map_of(_each(_values))}, {}),
    "BatchDeleteItem": _operation({"tables": _map_of(_each(_values))}, {}),
    "TransactGetItems": _operation(
        {"transactItems": _each(Members({"table": _text, **_KEY}, {"projection": _projection}))}, {}
    ),
    "TransactWriteItems": _operation({"transactItems": _each(_transact_item)}, {}),
}
