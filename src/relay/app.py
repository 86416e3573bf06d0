"""Wires the relay together once a process, and hands it each batch of stream records."""

import asyncio
import os
import time
from pathlib import Path

from antipode.fetching import fetch
from antipode.json_values import Json
from antipode.relay import documents
from antipode.relay.appsync import AppSync
from antipode.relay.connecting import Connector
from antipode.relay.credentials import LambdaCredentials
from antipode.relay.pace import Pace
from antipode.relay.relay import Relay
from antipode.relay.report import report
from antipode.relay.response import response
from antipode.relay.settings import Settings
from antipode.relay.signing import Signer
from antipode.relay.sqs import SqsQueue
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

# Kept back of each invocation, to send a last change to the queue and to report what was not done.
RESERVE_S = 5.0

# One loop for the life of the process: its connections are kept while the function is frozen.
runner = asyncio.Runner()
settings = Settings.from_env(os.environ)
logger = Logger()
credentials = LambdaCredentials(os.environ, fetch, time.time)
signer = Signer(settings.graphql_url, settings.region, credentials, time.time)
relay = Relay(
    models=documents.load(Path(__file__).with_name("publish.json").read_text()),
    publisher=AppSync(settings.graphql_url, signer, Connector(settings.graphql_url)),
    queue=SqsQueue(settings.queue_url, settings.region),
    table_prefix=settings.table_prefix,
    tables=settings.tables,
    region=settings.region,
    pace=Pace(settings.lanes, settings.publish_rate),
)


@logger.inject_lambda_context
def handler(event: Json, context: LambdaContext) -> Json:
    """Publishes a batch, and names the first record that Lambda has to send again."""
    seconds = context.get_remaining_time_in_millis() / 1000 - RESERVE_S
    tasks = runner.run(relay.publish(event, seconds=seconds))
    report(
        tasks,
        logger=logger,
        namespace=settings.namespace,
        each=settings.log_changes,
    )
    return response(event, tasks)
