"""What the runtime offers to handlers: its modules, its globals and their members.

The members are those of @aws-appsync/utils 2.1 and of the guide's lists of built-in objects.
https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference-js.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Offer:
    """An object of the runtime: the name of its type, and its members (None: a plain function)."""

    type: str
    members: Mapping[str, Offer | None] = field(default_factory=dict)


def _offer(type: str, names: str, **nested: Offer) -> Offer:
    return Offer(type, {**dict.fromkeys(names.split()), **nested})


UTIL = _offer(
    "Util",
    "appendError authType autoId autoKsuid autoUlid base64Decode base64Encode error"
    " escapeJavaScript matches unauthorized urlDecode urlEncode",
    dynamodb=_offer(
        "DynamodbUtil",
        "fromS3ObjectJson toBinary toBinarySet toBoolean toDynamoDB toList toMap toMapValues"
        " toNull toNumber toNumberSet toS3Object toString toStringSet",
    ),
    http=_offer("HttpUtils", "addResponseHeader addResponseHeaders copyHeaders"),
    math=_offer("MathUtils", "maxVal minVal randomDouble randomWithinRange roundNum"),
    rds=_offer("RdsUtil", "toJsonObject"),
    str=_offer("StringUtils", "normalize"),
    time=_offer(
        "TimeUtils",
        "epochMilliSecondsToFormatted epochMilliSecondsToISO8601 epochMilliSecondsToSeconds"
        " nowEpochMilliSeconds nowEpochSeconds nowFormatted nowISO8601"
        " parseFormattedToEpochMilliSeconds parseISO8601ToEpochMilliSeconds",
    ),
    transform=_offer(
        "TransformUtils",
        "toDynamoDBConditionExpression toDynamoDBFilterExpression toElasticsearchQueryDSL"
        " toSubscriptionFilter",
    ),
    xml=_offer("XmlUtils", "toJsonString toMap"),
)
EXTENSIONS = _offer(
    "Extensions",
    "evictFromApiCache invalidateSubscriptions setSubscriptionFilter"
    " setSubscriptionInvalidationFilter",
)
RUNTIME = _offer("Runtime", "earlyReturn")

DYNAMODB = _offer(
    'typeof import("@aws-appsync/utils/dynamodb")',
    "batchDelete batchGet batchPut get put query remove scan sync toBinarySet toNumberSet"
    " toStringSet transactGet transactWrite update",
    operations=_offer(
        "DynamoDBOperation", "add append decrement increment prepend remove replace updateListItem"
    ),
)

MODULES: Mapping[str, Offer] = {
    "@aws-appsync/utils": Offer(
        'typeof import("@aws-appsync/utils")',
        {"extensions": EXTENSIONS, "runtime": RUNTIME, "util": UTIL},
    ),
    "@aws-appsync/utils/dynamodb": DYNAMODB,
}

# Modules of the service that have no use here: one machine has none of their data sources.
ABSENT_MODULES: Mapping[str, str] = {
    "@aws-appsync/utils/ai": "Bedrock",
    "@aws-appsync/utils/rds": "RDS",
}

# Globals whose members are checked; those of Array, Number, Object and String are not all listed.
GLOBALS: Mapping[str, Offer] = {
    "JSON": _offer("JSON", "parse stringify"),
    "Math": _offer("Math", "ceil floor max min random round"),
    "console": _offer("Console", "debug error info log warn"),
    "extensions": EXTENSIONS,
    "runtime": RUNTIME,
    "util": UTIL,
}
GLOBAL_NAMES = frozenset(GLOBALS) | {"Array", "Infinity", "NaN", "Number", "Object", "String"}

# Methods that take a function: every other call may not be given one.
CALLBACK_METHODS = frozenset(
    {
        "every",
        "filter",
        "find",
        "findIndex",
        "findLast",
        "findLastIndex",
        "flatMap",
        "forEach",
        "map",
        "reduce",
        "reduceRight",
        "some",
    }
)

# From the linter's list of what is not implemented, those that can be recognised by name alone.
DENIED_METHODS: Mapping[str, str] = {
    "charCodeAt": "String",
    "copyWithin": "Array",
    "entries": "Array",
    "keys": "Array",
    "localeCompare": "String",
    "matchAll": "String",
    "padEnd": "String",
    "padStart": "String",
    "repeat": "String",
    "search": "String",
    "toLocaleLowerCase": "String",
    "toLocaleString": "Array",
    "toLocaleUpperCase": "String",
    "values": "Array",
}
DENIED_STATICS: Mapping[str, frozenset[str]] = {
    "Array": frozenset({"from", "of"}),
    "Object": frozenset(
        {
            "create",
            "defineProperties",
            "defineProperty",
            "freeze",
            "getOwnPropertyDescriptor",
            "getOwnPropertyDescriptors",
            "getOwnPropertyNames",
            "getOwnPropertySymbols",
            "getPrototypeOf",
            "is",
            "isExtensible",
            "isFrozen",
            "isSealed",
            "preventExtensions",
            "seal",
            "setPrototypeOf",
        }
    ),
    "String": frozenset({"fromCharCode", "fromCodePoint"}),
}
# Function.prototype's: the service reports them as unknown functions.
FUNCTION_METHODS = frozenset({"apply", "bind", "call"})
