"""Invites somebody to a board: what @function calls, with Amplify's event."""

from datetime import UTC, datetime
from typing import Any

from antipode.json_values import Json
from aws_lambda_powertools import Logger

logger = Logger()


@logger.inject_lambda_context
def handler(event: Json, context: Any) -> Json:
    """The invitation, as Mutation.inviteMember answers it.

    `event` has the field (`typeName`, `fieldName`), its `arguments`, who calls (`identity`, null
    for an API key), the `source` that the field is of, the `request` with its headers, and what the
    step before found (`prev`).
    """
    arguments = event["arguments"]
    logger.info("invited", board=arguments["boardId"])
    return {**arguments, "sentAt": datetime.now(UTC).isoformat(timespec="milliseconds")}
