"""Wires the canary together once a process: it looks once for each event of its schedule, and takes
part in a probe where it is asked to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import partial

import boto3
from antipode.canary import sign_in
from antipode.canary.beat import Canary
from antipode.canary.graphql import Graphql
from antipode.canary.order import as_answer, ordered
from antipode.canary.probing import Prober
from antipode.canary.protocol import Sign
from antipode.canary.realtime import Realtime, connected
from antipode.canary.report import report
from antipode.canary.settings import Settings
from antipode.canary.signing import signer
from antipode.errors import SettingsError
from antipode.idle import never_stale
from antipode.json_values import Json
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.credentials import Credentials

# For each step: to connect, to be accepted, to be answered.
TIMEOUT_S = 10.0
# Kept back of a probe, to answer.
RESERVE_S = 2.0

settings = Settings.from_env(os.environ)
logger = Logger()


def credentials() -> Credentials:
    """The function's own, as Lambda gave them to this process."""
    return Credentials(
        os.environ["AWS_ACCESS_KEY_ID"],
        os.environ["AWS_SECRET_ACCESS_KEY"],
        os.environ.get("AWS_SESSION_TOKEN"),
    )


def signs_in() -> Callable[[], Sign]:
    """How clients of the API's mode sign in.

    Raises:
        SettingsError: a canary cannot, in this mode.
    """
    match settings.auth_mode:
        case "API_KEY":
            client = never_stale(boto3.client("appsync"))
            return partial(sign_in.by_api_key, client, settings.api_id)
        case "AWS_LAMBDA":
            secrets = never_stale(boto3.client("secretsmanager"))
            return partial(sign_in.by_token, secrets, settings)
        case "AWS_IAM":
            return lambda: signer(settings.region, credentials)
        case mode:
            raise SettingsError("AUTH_MODE", f"is {mode}, in which nobody signs in but users")


@dataclass(frozen=True)
class NetworkApi:
    """The Region's API. Signs in anew for each request, since a key may be another by then."""

    sign_in: Callable[[], Sign]

    def execute(
        self, document: str, variables: Mapping[str, Json] | None = None
    ) -> Mapping[str, Json]:
        """Raises CanaryError if it refuses."""
        with self.writing() as graphql:
            return graphql.execute(document, variables)

    @contextmanager
    def writing(self) -> Iterator[Graphql]:
        """Signs in once. Raises CanaryError if it cannot."""
        with closing(Graphql(settings.graphql_url, self.sign_in(), timeout=TIMEOUT_S)) as graphql:
            yield graphql

    @contextmanager
    def listening(
        self, documents: Sequence[str], variables: Mapping[str, Json]
    ) -> Iterator[Realtime]:
        """Raises CanaryError if it is refused."""
        urls = settings.realtime_url, settings.graphql_url
        with connected(*urls, self.sign_in(), timeout=TIMEOUT_S) as realtime:
            for document in documents:
                realtime.subscribe(document, variables, timeout=TIMEOUT_S)
            yield realtime


api = NetworkApi(signs_in())
prober = Prober(api, settings.region, settings.model)
canary = Canary(
    api=api,
    region=settings.region,
    regions=settings.regions,
    model=settings.model,
    now=time.time,
    clock=time.monotonic,
)


@logger.inject_lambda_context
def handler(event: Json, context: LambdaContext) -> Json:
    """Looks once, and says what it found to whoever called it by hand; or takes part in a probe."""
    if order := ordered(event):
        seconds = context.get_remaining_time_in_millis() / 1000 - RESERVE_S
        return as_answer(prober.probe(order, seconds=seconds))
    found = canary.look()
    report(found, logger=logger, namespace=settings.namespace)
    return asdict(found)
