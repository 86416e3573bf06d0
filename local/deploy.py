"""From the built project to a stack in each Region, all of them deployed side by side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import yaml

from local import replicas, stack
from local.authorization import stand_ins
from local.aws import Aws
from local.config import Region, WorldConfig
from local.environment import ACCOUNT
from local.errors import WorldError
from local.expiry import ExpiringTable
from local.localise import (
    SAM_TRANSFORM,
    Place,
    Template,
    TemplateRefused,
    expiring_tables,
    localise,
    shared_name,
    wanted_replicas,
)
from local.progress import Report, step
from local.routing.records import Routing
from local.sam import Sam
from local.stack import Stack
from local.together import together

if TYPE_CHECKING:
    from mypy_boto3_s3.literals import BucketLocationConstraintType


@dataclass(frozen=True)
class Deployed:
    """What a deployment made.

    Args:
        stacks: by the Regions' codes.
        expiring: the tables with a time to live, by the code of the Region that owns them.
        routing: what each Region adds to the shared name, by its code.
    """

    stacks: Mapping[str, Stack]
    expiring: Mapping[str, Sequence[ExpiringTable]]
    routing: Mapping[str, Routing] = field(default_factory=dict)


@dataclass(frozen=True)
class Deployment:
    """The project's stacks on one engine.

    Args:
        api: for each Region's code, what the attributes of its API are on this machine.
        gateways: the same of its HTTP API, for the Regions that have the shared name.
    """

    config: WorldConfig
    aws: Aws
    api: Mapping[str, Mapping[str, str]]
    report: Report
    gateways: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    async def deploy(self) -> Deployed:
        """Deploy what was built.

        Raises:
            WorldError: a Region refused it.
        """
        source = yaml.safe_load(self.config.built.read_text(encoding="utf-8"))
        templates = {region.code: self._localised(source, region) for region in self.config.regions}
        await together(
            *(
                self._deploy(region, templates[region.code], self._parameters(source, region))
                for region in self.config.regions
            ),
            *(self._replicate(region, templates[region.code]) for region in self.config.regions),
        )
        stacks = {
            region.code: await asyncio.to_thread(stack.read, self.aws, region)
            for region in self.config.regions
        }
        expiring = {code: expiring_tables(template) for code, template in templates.items()}
        return Deployed(
            stacks,
            {code: tables for code, tables in expiring.items() if tables},
            self._routing(source),
        )

    def _routing(self, source: Template) -> dict[str, Routing]:
        found = {
            region.code: shared_name(
                source, place=self._place(region), parameters=self._parameters(source, region)
            )
            for region in self.config.regions
            if region.code in self.gateways
        }
        return {code: routing for code, routing in found.items() if routing is not None}

    def _place(self, region: Region) -> Place:
        code = region.code
        return Place(code, ACCOUNT, region.stack, self.api[code], self.gateways.get(code, {}))

    def _parameters(self, source: Template, region: Region) -> dict[str, str]:
        regions = ",".join(each.code for each in self.config.regions)
        home = self.config.regions[0].code
        return {
            **region.parameters,
            **stand_ins(source, region.parameters, home),
            "Regions": regions,
        }

    def _localised(self, source: Template, region: Region) -> Template:
        try:
            return localise(
                source,
                place=self._place(region),
                parameters=self._parameters(source, region),
                read=lambda path: (self.config.built.parent / path).read_text(encoding="utf-8"),
            )
        except (TemplateRefused, OSError) as error:
            raise WorldError("template.yaml cannot be deployed", str(error)) from error

    async def _deploy(
        self, region: Region, template: Template, parameters: Mapping[str, str]
    ) -> None:
        # Beside the built one, since its paths are relative to where it lies.
        file = self.config.built.with_name(f"{region.name}.json")
        file.write_text(json.dumps(template), encoding="utf-8")
        with step(self.report, region.name, f"stack {region.stack} in {region.code}"):
            try:
                await Sam(self.config).deploy(
                    region,
                    template=file,
                    parameters=parameters,
                    bucket=_bucket(region),
                    endpoint=self.aws.endpoint,
                    log=self.config.logs / f"{region.name}.log",
                )
            except WorldError as error:
                # With a session of its own: the other Regions may fail in this moment, too.
                why = await asyncio.to_thread(stack.failure, Aws(self.aws.endpoint), region)
                raise replace(error, why=why or error.why) from error

    async def _replicate(self, region: Region, template: Template) -> None:
        home = self.aws.session.client("dynamodb", **self.aws.at(region.code))
        for table, regions in wanted_replicas(template).items():
            await replicas.create(home, table, regions)


def prepare(aws: Aws, regions: Sequence[Region]) -> None:
    """Make an engine ready for deployments, which can be done while the build is under way."""
    for region in regions:
        _make_bucket(aws, region)
    _warm(aws, regions[0])


def _bucket(region: Region) -> str:
    """Where the SAM CLI puts what it deploys. Its own, which it would make by `--resolve-s3`, is
    a stack more for each Region."""
    return f"artefacts-{region.code}"


def _make_bucket(aws: Aws, region: Region) -> None:
    s3 = aws.session.client("s3", **aws.at(region.code))
    if region.code == "us-east-1":  # the one that may not be named
        s3.create_bucket(Bucket=_bucket(region))
        return
    place = cast("BucketLocationConstraintType", region.code)
    s3.create_bucket(
        Bucket=_bucket(region), CreateBucketConfiguration={"LocationConstraint": place}
    )


def _warm(aws: Aws, region: Region) -> None:
    """Have the engine load CloudFormation and the SAM transform: four seconds at first use."""
    cloudformation = aws.session.client("cloudformation", **aws.at(region.code))
    template = {"Transform": SAM_TRANSFORM, "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    cloudformation.create_change_set(
        StackName="warm-up",
        ChangeSetName="warm-up",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(template),
    )
    cloudformation.delete_stack(StackName="warm-up")
