"""The schema that a running world serves."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.errors import WorldError


def deployed_schema(world: WorldFile) -> str:
    """The schema of a running world: from the control plane, since introspection may be off.

    Raises:
        WorldError: the engine does not answer.
    """
    code, region = list(world.regions.items())[-1]
    aws = Aws(world.engine_url)
    appsync = aws.session.client("appsync", **aws.at(code))
    try:
        answer = appsync.get_introspection_schema(apiId=region.api_id, format="SDL")
    except (BotoCoreError, ClientError) as error:
        raise WorldError("the world's schema cannot be read", str(error), log=world.logs) from error
    return answer["schema"].read().decode()
