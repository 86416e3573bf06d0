"""An API of some models in the local AppSync, with its tables in memory, and whoever calls it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from antipode.authorizer.handing import Handing, load

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.mappings import sort_type
from antipode_tools.schema.model import Keyed, Model
from antipode_tools.schema.scalars import key_type
from localaws.appsync import ports
from localaws.appsync.attribute_values import plain_map
from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import DataSource, FieldKey, NoneSource, TableSource
from localaws.appsync.ports import GraphQLRequest, Identity, Json, Subscription
from tests.property.announced import Announced, record, resolver
from tests.property.any_items import Value, stored_json
from tests.property.auth.rules import Caller, Item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_P = ParamSpec("_P")
_T = TypeVar("_T")
_NONE = NoneSource("LocalSource")


class Here(Executor):
    """Runs what it is given at once, where it is given."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        done = Future[_T]()
        done.set_result(fn(*args, **kwargs))
        return done


class Deployed:
    """The API of a models' file, for clients who sign in by these modes, the default first."""

    def __init__(self, client: DynamoDBClient, source: str, modes: tuple[AuthMode, ...]) -> None:
        self._client = client
        compiled = compile_models(source, modes=modes)
        self._handing = load(compiled.claims)
        self._models = {model.name: model for model in compiled.models}
        sources = DataSources(client, cast("Any", None), Here())
        resolvers = {
            key: resolver(code, source)
            for model in compiled.models
            for key, code, source in _resolvers(model)
        }
        known = [ports.AuthMode(mode) for mode in modes]
        self._announced = Announced(compiled, known, resolvers, sources)
        for model in compiled.models:
            client.create_table(TableName=model.id, **_table(model))

    def drop(self) -> None:
        for model in self._models.values():
            self._client.delete_table(TableName=model.id)

    def put(self, model: str, item: Item) -> None:
        """What some program writes straight to the table."""
        self._client.put_item(TableName=self._models[model].id, Item=stored_json(dict(item))["M"])

    def items(self, model: str) -> list[Item]:
        """What the table holds."""
        found = self._client.scan(TableName=self._models[model].id)["Items"]
        return [plain_map(each) for each in found]

    def _identity(self, caller: Caller) -> Identity:
        return Identity(ports.AuthMode(caller.mode), _context(caller, self._handing))

    async def ask(self, caller: Caller, document: str, variables: Json) -> Json:
        """What the API answers."""
        return await self._announced.answer(
            self._identity(caller), GraphQLRequest(document, variables)
        )

    async def listen(self, caller: Caller, document: str, variables: Json) -> Subscription:
        """Raises SubscriptionRefused."""
        request = GraphQLRequest(document, variables)
        return await self._announced.accepted(request, self._identity(caller))

    async def announced(
        self, model: str, kind: str, item: Item, was: Item | None
    ) -> ports.Announcement:
        """What a change of an item is announced as."""
        earlier = was and Value(stored_json(dict(was)), None)
        now = Value(stored_json(dict(item)), None)
        changed = record(self._models[model], now, kind, earlier=earlier or None)
        return await self._announced.announce(changed)


def _context(caller: Caller, handing: Handing) -> Json:
    """What AppSync tells resolvers of a caller."""
    claims, address = {"sub": caller.name, **caller.claims}, {"sourceIp": ["127.0.0.1"]}
    match caller.mode:
        case AuthMode.API_KEY:
            return None
        case AuthMode.AWS_IAM:
            arn = "arn:aws:sts::123456789012:assumed-role/some/session"
            return {"accountId": "123456789012", "username": caller.name, "userArn": arn, **address}
        case AuthMode.AWS_LAMBDA:
            known: Json = {"issuer": "antipode", "scope": "items:read items:write"}
            return {"resolverContext": {**handing.of(claims), "sub": caller.name, **known}}
        case AuthMode.OPENID_CONNECT:
            return {"sub": caller.name, "issuer": "https://id.example.com", "claims": claims}
        case AuthMode.AMAZON_COGNITO_USER_POOLS:
            username = claims.get("username") or claims.get("cognito:username")
            known = {"username": username, "groups": claims.get("cognito:groups"), **address}
            pool = {"issuer": "https://pool.example.com", "defaultAuthStrategy": "ALLOW"}
            return {"sub": caller.name, "claims": claims, **known, **pool}


def _resolvers(model: Model) -> Iterator[tuple[FieldKey, str, DataSource]]:
    """Which code serves which field, and by which source: as the template has it."""
    table, names = TableSource(f"{model.id}DataSource", model.id), model.names
    for name, root, code in (
        (names.get, "Query", "get"),
        (names.list, "Query", "list"),
        (names.create, "Mutation", "create"),
        (names.update, "Mutation", "update"),
        (names.delete, "Mutation", "delete"),
        *((index.query, "Query", "list") for index in model.indexes),
    ):
        if name:
            yield (root, name), code, table
    for relation in model.relations:
        code, related = "list" if relation.many else "related", relation.model
        yield (model.name, relation.field.name), code, TableSource(related, related)
    for name in model.hidden:
        yield (model.name, name), "field", _NONE


def _table(model: Model) -> Json:
    keyed: list[Keyed] = [model, *model.indexes]
    types = {name: type_ for each in keyed for name, type_ in _attributes(each)}
    indexes = [
        {
            "IndexName": index.name,
            "KeySchema": _schema(index),
            "Projection": {"ProjectionType": "ALL"},
        }
        for index in model.indexes
    ]
    return {
        "KeySchema": _schema(model),
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": type_} for name, type_ in types.items()
        ],
        "BillingMode": "PAY_PER_REQUEST",
        **({"GlobalSecondaryIndexes": indexes} if indexes else {}),
    }


def _attributes(keyed: Keyed) -> Iterator[tuple[str, str]]:
    yield keyed.partition.name, key_type(keyed.partition.named)
    if keyed.sort_attribute:
        yield keyed.sort_attribute, sort_type(keyed)


def _schema(keyed: Keyed) -> Json:
    kinds = zip(_attributes(keyed), ("HASH", "RANGE"), strict=False)
    return [{"AttributeName": name, "KeyType": kind} for (name, _), kind in kinds]
