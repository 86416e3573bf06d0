"""Wires the authorizer together once a process, and hands it each of AppSync's questions."""

import os
import time
from pathlib import Path

from antipode.authorizer import handing, scopes
from antipode.authorizer.authorizer import Authorizer
from antipode.authorizer.keys import Fetch, KeyStore
from antipode.authorizer.report import Reporter
from antipode.authorizer.settings import Settings
from antipode.json_values import Json
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext


def source(settings: Settings) -> Fetch:
    """Where the keys are. Each source has imports of its own that a cold start waits for."""
    if settings.key_set_url is not None:
        from antipode.authorizer.key_set import KeySet

        return KeySet(settings.key_set_url)
    from antipode.authorizer.secret import SecretKeys, connect

    # Now: while a function comes to life Lambda gives it a whole processor, whatever its memory.
    return SecretKeys(settings.secret, connect(settings.region))


settings = Settings.from_env(os.environ)
logger = Logger()
reporter = Reporter(logger, settings.namespace)
authorizer = Authorizer(
    store=KeyStore(source(settings), time.time, reporter.keys_failed),
    rules=settings.rules,
    grants=scopes.load(Path(__file__).with_name("fields.json").read_text()),
    cache_s=settings.cache_s,
    handing=handing.load(Path(__file__).with_name("claims.json").read_text()),
)


@logger.inject_lambda_context
def handler(event: Json, context: LambdaContext) -> Json:
    """Whether AppSync may serve the bearer of a token."""
    decision = authorizer.decide(event)
    reporter.decided(decision)
    return decision.answer
