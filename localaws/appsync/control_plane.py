"""The control plane's description of an API, read as what the data plane serves.

https://docs.aws.amazon.com/appsync/latest/APIReference/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from graphql import (
    GraphQLSyntaxError,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    parse,
)

from localaws.appsync.declared import Declared
from localaws.appsync.deployed import (
    DEFAULT_BATCH_SIZE,
    Api,
    ApiKey,
    Authorizer,
    DataSource,
    DeploymentError,
    FieldKey,
    FunctionSource,
    NoneSource,
    OpenIdProvider,
    PipelineResolver,
    Resolver,
    Step,
    TableSource,
    TokenIssuer,
    UnitResolver,
    UserPool,
)
from localaws.appsync.ports import AuthMode, Json

if TYPE_CHECKING:
    from mypy_boto3_appsync import AppSyncClient


def read_api(
    client: AppSyncClient, api_id: str, region: str, declared: Declared | None = None
) -> Api:
    """The API as the control plane describes it. Raises DeploymentError for what does not run.

    `declared` adds what the stack knows and the control plane does not list.
    """
    declared = declared or Declared()
    api: Json = client.get_graphql_api(apiId=api_id)["graphqlApi"]
    sdl = _read_sdl(client, api_id)
    sources = {
        source["name"]: _data_source(source, region)
        for source in _listed(client, "list_data_sources", "dataSources", apiId=api_id)
    }
    listed = _listed(client, "list_functions", "functions", apiId=api_id)
    described = {**declared.functions, **{each["functionId"]: each for each in listed}}
    functions = {
        function_id: _step(f"function {function['name']}", declared.whole(function), sources)
        for function_id, function in described.items()
    }
    resolvers = {
        (resolver["typeName"], resolver["fieldName"]): _resolver(
            declared.whole(resolver), sources, functions
        )
        for type_name in object_fields(sdl)
        for resolver in _listed(
            client, "list_resolvers", "resolvers", apiId=api_id, typeName=type_name
        )
    }
    check_fields([*resolvers, *declared.resolvers], sdl)
    additional = api.get("additionalAuthenticationProviders", [])
    providers = [api, *additional]
    return Api(
        api_id=api_id,
        region=region,
        sdl=sdl,
        resolvers=resolvers,
        api_keys=_read_keys(client, api_id),
        default_mode=AuthMode(api["authenticationType"]),
        additional_modes=tuple(AuthMode(provider["authenticationType"]) for provider in additional),
        token_issuers=token_issuers(providers),
        authorizer=next(
            (asked for provider in providers if (asked := _authorizer(provider))), None
        ),
        environment=_read_environment(client, api_id),
        introspection=api.get("introspectionConfig", "ENABLED") == "ENABLED",
        depth_limit=int(api.get("queryDepthLimit", 0)),
        resolver_limit=int(api.get("resolverCountLimit", 0)),
        host=api["uris"]["GRAPHQL"].split("/")[2],
        arn=api["arn"],
    )


def token_issuers(providers: Iterable[Json]) -> tuple[TokenIssuer, ...]:
    """Whose tokens an API's providers let in, as its control plane describes them."""
    return tuple(issuer for provider in providers if (issuer := _issuer(provider)))


def _issuer(provider: Json) -> TokenIssuer | None:
    """Whose tokens a provider of the API is about, if it is one of tokens."""
    match AuthMode(provider["authenticationType"]):
        case AuthMode.AMAZON_COGNITO_USER_POOLS:
            pool = _configuration(provider, "userPoolConfig")
            return UserPool(
                pool["userPoolId"],
                pool["awsRegion"],
                _expression(pool.get("appIdClientRegex"), "appIdClientRegex"),
                pool.get("defaultAction", "ALLOW"),
            )
        case AuthMode.OPENID_CONNECT:
            config = _configuration(provider, "openIDConnectConfig")
            return OpenIdProvider(
                config["issuer"],
                _expression(config.get("clientId"), "clientId"),
                # In milliseconds, and as the template wrote them.
                since_sign_in_s=int(config.get("authTTL") or 0) / 1000,
                since_issue_s=int(config.get("iatTTL") or 0) / 1000,
            )
        case _:
            return None


def _authorizer(provider: Json) -> Authorizer | None:
    if provider["authenticationType"] != AuthMode.AWS_LAMBDA:
        return None
    config = _configuration(provider, "lambdaAuthorizerConfig")
    return Authorizer(
        config["authorizerUri"],
        int(config.get("authorizerResultTtlInSeconds") or 0),
        _expression(config.get("identityValidationExpression"), "identityValidationExpression"),
    )


def _configuration(provider: Json, member: str) -> Json:
    if member in provider:
        return provider[member]
    raise DeploymentError(f"the mode {provider['authenticationType']} has no {member}")


def _expression(text: str | None, member: str) -> str | None:
    try:
        re.compile(text or "")
    except re.error as error:
        raise DeploymentError(f"{member} is not a regular expression: {error}") from None
    return text or None


def object_fields(sdl: str) -> Mapping[str, frozenset[str]]:
    """The fields of each object type that a schema defines or extends.

    Raises DeploymentError where it does not parse.
    """
    fields: dict[str, frozenset[str]] = {}
    try:
        nodes = parse(sdl, no_location=True).definitions
    except GraphQLSyntaxError as error:
        raise DeploymentError(f"the schema does not parse: {error}") from None
    for node in nodes:
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
            names = frozenset(each.name.value for each in node.fields or ())
            fields[node.name.value] = fields.get(node.name.value, frozenset()) | names
    return fields


def check_fields(resolvers: Iterable[FieldKey], sdl: str) -> None:
    """CreateResolver refuses a field that the schema does not have; the engine takes it.

    Raises DeploymentError.
    """
    fields = object_fields(sdl)
    for type_name, field_name in resolvers:
        if type_name not in fields:
            raise DeploymentError(
                f"resolver {type_name}.{field_name}: Type {type_name} not found in the schema"
            )
        if field_name not in fields[type_name]:
            raise DeploymentError(
                f"resolver {type_name}.{field_name}: "
                f"No field named {field_name} found on type {type_name}"
            )


def _read_sdl(client: AppSyncClient, api_id: str) -> str:
    try:
        answer = client.get_introspection_schema(apiId=api_id, format="SDL", includeDirectives=True)
    except client.exceptions.GraphQLSchemaException:
        raise DeploymentError(
            f"API {api_id} has no schema: deploy its AWS::AppSync::GraphQLSchema first"
        ) from None
    return answer["schema"].read().decode()


def _read_keys(client: AppSyncClient, api_id: str) -> tuple[ApiKey, ...]:
    listed = _listed(client, "list_api_keys", "apiKeys", apiId=api_id)
    # The engine keeps the number of seconds as the template wrote it, even as a string.
    return tuple(ApiKey(key["id"], int(key["expires"])) for key in listed)


def _read_environment(client: AppSyncClient, api_id: str) -> Mapping[str, str]:
    answer = client.get_graphql_api_environment_variables(apiId=api_id)
    return answer.get("environmentVariables", {})


def _listed(client: AppSyncClient, call: str, member: str, **arguments: str) -> Iterable[Json]:
    # Json, as the paginator of a call given by name is not typed.
    paginator: Json = client.get_paginator(call)  # type: ignore[call-overload]
    for page in paginator.paginate(**arguments):
        yield from page[member]


def _data_source(described: Json, region: str) -> DataSource:
    name = described["name"]
    match described["type"]:
        case "NONE":
            return NoneSource(name)
        case "AMAZON_DYNAMODB":
            return _table_source(name, described["dynamodbConfig"], region)
        case "AWS_LAMBDA":
            return FunctionSource(name, described["lambdaConfig"]["lambdaFunctionArn"])
        case other:
            raise DeploymentError(
                f"data source {name} is of type {other}; "
                "the local AppSync runs NONE, AMAZON_DYNAMODB and AWS_LAMBDA"
            )


def _table_source(name: str, config: Json, region: str) -> TableSource:
    if config["awsRegion"] != region:
        raise DeploymentError(
            f"data source {name} is a table in {config['awsRegion']}; "
            f"the local AppSync of {region} only reads tables of its own Region"
        )
    return TableSource(name, config["tableName"])


def _step(name: str, described: Json, sources: Mapping[str, DataSource]) -> Step:
    source = sources.get(described.get("dataSourceName", ""))
    if source is None:
        raise DeploymentError(
            f"{name} names the data source {described.get('dataSourceName')!r}, "
            "which the API does not have"
        )
    return Step(
        name, _code(name, described), source, described.get("maxBatchSize") or DEFAULT_BATCH_SIZE
    )


def _code(name: str, described: Json) -> str:
    if code := described.get("code"):
        return str(code)
    raise DeploymentError(f"{name} has no APPSYNC_JS code; mapping templates are not run locally")


def _resolver(
    described: Json, sources: Mapping[str, DataSource], functions: Mapping[str, Step]
) -> Resolver:
    name = f"resolver {described['typeName']}.{described['fieldName']}"
    if described.get("kind", "UNIT") == "UNIT":
        return UnitResolver(_step(name, described, sources))
    ids = described.get("pipelineConfig", {}).get("functions", [])
    if missing := [function_id for function_id in ids if function_id not in functions]:
        raise DeploymentError(f"{name} names functions that the API does not list: {missing}")
    return PipelineResolver(_code(name, described), tuple(functions[each] for each in ids))
