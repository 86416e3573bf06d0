"""What one Region keeps of what it announced, and who asks for it: resolvers, and moto's table."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.schema.compiler import compile_models
from antipode_tools.schema.environment import variables
from antipode_tools.schema.journal import STEPS
from localaws.appsync.answers import Answer
from localaws.appsync.data_sources import DataSources
from localaws.appsync.deployed import DataSource, PipelineResolver, Step, TableSource
from localaws.appsync.dynamodb_source import call
from localaws.appsync.javascript.evaluator import CodeRunner
from localaws.appsync.ports import Evaluation, HandlerName, Json
from localaws.appsync.resolvers import FieldContext, Run

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RELAY = "AROARELAY"


class Journal:
    """One Region's journal. Raises FieldFailed where a field ends with an error.

    Args:
        source: the models' file.
        clock: seconds since 1970, as AppSync has them.
        table: its name ends in what CloudFormation chose.
    """

    def __init__(
        self,
        client: DynamoDBClient,
        source: str,
        *,
        clock: Callable[[], float],
        region: str = "eu-west-1",
        table: str = "antipode-Journal-1A2B3C",
    ) -> None:
        self._client, self._table = client, table
        self._runner = CodeRunner(clock=clock)
        self._models = {
            model.id: model for model in compile_models(source, modes=[AuthMode.AWS_LAMBDA]).models
        }
        told = enumerate(variables(self._models.values(), modes=[AuthMode.AWS_LAMBDA]), start=1)
        self._environment = {
            "REGION": region,
            "RELAY_ROLE_ID": RELAY,
            "JOURNAL": table,
            **{f"MODELS_{number}": f";{text}" for number, text in told},
        }
        keys = {"__bucket": "HASH", "__at": "RANGE"}
        client.create_table(
            TableName=table,
            KeySchema=cast("Any", [{"AttributeName": k, "KeyType": v} for k, v in keys.items()]),
            AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
            BillingMode="PAY_PER_REQUEST",
        )

    def request(self, model: str, change: Json) -> Json:
        """What a publish is about to put, which has the time of now."""
        context = self._context(
            f"publish{change['_change']['kind'].title()}{model}",
            "Mutation",
            {"change": change},
            {"username": f"{RELAY}:relay"},
        )
        handler = context.for_handler(stash={}, prev=None, result=None, error=None, out_errors=[])
        evaluation = self._runner.run(_code("journal"), HandlerName.REQUEST, handler)
        assert evaluation.error is None, evaluation.error
        return evaluation.result

    def put(self, request: Json) -> None:
        answer = call(self._client, self._table, request)
        assert answer.error is None, answer.error

    def publish(self, model: str, change: Json) -> None:
        self.put(self.request(model, change))

    def sync(self, model: str, identity: Json = None, **arguments: Json) -> Json:
        """A page of what a client missed."""
        context = self._context(str(self._models[model].names.sync), "Query", arguments, identity)
        step = Step("step", _code("syncStep"), TableSource("journal", self._table))
        run = Run(_Inline(self._runner), cast("DataSources", self), context)
        return asyncio.run(run.resolve(PipelineResolver(_code("sync"), (step,) * len(STEPS))))

    async def call(self, source: DataSource, request: Json) -> Answer:
        """As DataSources."""
        assert isinstance(source, TableSource)
        return call(self._client, source.table, request)

    def expire(self, now: float) -> None:
        """Remove what has lived long enough, as DynamoDB does some time after."""
        for item in self._client.scan(TableName=self._table)["Items"]:
            if float(item["__expires"]["N"]) < now:
                key = {name: item[name] for name in ("__bucket", "__at")}
                self._client.delete_item(TableName=self._table, Key=key)

    def drop(self) -> None:
        self._client.delete_table(TableName=self._table)

    def _context(self, field: str, parent: str, arguments: Json, identity: Json) -> FieldContext:
        return FieldContext(
            arguments=arguments,
            source=None,
            identity=identity,
            headers={},
            info={"fieldName": field, "parentTypeName": parent},
            environment=self._environment,
        )


class _Inline:
    """Runs resolvers where it is called."""

    def __init__(self, runner: CodeRunner) -> None:
        self._runner = runner

    async def evaluate(self, code: str, function: HandlerName, context: Json) -> Evaluation:
        return self._runner.run(code, function, context)


def _code(name: str) -> str:
    return (project_root() / "graphql" / "resolvers" / f"{name}.js").read_text()
