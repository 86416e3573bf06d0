"""A Region's data plane on this machine: its address, and the API that it serves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from antipode_tools.project.world_file import Urls
from antipode_tools.world.deployment.deployed_stack import Stack
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.errors import WorldError
from localaws.appsync.control_plane import read_api
from localaws.appsync.deployed import DeploymentError
from localaws.appsync.key_sets import Fetch
from localaws.appsync.plane import CALLS_AT_ONCE, DataPlane
from localaws.appsync.ports import Evaluator
from localaws.appsync.schema import SchemaError
from localaws.dynamodb.writes import Tables, tables_written
from localaws.iam.policies import simulator
from localaws.iam.principals import Principal
from localaws.sockets import HOST

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from mypy_boto3_dynamodb import DynamoDBClient


# Where botocore's context of a call holds the tables that it writes to.
_TABLES = "antipode.tables"


@dataclass(frozen=True)
class Address:
    """Where a Region's data plane is, on this machine."""

    port: int
    tls_port: int | None = None

    @property
    def host(self) -> str:
        """The host with its port."""
        return f"{HOST}:{self.port}"

    @property
    def hosts(self) -> frozenset[str]:
        """Every name by which a client may call it."""
        names = (HOST, "localhost")
        ports = [port for port in (self.port, self.tls_port) if port is not None]
        return frozenset({*names, *(f"{name}:{port}" for name in names for port in ports)})

    @property
    def graphql_url(self) -> str:
        return f"http://{self.host}/graphql"

    @property
    def realtime_url(self) -> str:
        return f"ws://{self.host}/graphql/realtime"

    @property
    def tls(self) -> Urls | None:
        """The addresses over TLS, if it is served over TLS."""
        if self.tls_port is None:
            return None
        host = f"{HOST}:{self.tls_port}"
        return Urls(f"https://{host}/graphql", f"wss://{host}/graphql/realtime")

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that CloudFormation's GetAtt returns for the API."""
        return {
            "GraphQLUrl": self.graphql_url,
            "RealtimeUrl": self.realtime_url,
            "GraphQLDns": self.host,
            "RealtimeDns": self.host,
        }


async def open_plane(
    aws: Aws,
    region: str,
    stack: Stack,
    *,
    address: Address,
    principals: Mapping[str, Principal],
    evaluator: Evaluator,
    fetch: Fetch,
    written: Callable[[Tables], None],
) -> DataPlane:
    """The data plane of a Region's API as it is deployed now, ready to be served.

    Args:
        fetch: gets the documents of tokens' issuers.
        written: called in the event loop after each write, with the tables.

    Raises:
        WorldError: the API has something that cannot be run here.
    """
    at = aws.at(region, connections=CALLS_AT_ONCE)
    dynamodb = aws.session.client("dynamodb", **at)
    _tell_of_writes(dynamodb, written)
    plane = DataPlane(
        hosts=address.hosts,
        principals=principals,
        evaluator=evaluator,
        dynamodb=dynamodb,
        functions=aws.session.client("lambda", **at),
        evaluate=simulator(aws.session.client("iam", **at)),
        fetch=fetch,
    )
    try:
        await serve_deployed(plane, aws, region, stack)
    except WorldError:
        await plane.close()
        raise
    return plane


async def serve_deployed(plane: DataPlane, aws: Aws, region: str, stack: Stack) -> None:
    """Have a plane serve its Region's API as it is deployed now.

    Raises:
        WorldError: the API has something that cannot be run here; the plane still serves the
            previous one.
    """
    appsync = aws.session.client("appsync", **aws.at(region))
    try:
        api = await asyncio.to_thread(read_api, appsync, stack.api_id, region, stack.declared)
        plane.attach(api)
    except (DeploymentError, SchemaError) as error:
        raise WorldError(f"the API of {region} cannot be served", str(error)) from error


def _tell_of_writes(client: DynamoDBClient, written: Callable[[Tables], None]) -> None:
    loop = asyncio.get_running_loop()

    # Both in the calling thread, with a context of the call's own.
    def asked(
        params: Mapping[str, Any], model: OperationModel, context: dict[str, Any], **_: object
    ) -> None:
        context[_TABLES] = tables_written(model.name, params)

    def called(context: Mapping[str, Any], **_: object) -> None:
        if context[_TABLES] != frozenset():
            loop.call_soon_threadsafe(written, context[_TABLES])

    client.meta.events.register("before-parameter-build.dynamodb", asked)
    client.meta.events.register("after-call.dynamodb", called)
