"""Fields as the service would serve them: the resolver's two handlers, and moto's table between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from localaws.appsync.dynamodb_source import call
from localaws.appsync.ports import Evaluation, HandlerError, HandlerName, Json

from .models import ENVIRONMENT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Resolver = Callable[[str, HandlerName, Json], Evaluation]


class Refused(Exception):
    """A field that ended with an error."""

    def __init__(self, error: HandlerError) -> None:
        super().__init__(error.message)
        self.error = error


class Table:
    """A model's table and the resolvers that read and write it.

    Args:
        key: partition and sort attribute, all of them texts.
        indexes: the same of each index, by its name.
    """

    def __init__(
        self,
        client: DynamoDBClient,
        resolver: Resolver,
        key: Sequence[str],
        indexes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._client = client
        self._resolver = resolver
        self._key = key
        indexes = indexes or {}
        attributes = dict.fromkeys([*key, *(name for index in indexes.values() for name in index)])
        client.create_table(
            TableName="table",
            KeySchema=_schema(key),
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in attributes
            ],
            BillingMode="PAY_PER_REQUEST",
            **({"GlobalSecondaryIndexes": _indexes(indexes)} if indexes else {}),
        )

    def serve(
        self, resolver: str, field: str, arguments: Json, parent: str = "Query", source: Json = None
    ) -> Json:
        """The field's value. Raises Refused."""
        context = {
            "arguments": arguments,
            "env": ENVIRONMENT,
            "info": {"fieldName": field, "parentTypeName": parent},
            "source": source,
            "stash": {},
        }
        request = self._resolver(resolver, HandlerName.REQUEST, context)
        if request.error:
            raise Refused(request.error)
        if request.early_return:
            return request.result
        answer = call(self._client, "table", request.result)
        error = answer.error and {"message": answer.error.message, "type": answer.error.type}
        context |= {"result": answer.result, "error": error}
        response = self._resolver(resolver, HandlerName.RESPONSE, context)
        if response.error:
            raise Refused(response.error)
        return response.result

    def clear(self) -> None:
        """Remove all items, so that an example of Hypothesis's finds none of another's."""
        for item in self._client.scan(TableName="table")["Items"]:
            self._client.delete_item(
                TableName="table", Key={name: item[name] for name in self._key}
            )

    def drop(self) -> None:
        self._client.delete_table(TableName="table")


def _schema(key: Sequence[str]) -> Json:
    return [
        {"AttributeName": name, "KeyType": kind}
        for name, kind in zip(key, ("HASH", "RANGE"), strict=False)
    ]


def _indexes(indexes: Mapping[str, Sequence[str]]) -> Json:
    return [
        {"IndexName": name, "KeySchema": _schema(key), "Projection": {"ProjectionType": "ALL"}}
        for name, key in indexes.items()
    ]
