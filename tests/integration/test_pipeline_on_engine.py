"""A pipeline that CloudFormation deployed to the engine, served: who is no member sees nothing.

The engine creates `AWS::AppSync::FunctionConfiguration` and lists none of them.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
import pytest_asyncio

from antipode_tools.world.engine.engine import Engine, EngineInstallation
from localaws.appsync import DataPlane, JavaScriptEvaluator, read_api, read_declared
from localaws.appsync.ports import Json
from localaws.iam.policies import simulator
from localaws.tokens.fetching import over_http

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROJECT = Path(__file__).parents[2]
REGION = "eu-west-1"
HOST = "127.0.0.1:4001"
STACK = "rooms"

SCHEMA = """
type Query { roomNote(room: ID!, member: ID!): String }
schema { query: Query }
"""
CHECK = """
import { util } from '@aws-appsync/utils';
import { get } from '@aws-appsync/utils/dynamodb';
export function request(ctx) {
  return get({ key: { id: ctx.args.room + '#' + ctx.args.member } });
}
export function response(ctx) {
  if (!ctx.result) {
    util.unauthorized();
  }
  ctx.stash.role = ctx.result.role;
  return null;
}
"""
NOTE = """
export function request(ctx) {
  return { payload: 'for the ' + ctx.stash.role + ' of ' + ctx.args.room };
}
export function response(ctx) {
  return ctx.result;
}
"""
AROUND = """
export function request(ctx) {
  ctx.args.room = 'room ' + ctx.args.room;
  return {};
}
export function response(ctx) {
  return ctx.prev.result;
}
"""
RUNTIME = {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}


def resource(type: str, **properties: Json) -> Json:
    return {"Type": type, "Properties": properties}


def part(type: str, **properties: Json) -> Json:
    return resource(f"AWS::AppSync::{type}", ApiId={"Fn::GetAtt": ["Api", "ApiId"]}, **properties)


def function(name: str, source: str, code: str) -> Json:
    return part(
        "FunctionConfiguration",
        Name=name,
        DataSourceName={"Fn::GetAtt": [source, "Name"]},
        Code=code,
        Runtime=RUNTIME,
    )


TEMPLATE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Members": resource(
            "AWS::DynamoDB::Table",
            TableName="members",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        ),
        "Api": resource("AWS::AppSync::GraphQLApi", Name="rooms", AuthenticationType="API_KEY"),
        "Schema": part("GraphQLSchema", Definition=SCHEMA),
        "Key": part("ApiKey"),
        "None": part("DataSource", Name="none", Type="NONE"),
        "Table": part(
            "DataSource",
            Name="members",
            Type="AMAZON_DYNAMODB",
            DynamoDBConfig={"TableName": {"Ref": "Members"}, "AwsRegion": REGION},
        ),
        "Check": function("check", "Table", CHECK),
        "Note": function("note", "None", NOTE),
        "RoomNote": part(
            "Resolver",
            TypeName="Query",
            FieldName="roomNote",
            Kind="PIPELINE",
            Code=AROUND,
            Runtime=RUNTIME,
            PipelineConfig={
                "Functions": [
                    {"Fn::GetAtt": ["Check", "FunctionId"]},
                    {"Fn::GetAtt": ["Note", "FunctionId"]},
                ]
            },
        ),
    },
    "Outputs": {
        "ApiId": {"Value": {"Fn::GetAtt": ["Api", "ApiId"]}},
        "ApiKey": {"Value": {"Fn::GetAtt": ["Key", "ApiKey"]}},
    },
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def engine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Engine]:
    folder = tmp_path_factory.mktemp("engine")
    (folder / "tmp").mkdir()
    log = folder / "engine.log"
    installation = EngineInstallation(PROJECT, PROJECT / ".local")
    await installation.install(environment=dict(os.environ), log=log)
    engine = await Engine.start(installation, port=0, run=folder, region=REGION, log=log)
    yield engine
    await engine.stop()


class Clients:
    """boto3 on the engine."""

    def __init__(self, url: str) -> None:
        self._session = boto3.Session("test", "test", region_name=REGION)
        self._url = url

    def __call__(self, service: Any) -> Any:
        return self._session.client(service, endpoint_url=self._url)


def deployed(cloudformation: Any, template: Json) -> dict[str, str]:
    """The outputs of a new stack."""
    body = json.dumps(template)
    cloudformation.create_stack(StackName=STACK, TemplateBody=body)
    waiter = cloudformation.get_waiter("stack_create_complete")
    waiter.wait(StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


async def test_a_pipeline_of_a_stack_lets_members_in_and_nobody_else(engine: Engine) -> None:
    clients = Clients(engine.url)
    cloudformation, dynamodb = clients("cloudformation"), clients("dynamodb")
    outputs = await asyncio.to_thread(deployed, cloudformation, TEMPLATE)
    membership = {"id": {"S": "room 1#ada"}, "role": {"S": "keeper"}}
    await asyncio.to_thread(dynamodb.put_item, TableName="members", Item=membership)
    evaluator = JavaScriptEvaluator()
    plane = DataPlane(
        hosts=frozenset({HOST}),
        principals={},
        evaluator=evaluator,
        dynamodb=dynamodb,
        functions=clients("lambda"),
        evaluate=simulator(clients("iam")),
        fetch=over_http({}),
    )
    try:
        declared = await asyncio.to_thread(read_declared, cloudformation, STACK, outputs["ApiId"])
        plane.attach(read_api(clients("appsync"), outputs["ApiId"], REGION, declared))
        transport = httpx.ASGITransport(plane)
        headers = {"x-api-key": outputs["ApiKey"]}
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://{HOST}", headers=headers
        ) as http:
            let_in = await http.post("/graphql", json={"query": _asked("ada")})
            refused = await http.post("/graphql", json={"query": _asked("bob")})
    finally:
        await plane.close()
        evaluator.close()
    assert let_in.json() == {"data": {"roomNote": "for the keeper of room 1"}}
    assert refused.json()["data"] == {"roomNote": None}
    assert [each["message"] for each in refused.json()["errors"]] == [
        "Not Authorized to access roomNote on type Query"
    ]


def _asked(member: str) -> str:
    return f'{{ roomNote(room: "1", member: "{member}") }}'
