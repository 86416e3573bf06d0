"""The local AppSync on a running engine: the project's schema and resolvers, real tables."""

from __future__ import annotations

import asyncio
import io
import json
import os
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx
import pytest
import pytest_asyncio
from botocore.config import Config

from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.environment import variables
from antipode_tools.world.engine.engine import Engine, EngineInstallation
from localaws.appsync.control_plane import read_api
from localaws.appsync.javascript.evaluator import JavaScriptEvaluator
from localaws.appsync.plane import CALLS_AT_ONCE, DataPlane
from localaws.appsync.ports import Json
from localaws.iam.policies import simulator
from localaws.iam.principals import Principal
from localaws.tokens.fetching import over_http
from tests.unit.localaws.appsync.signing import signed_headers

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_lambda import LambdaClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROJECT = Path(__file__).parents[2]
REGION = "eu-west-1"
HOST = "127.0.0.1:4001"
TABLE = "antipode-ItemsModel"
FIELDS = "id item createdAt updatedAt version updatedIn _change { id }"
RELAY = Principal(
    access_key_id="ASIARELAY",
    secret_access_key="secret",
    session_token="token",
    arn="arn:aws:sts::000000000000:assumed-role/relay/session",
    user_id="AROARELAY:session",
    account_id="000000000000",
)
# Its role has no policies at all.
POOR = replace(
    RELAY,
    access_key_id="ASIAPOOR",
    arn="arn:aws:sts::000000000000:assumed-role/poor/session",
)
STRANGER = replace(RELAY, access_key_id="ASIASTRANGER", user_id="AROASTRANGER:session")

RESOLVERS = {
    ("Query", "getItemsModel"): ("get", "table"),
    ("Query", "listItemsModel"): ("list", "table"),
    ("Mutation", "createItemsModel"): ("create", "table"),
    ("Mutation", "updateItemsModel"): ("update", "table"),
    ("Mutation", "deleteItemsModel"): ("delete", "table"),
    ("Mutation", "publishCreateItemsModel"): ("publish", "none"),
    ("Mutation", "publishUpdateItemsModel"): ("publish", "none"),
    ("Mutation", "publishDeleteItemsModel"): ("publish", "none"),
}


@dataclass(frozen=True)
class Clients:
    """boto3 on the engine."""

    appsync: AppSyncClient
    dynamodb: DynamoDBClient
    streams: DynamoDBStreamsClient
    functions: LambdaClient
    iam: Any

    @classmethod
    def of(cls, url: str) -> Clients:
        session = boto3.Session("test", "test", region_name=REGION)
        config = Config(max_pool_connections=CALLS_AT_ONCE)
        return cls(
            session.client("appsync", endpoint_url=url),
            session.client("dynamodb", endpoint_url=url, config=config),
            session.client("dynamodbstreams", endpoint_url=url),
            session.client("lambda", endpoint_url=url, config=config),
            session.client("iam", endpoint_url=url),
        )


@dataclass
class Served:
    """The project's API, deployed and served."""

    clients: Clients
    plane: DataPlane
    api_id: str
    api_key: str
    http: httpx.AsyncClient

    async def post(self, query: str, variables: Json = None) -> Json:
        """With the API key."""
        response = await self.http.post(
            "/graphql",
            json={"query": query, "variables": variables or {}},
            headers={"x-api-key": self.api_key},
        )
        assert response.status_code == 200
        return response.json()

    async def signed(self, principal: Principal, query: str, variables: Json) -> httpx.Response:
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = signed_headers(principal, body, url=f"http://{HOST}/graphql", region=REGION)
        return await self.http.post("/graphql", content=body, headers=headers)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Clients]:
    folder = tmp_path_factory.mktemp("engine")
    (folder / "tmp").mkdir()
    log = folder / "engine.log"
    installation = EngineInstallation(PROJECT, PROJECT / ".local")
    await installation.install(environment=dict(os.environ), log=log)
    engine = await Engine.start(installation, port=0, run=folder, region=REGION, log=log)
    yield Clients.of(engine.url)
    await engine.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(clients: Clients) -> AsyncIterator[Served]:
    api_id, api_key = await asyncio.to_thread(deploy, clients)
    evaluator = JavaScriptEvaluator()
    plane = DataPlane(
        hosts=frozenset({HOST}),
        principals={each.access_key_id: each for each in (RELAY, STRANGER, POOR)},
        evaluator=evaluator,
        dynamodb=clients.dynamodb,
        functions=clients.functions,
        evaluate=simulator(clients.iam),
        fetch=over_http({}),
    )
    plane.attach(read_api(clients.appsync, api_id, REGION))
    transport = httpx.ASGITransport(plane)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as http:
        yield Served(clients, plane, api_id, api_key, http)
    await plane.close()
    evaluator.close()


def models() -> dict[str, str]:
    """What the template tells the resolvers of the project's models."""
    compiled = compile_models((PROJECT / "graphql" / "models.graphql").read_text())
    told = enumerate(variables(compiled.models), start=1)
    return {f"MODELS_{number}": f";{text}" for number, text in told}


def deploy(clients: Clients) -> tuple[str, str]:
    """The project's table and API, and the relay's role; the API's id and key."""
    clients.dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    api_id = create_api(clients, (PROJECT / "graphql" / "schema.graphql").read_text())
    clients.appsync.put_graphql_api_environment_variables(
        apiId=api_id,
        environmentVariables={"REGION": REGION, "RELAY_ROLE_ID": "AROARELAY", **models()},
    )
    clients.appsync.create_data_source(
        apiId=api_id,
        name="table",
        type="AMAZON_DYNAMODB",
        dynamodbConfig={"tableName": TABLE, "awsRegion": REGION},
    )
    clients.appsync.create_data_source(apiId=api_id, name="none", type="NONE")
    for (type_name, field), (code, source) in RESOLVERS.items():
        text = (PROJECT / "graphql" / "resolvers" / f"{code}.js").read_text()
        create_resolver(clients, api_id, type_name, field, text, source)
    create_role(clients, api_id)
    expires = datetime.now(UTC) + timedelta(days=7)
    key = clients.appsync.create_api_key(apiId=api_id, expires=int(expires.timestamp()))
    return api_id, key["apiKey"]["id"]


def create_role(clients: Clients, api_id: str) -> None:
    """The relay's, with what the template gives it."""
    for name in ("relay", "poor"):
        clients.iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    resource = f"arn:aws:appsync:{REGION}:000000000000:apis/{api_id}/types/Mutation/fields/publish*"
    statement = {"Effect": "Allow", "Action": "appsync:GraphQL", "Resource": resource}
    clients.iam.put_role_policy(
        RoleName="relay",
        PolicyName="publish",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )


def create_api(clients: Clients, sdl: str) -> str:
    api_id = clients.appsync.create_graphql_api(
        name="antipode",
        authenticationType="API_KEY",
        additionalAuthenticationProviders=[{"authenticationType": "AWS_IAM"}],
    )["graphqlApi"]["apiId"]
    clients.appsync.start_schema_creation(apiId=api_id, definition=sdl.encode())
    return api_id


def create_resolver(
    clients: Clients, api_id: str, type_name: str, field: str, code: str, source: str
) -> None:
    clients.appsync.create_resolver(
        apiId=api_id,
        typeName=type_name,
        fieldName=field,
        kind="UNIT",
        dataSourceName=source,
        runtime={"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"},
        code=code,
    )


# -- Items ------------------------------------------------------------------------------------


async def create(served: Served, **input: Json) -> Json:
    query = (
        "mutation ($input: CreateItemsModelInput!) "
        f"{{ createItemsModel(input: $input) {{ {FIELDS} }} }}"
    )
    return await served.post(query, {"input": input})


async def get(served: Served, id: str) -> Json:
    query = f"query ($id: ID!) {{ getItemsModel(id: $id) {{ {FIELDS} }} }}"
    return (await served.post(query, {"id": id}))["data"]["getItemsModel"]


async def test_an_item_is_created_read_changed_and_deleted(served: Served) -> None:
    created = await create(served, id="one", item="first")
    item = created["data"]["createItemsModel"]
    assert item == {
        "id": "one",
        "item": "first",
        "createdAt": item["createdAt"],
        "updatedAt": item["createdAt"],
        "version": 1,
        "updatedIn": REGION,
        "_change": None,
    }
    assert await get(served, "one") == item

    changed = await served.post(
        f'mutation {{ updateItemsModel(input: {{id: "one", item: "second"}}) {{ {FIELDS} }} }}'
    )
    after = changed["data"]["updateItemsModel"]
    assert after == {**item, "item": "second", "version": 2, "updatedAt": after["updatedAt"]}
    assert await get(served, "one") == after

    deleted = await served.post('mutation { deleteItemsModel(input: {id: "one"}) { id item } }')
    assert deleted == {"data": {"deleteItemsModel": {"id": "one", "item": "second"}}}
    assert await get(served, "one") is None


async def test_an_item_without_an_id_gets_one(served: Served) -> None:
    created = await create(served, item="nameless")
    item = created["data"]["createItemsModel"]
    assert await get(served, item["id"]) == item


async def test_an_id_that_exists_is_refused_and_the_first_item_stays(served: Served) -> None:
    await create(served, id="taken", item="first")
    refused = await create(served, id="taken", item="second")
    assert refused["data"] == {"createItemsModel": None}
    error = refused["errors"][0]
    assert error["errorType"] == "DynamoDB:ConditionalCheckFailedException"
    assert error["message"] == "an item with id taken exists already"
    assert (await get(served, "taken"))["item"] == "first"


async def test_an_update_of_what_does_not_exist_is_refused(served: Served) -> None:
    refused = await served.post(
        'mutation { updateItemsModel(input: {id: "absent", item: "x"}) { id } }'
    )
    assert refused["data"] == {"updateItemsModel": None}
    assert refused["errors"][0]["message"] == "there is no item with id absent"


async def test_a_null_removes_an_attribute(served: Served) -> None:
    await create(served, id="sparse", item="x")
    await served.post(
        "mutation ($input: UpdateItemsModelInput!) { updateItemsModel(input: $input) { id } }",
        {"input": {"id": "sparse", "item": None}},
    )
    stored = await asyncio.to_thread(
        served.clients.dynamodb.get_item, TableName=TABLE, Key={"id": {"S": "sparse"}}
    )
    assert "item" not in stored["Item"]


async def test_a_list_goes_page_by_page_and_filters(served: Served) -> None:
    for number in range(5):
        await create(served, id=f"page-{number}", item="paged")
    query = """
      query ($limit: Int, $nextToken: String) {
        listItemsModel(filter: {item: {eq: "paged"}}, limit: $limit, nextToken: $nextToken) {
          items { id } nextToken
        }
      }
    """
    found: list[str] = []
    token = None
    while True:
        answer = await served.post(query, {"limit": 3, "nextToken": token})
        page = answer["data"]["listItemsModel"]
        found += [item["id"] for item in page["items"]]
        token = page["nextToken"]
        if token is None:
            break
    assert sorted(found) == [f"page-{number}" for number in range(5)]


async def test_streams_see_what_resolvers_write(served: Served) -> None:
    await create(served, id="streamed", item="a")
    await served.post('mutation { updateItemsModel(input: {id: "streamed", item: "b"}) { id } }')
    await served.post('mutation { deleteItemsModel(input: {id: "streamed"}) { id } }')
    kinds = await asyncio.to_thread(kinds_of_records, served.clients, "streamed")
    assert kinds == ["INSERT", "MODIFY", "REMOVE"]


def kinds_of_records(clients: Clients, id: str) -> list[str]:
    arn = clients.dynamodb.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]
    shards = clients.streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = clients.streams.get_shard_iterator(
        StreamArn=arn, ShardId=shards[0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = clients.streams.get_records(ShardIterator=iterator)["Records"]
    return [
        record["eventName"] for record in records if record["dynamodb"]["Keys"]["id"]["S"] == id
    ]


# -- Publishing -------------------------------------------------------------------------------

PUBLISH = (
    f"mutation ($change: AWSJSON!) {{ publishCreateItemsModel(change: $change) {{ {FIELDS} }} }}"
)
CHANGE = {"change": json.dumps({"id": "p", "item": "x", "version": 3, "_change": {"id": "e1"}})}


async def test_the_relay_publishes_with_its_signature(served: Served) -> None:
    response = await served.signed(RELAY, PUBLISH, CHANGE)
    assert (response.status_code, response.json()) == (
        200,
        {
            "data": {
                "publishCreateItemsModel": {
                    "id": "p",
                    "item": "x",
                    "createdAt": None,
                    "updatedAt": None,
                    "version": 3,
                    "updatedIn": None,
                    "_change": {"id": "e1"},
                }
            }
        },
    )


async def test_any_other_role_is_refused_by_the_resolver(served: Served) -> None:
    response = await served.signed(STRANGER, PUBLISH, CHANGE)
    body = response.json()
    assert (response.status_code, body["data"]) == (200, {"publishCreateItemsModel": None})
    assert body["errors"][0]["errorType"] == "Unauthorized"
    assert (
        body["errors"][0]["message"]
        == "Not Authorized to access publishCreateItemsModel on type Mutation"
    )


async def test_a_role_without_the_permission_may_not_publish(served: Served) -> None:
    response = await served.signed(POOR, PUBLISH, CHANGE)
    assert (response.status_code, response.json()) == (
        401,
        {"errors": [{"errorType": "UnauthorizedException", "message": "Permission denied"}]},
    )


async def test_a_role_may_call_only_what_its_policies_name(served: Served) -> None:
    """Whatever the directives say: a client's field is none of the relay's."""
    query = PUBLISH.rstrip().removesuffix("}") + ' deleteItemsModel(input: {id: "1"}) { id } }'
    response = await served.signed(RELAY, query, CHANGE)
    body = response.json()
    assert response.status_code == 200
    assert body["data"]["deleteItemsModel"] is None
    assert body["data"]["publishCreateItemsModel"] is not None
    assert [error["message"] for error in body["errors"]] == [
        "Not Authorized to access deleteItemsModel on type Mutation"
    ]


async def test_an_api_key_may_not_publish(served: Served) -> None:
    body = await served.post(PUBLISH, CHANGE)
    assert body["data"] == {"publishCreateItemsModel": None}
    assert [(each["errorType"], each["message"]) for each in body["errors"]] == [
        ("Unauthorized", "Not Authorized to access publishCreateItemsModel on type Mutation")
    ]


async def test_a_forged_signature_is_refused(served: Served) -> None:
    response = await served.signed(replace(RELAY, secret_access_key="guessed"), PUBLISH, CHANGE)
    assert response.status_code == 400
    assert response.json()["errors"][0]["errorType"] == "BadRequestException"


# -- Keys -------------------------------------------------------------------------------------


async def test_an_expired_key_of_the_engine_is_refused(served: Served) -> None:
    expired = await asyncio.to_thread(
        served.clients.appsync.create_api_key, apiId=served.api_id, expires=1
    )
    served.plane.attach(
        await asyncio.to_thread(read_api, served.clients.appsync, served.api_id, REGION)
    )
    response = await served.http.post(
        "/graphql",
        json={"query": "{ __typename }"},
        headers={"x-api-key": expired["apiKey"]["id"]},
    )
    assert response.status_code == 401
    assert (await served.post("{ __typename }"))["data"] == {"__typename": "Query"}


# -- Functions --------------------------------------------------------------------------------

NAMES = """
def handler(event, context):
    if isinstance(event, list):
        return [f"name of {each}" for each in event]
    if event["fail"]:
        raise ValueError("no names today")
    return [{"id": str(number)} for number in range(3)]
"""
PEOPLE = "type Query { people(fail: Boolean): [Person] } type Person { id: ID name: String }"
ASK = """
export function request(ctx) {
  return { operation: 'Invoke', payload: { fail: ctx.args.fail === true } };
}
export function response(ctx) {
  if (ctx.error) { util.error(ctx.error.message, ctx.error.type); }
  return ctx.result;
}
"""
ASK_TOGETHER = """
export function request(ctx) {
  return { operation: 'BatchInvoke', payload: ctx.source.id };
}
export function response(ctx) { return ctx.result; }
"""
IMPORT = "import { util } from '@aws-appsync/utils';\n"


def packed(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def deploy_people(clients: Clients) -> str:
    function = clients.functions.create_function(
        FunctionName="people",
        Runtime="python3.13",
        Handler="index.handler",
        Role="arn:aws:iam::000000000000:role/people",
        Code={"ZipFile": packed({"index.py": NAMES})},
    )
    api_id = create_api(clients, PEOPLE)
    clients.appsync.create_data_source(
        apiId=api_id,
        name="people",
        type="AWS_LAMBDA",
        lambdaConfig={"lambdaFunctionArn": function["FunctionArn"]},
    )
    create_resolver(clients, api_id, "Query", "people", IMPORT + ASK, "people")
    create_resolver(clients, api_id, "Person", "name", ASK_TOGETHER, "people")
    return api_id


async def test_functions_of_the_engine_are_invoked_alone_and_together(served: Served) -> None:
    api_id = await asyncio.to_thread(deploy_people, served.clients)
    api = await asyncio.to_thread(read_api, served.clients.appsync, api_id, REGION)
    project = await asyncio.to_thread(read_api, served.clients.appsync, served.api_id, REGION)
    served.plane.attach(replace(api, api_keys=project.api_keys))
    try:
        assert await served.post("{ people { id name } }") == {
            "data": {
                "people": [{"id": str(n), "name": f"name of {n}"} for n in range(3)],
            }
        }
        failed = await served.post("{ people(fail: true) { id } }")
        assert failed["data"] == {"people": None}
        assert failed["errors"][0]["message"] == "no names today"
        assert failed["errors"][0]["errorType"] == "Lambda:Unhandled"
    finally:
        served.plane.attach(project)
