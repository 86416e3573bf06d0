"""Reading an API from a control plane in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pytest

from localaws.appsync.control_plane import object_fields, read_api
from localaws.appsync.declared import Declared
from localaws.appsync.deployed import (
    Api,
    ApiKey,
    Authorizer,
    DeploymentError,
    FunctionSource,
    NoneSource,
    OpenIdProvider,
    PipelineResolver,
    Step,
    TableSource,
    UnitResolver,
    UserPool,
)
from localaws.appsync.ports import AuthMode, Json

SDL = "type Query @aws_iam { a: Int b: Int } extend type Query { c: Int } type Item { d: Int }"


class NoSchema(Exception):
    """What boto3 raises for an API without a schema."""


class Exceptions:
    GraphQLSchemaException = NoSchema


@dataclass
class ControlPlane:
    """As much of boto3's AppSync client as is read. Every list comes in pages of one."""

    api: Json
    sdl: str | None = SDL
    environment: Json = field(default_factory=lambda: {"environmentVariables": {"REGION": "r"}})
    lists: dict[str, list[Json]] = field(default_factory=dict)
    resolvers: dict[str, list[Json]] = field(default_factory=dict)
    exceptions = Exceptions

    def get_graphql_api(self, **_: str) -> Json:
        return {"graphqlApi": self.api}

    def get_introspection_schema(self, **arguments: Json) -> Json:
        if self.sdl is None:
            raise NoSchema
        assert (arguments["format"], arguments["includeDirectives"]) == ("SDL", True)
        return {"schema": BytesIO(self.sdl.encode())}

    def get_graphql_api_environment_variables(self, **_: str) -> Json:
        return self.environment

    def get_paginator(self, call: str) -> Paginator:
        return Paginator(self, call)


@dataclass
class Paginator:
    plane: ControlPlane
    call: str

    def paginate(self, **arguments: str) -> Iterator[Json]:
        if self.call == "list_resolvers":
            member, listed = "resolvers", self.plane.resolvers.get(arguments["typeName"], [])
        else:
            member, listed = MEMBERS[self.call], self.plane.lists.get(self.call, [])
        for each in listed or [None]:
            yield {member: [each] if each else []}


MEMBERS = {
    "list_api_keys": "apiKeys",
    "list_data_sources": "dataSources",
    "list_functions": "functions",
}
API = {
    "apiId": "api1",
    "authenticationType": "API_KEY",
    "uris": {"GRAPHQL": "https://api1.appsync-api.eu-west-1.amazonaws.com/graphql"},
    "arn": "arn:aws:appsync:eu-west-1:000000000000:apis/api1",
}
TABLE = {
    "name": "table",
    "type": "AMAZON_DYNAMODB",
    "dynamodbConfig": {"tableName": "antipode-Items", "awsRegion": "eu-west-1"},
}
FUNCTION = {
    "name": "function",
    "type": "AWS_LAMBDA",
    "lambdaConfig": {"lambdaFunctionArn": "arn:aws:lambda:eu-west-1:000000000000:function:f"},
}


def read(plane: ControlPlane, declared: Declared | None = None) -> Api:
    client: Any = plane
    return read_api(client, "api1", "eu-west-1", declared)


def unit(name: str, source: str, **more: Json) -> Json:
    return {"typeName": "Query", "fieldName": name, "kind": "UNIT", "dataSourceName": source,
            "code": f"code of {name}", **more}  # fmt: skip


def test_an_api_is_read_whole() -> None:
    plane = ControlPlane(
        api={
            **API,
            "additionalAuthenticationProviders": [{"authenticationType": "AWS_IAM"}],
            "introspectionConfig": "DISABLED",
            "queryDepthLimit": 7,
            "resolverCountLimit": 100,
        },
        lists={
            "list_api_keys": [
                {"id": "da2-1", "expires": 1_900_000_000},
                {"id": "ce46eecf", "expires": "1900003600"},
            ],
            "list_data_sources": [TABLE, FUNCTION, {"name": "none", "type": "NONE"}],
            "list_functions": [
                {"functionId": "f1", "name": "first", "dataSourceName": "table", "code": "1"},
                {"functionId": "f2", "name": "second", "dataSourceName": "none", "code": "2"},
            ],
        },
        resolvers={
            "Query": [
                unit("a", "table"),
                unit("b", "function", maxBatchSize=10),
                {
                    "typeName": "Query",
                    "fieldName": "c",
                    "kind": "PIPELINE",
                    "code": "code of c",
                    "pipelineConfig": {"functions": ["f2", "f1"]},
                },
            ],
            "Item": [{**unit("d", "none"), "typeName": "Item", "maxBatchSize": 0}],
        },
    )
    table = TableSource("table", "antipode-Items")
    assert read(plane) == Api(
        api_id="api1",
        region="eu-west-1",
        sdl=SDL,
        resolvers={
            ("Query", "a"): UnitResolver(Step("resolver Query.a", "code of a", table, 5)),
            ("Query", "b"): UnitResolver(
                Step(
                    "resolver Query.b",
                    "code of b",
                    FunctionSource("function", "arn:aws:lambda:eu-west-1:000000000000:function:f"),
                    10,
                )
            ),
            ("Query", "c"): PipelineResolver(
                "code of c",
                (
                    Step("function second", "2", NoneSource("none"), 5),
                    Step("function first", "1", table, 5),
                ),
            ),
            ("Item", "d"): UnitResolver(
                Step("resolver Item.d", "code of d", NoneSource("none"), 5)
            ),
        },
        api_keys=(ApiKey("da2-1", 1_900_000_000), ApiKey("ce46eecf", 1_900_003_600)),
        default_mode=AuthMode.API_KEY,
        additional_modes=(AuthMode.AWS_IAM,),
        environment={"REGION": "r"},
        introspection=False,
        depth_limit=7,
        resolver_limit=100,
        host="api1.appsync-api.eu-west-1.amazonaws.com",
        arn="arn:aws:appsync:eu-west-1:000000000000:apis/api1",
    )


def test_an_api_may_have_nothing_but_a_schema() -> None:
    api = read(ControlPlane(api=API, environment={}))
    assert (api.resolvers, api.api_keys, api.environment) == ({}, (), {})
    assert (api.introspection, api.depth_limit, api.resolver_limit) == (True, 0, 0)
    assert api.modes == {AuthMode.API_KEY}


def test_every_mode_is_read_with_what_it_is_configured_with() -> None:
    pools = {"authenticationType": "AMAZON_COGNITO_USER_POOLS"}
    pool = {"userPoolId": "eu-west-1_1", "awsRegion": "eu-west-1"}
    plain = {**pools, "userPoolConfig": pool}
    chosen = {**pools, "userPoolConfig": {**pool, "userPoolId": "eu-west-1_2",
              "appIdClientRegex": "web|app", "defaultAction": "DENY"}}  # fmt: skip
    oidc = {
        "authenticationType": "OPENID_CONNECT",
        "openIDConnectConfig": {
            "issuer": "https://id.example.com",
            "clientId": "",
            "authTTL": 3_600_000,
            "iatTTL": "1500",
        },
    }
    authorizer = {
        "authenticationType": "AWS_LAMBDA",
        "lambdaAuthorizerConfig": {
            "authorizerUri": "arn:aws:lambda:eu-west-1:000000000000:function:f",
            "authorizerResultTtlInSeconds": "300",
            "identityValidationExpression": "^[a-z]+$",
        },
    }
    api = read(
        ControlPlane(
            api={**API, **plain, "additionalAuthenticationProviders": [chosen, oidc, authorizer]}
        )
    )
    assert api.default_mode is AuthMode.AMAZON_COGNITO_USER_POOLS
    assert api.token_issuers == (
        UserPool("eu-west-1_1", "eu-west-1"),
        UserPool("eu-west-1_2", "eu-west-1", "web|app", "DENY"),
        OpenIdProvider("https://id.example.com", None, since_sign_in_s=3600, since_issue_s=1.5),
    )
    assert api.authorizer == Authorizer(
        "arn:aws:lambda:eu-west-1:000000000000:function:f", 300, "^[a-z]+$"
    )


def test_fields_are_those_of_object_types_with_their_extensions() -> None:
    assert object_fields(SDL + " input I { a: Int } interface N { a: Int }") == {
        "Query": {"a", "b", "c"},
        "Item": {"d"},
    }


PIPELINE = {
    "typeName": "Query",
    "fieldName": "a",
    "kind": "PIPELINE",
    "code": "code of a",
    "pipelineConfig": {"functions": ["f1"]},
}


def test_functions_that_the_stack_declares_are_run() -> None:
    plane = ControlPlane(
        api=API,
        lists={"list_data_sources": [{"name": "none", "type": "NONE"}]},
        resolvers={"Query": [PIPELINE]},
    )
    function = {"name": "member", "dataSourceName": "none", "code": "1", "maxBatchSize": 0}
    assert read(plane, Declared({"f1": function})).resolvers == {
        ("Query", "a"): PipelineResolver(
            "code of a", (Step("function member", "1", NoneSource("none"), 5),)
        )
    }


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (("Query", "z"), "resolver Query.z: No field named z found on type Query"),
        (("Gone", "a"), "resolver Gone.a: Type Gone not found in the schema"),
    ],
)
def test_a_declared_resolver_whose_field_the_schema_does_not_have_is_refused(
    key: tuple[str, str], message: str
) -> None:
    with pytest.raises(DeploymentError) as refused:
        read(ControlPlane(api=API), Declared(resolvers=(("Query", "b"), key)))
    assert str(refused.value) == message


def test_a_listed_resolver_whose_field_the_schema_does_not_have_is_refused() -> None:
    plane = ControlPlane(
        api=API,
        lists={"list_data_sources": [{"name": "none", "type": "NONE"}]},
        resolvers={"Query": [unit("z", "none")]},
    )
    with pytest.raises(DeploymentError, match=r"^resolver Query\.z: No field named z found on"):
        read(plane)


@pytest.mark.parametrize(
    ("plane", "message"),
    [
        (
            ControlPlane(api=API, sdl=None),
            "API api1 has no schema: deploy its AWS::AppSync::GraphQLSchema first",
        ),
        (
            ControlPlane(api=API, lists={"list_data_sources": [{"name": "web", "type": "HTTP"}]}),
            "data source web is of type HTTP; "
            "the local AppSync runs NONE, AMAZON_DYNAMODB and AWS_LAMBDA",
        ),
        (
            ControlPlane(
                api=API,
                lists={
                    "list_data_sources": [
                        {
                            **TABLE,
                            "dynamodbConfig": {"tableName": "t", "awsRegion": "us-east-1"},
                        }
                    ]
                },
            ),
            "data source table is a table in us-east-1; "
            "the local AppSync of eu-west-1 only reads tables of its own Region",
        ),
        (
            ControlPlane(api=API, resolvers={"Query": [unit("a", "absent")]}),
            "resolver Query.a names the data source 'absent', which the API does not have",
        ),
        (
            ControlPlane(
                api=API,
                lists={"list_data_sources": [TABLE]},
                resolvers={"Query": [{**unit("a", "table"), "code": None}]},
            ),
            "resolver Query.a has no APPSYNC_JS code; mapping templates are not run locally",
        ),
        (
            ControlPlane(
                api=API,
                resolvers={
                    "Query": [
                        {
                            "typeName": "Query",
                            "fieldName": "a",
                            "kind": "PIPELINE",
                            "code": "c",
                            "pipelineConfig": {"functions": ["f1"]},
                        }
                    ]
                },
            ),
            "resolver Query.a names functions that the API does not list: ['f1']",
        ),
        (
            ControlPlane(api={**API, "authenticationType": "OPENID_CONNECT"}),
            "the mode OPENID_CONNECT has no openIDConnectConfig",
        ),
        (
            ControlPlane(
                api={
                    **API,
                    "authenticationType": "AWS_LAMBDA",
                    "lambdaAuthorizerConfig": {
                        "authorizerUri": "f",
                        "identityValidationExpression": "(",
                    },
                }
            ),
            "identityValidationExpression is not a regular expression: "
            "missing ), unterminated subpattern at position 0",
        ),
    ],
)
def test_what_the_data_plane_does_not_run_is_reported_when_it_is_read(
    plane: ControlPlane, message: str
) -> None:
    with pytest.raises(DeploymentError) as refused:
        read(plane)
    assert str(refused.value) == message
