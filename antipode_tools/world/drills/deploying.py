"""Deploys a world's stacks again while it runs, as anybody may, and puts back what was there."""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError, WaiterError

from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.errors import WorldError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

Template = Mapping[str, Any]

_NOTHING_NEW = "No updates are to be performed"  # of CloudFormation, which calls it an error

# What the drill's clients write, which its model has, and what the model gets beside it.
_FIELD, _MORE = "  item: String\n", "  ofTheDrill: Int\n"


class Stacks:
    """The stacks of a running world."""

    def __init__(self, world: WorldFile) -> None:
        self._world, self._aws = world, Aws(world.engine_url)
        self._before: dict[str, Template] = {}
        # Whoever is cancelled leaves a deployment to its thread: what is put back waits for it.
        self._one_at_a_time = threading.Lock()

    def deploy(self, region: WorldRegion, settings: Mapping[str, str], *, wider: bool) -> None:
        """Deploy a Region's stack with other settings of its relay.

        Args:
            settings: names and values in the function's environment.
            wider: whether the model has one more field.

        Raises:
            WorldError: the stack could not be deployed.
        """
        with self._one_at_a_time:
            before = self._before.setdefault(region.code, self._template(region))
            self._update(region, changed(before, settings, wider=wider))

    def restore(self) -> None:
        """Deploy each stack as it was, if it was changed.

        Raises:
            WorldError: one could not be deployed.
        """
        with self._one_at_a_time:
            for code, before in [*self._before.items()]:
                self._update(self._world.regions[code], before)
                del self._before[code]

    def _template(self, region: WorldRegion) -> Template:
        # botocore reads a template of JSON, whatever its types say.
        told: Any = self._stacks(region).get_template(StackName=region.stack)["TemplateBody"]
        return cast(Template, told)

    def _update(self, region: WorldRegion, template: Template) -> None:
        # It is over the 51,200 bytes that a call may hold.
        bucket, key = f"artefacts-{region.code}", "drill.json"
        s3 = self._aws.session.client("s3", **self._aws.at(region.code))
        s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(template).encode())
        stacks = self._stacks(region)
        try:
            stacks.update_stack(
                StackName=region.stack,
                TemplateURL=f"{self._aws.endpoint}/{bucket}/{key}",
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
            )
            waiting = stacks.get_waiter("stack_update_complete")
            waiting.wait(StackName=region.stack, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        except (ClientError, WaiterError) as error:
            if _NOTHING_NEW in str(error):
                return
            raise WorldError(f"{region.name} could not be deployed again", str(error)) from error

    def _stacks(self, region: WorldRegion) -> CloudFormationClient:
        return self._aws.session.client("cloudformation", **self._aws.at(region.code))


def changed(template: Template, settings: Mapping[str, str], *, wider: bool) -> Template:
    """A Region's template with other settings of the relay, and a wider model."""
    new = copy.deepcopy(dict(template))
    resources = new["Resources"]
    resources["RelayFunction"]["Properties"]["Environment"]["Variables"] |= settings
    if wider:
        schema = resources["Schema"]["Properties"]
        schema["Definition"] = schema["Definition"].replace(_FIELD, _FIELD + _MORE)
    return new
