"""Deploys the built project as a stack in each Region, all of them in parallel."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, cast

import yaml

from antipode_tools.project.config import WorldConfig
from antipode_tools.project.regions import Region
from antipode_tools.project.yaml_loader import SafeLoader
from antipode_tools.world.deployment import deployed_stack, table_changes
from antipode_tools.world.deployment.declared_tables import (
    expiring_tables,
    table_names,
    tables_of,
    wanted_replicas,
)
from antipode_tools.world.deployment.deployed_stack import Stack
from antipode_tools.world.deployment.expansion import Place, Template, TemplateRefused, defaults
from antipode_tools.world.deployment.localise import SAM_TRANSFORM, localise, shared_name
from antipode_tools.world.deployment.resolver_check import check_resolvers
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.engine.environment import ACCOUNT
from antipode_tools.world.engine.sam import Sam
from antipode_tools.world.errors import WorldError, unchangeable
from antipode_tools.world.progress import Report, step
from antipode_tools.world.serving.sign_in import stand_ins
from antipode_tools.world.together import together
from localaws.dynamodb import replicas
from localaws.dynamodb.expiry import ExpiringTable
from localaws.route53.records import Routing

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3.literals import BucketLocationConstraintType


@dataclass(frozen=True)
class Deployed:
    """What a deployment made.

    Args:
        stacks: by the Regions' codes, as the templates are.
        templates: as they were sent to the engine.
        routing: what each Region adds to the shared name, by its code.
    """

    stacks: Mapping[str, Stack]
    templates: Mapping[str, Template]
    routing: Mapping[str, Routing] = field(default_factory=dict)

    @property
    def expiring(self) -> dict[str, Sequence[ExpiringTable]]:
        """The tables with a time to live, by the code of the Region that owns them."""
        return {code: expiring_tables(template) for code, template in self.templates.items()}

    @property
    def replicated(self) -> dict[str, list[str]]:
        """The Regions of each global table."""
        owned = map(wanted_replicas, self.templates.values())
        return {table: regions for tables in owned for table, regions in tables.items()}

    @property
    def models(self) -> set[str]:
        """The names of the models."""
        return {model for stack in self.stacks.values() for model in stack.tables}

    @property
    def indexes(self) -> dict[str, list[str]]:
        """The names of each table's indexes."""
        return {
            name: [index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])]
            for template in self.templates.values()
            for name, table in tables_of(template).items()
        }


@dataclass(frozen=True)
class Deployment:
    """The project's stacks on one engine.

    Args:
        api: by each Region's code, the attributes that its API has on this machine.
        gateways: the same for its HTTP API, in the Regions that have the shared name.
    """

    config: WorldConfig
    aws: Aws
    api: Mapping[str, Mapping[str, str]]
    report: Report
    gateways: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def _source(self) -> Template:
        text = self.config.built.read_text(encoding="utf-8")
        source: Template = yaml.load(text, SafeLoader)
        return source

    @cached_property
    def _templates(self) -> dict[str, Template]:
        return {each.code: self._localised(each) for each in self.config.regions}

    async def deploy(self) -> Deployed:
        """Deploy what was built, as new stacks.

        Raises:
            WorldError: a Region refused it.
        """
        regions = self.config.regions
        await together(
            *(self._deploy(each, self._parameters(each)) for each in regions),
            *(self._replicate(each) for each in regions),
        )
        return await self._deployed()

    async def check(self, before: Deployed) -> None:
        """Check that what was built can be deployed over the running stacks.

        Raises:
            WorldError: a running world cannot take it.
        """
        if self._routing() != before.routing:
            raise unchangeable("the shared name and its records are served as at the start")
        for region in self.config.regions:
            wanted = tables_of(self._templates[region.code])
            owned = await asyncio.to_thread(deployed_stack.resources, self.aws, region)
            home = self._dynamodb(region.code)
            found = await asyncio.to_thread(table_changes.find, home, list(wanted), owned)
            refused = table_changes.refusals(wanted, found)
            named = (table_names(each[region.code]) for each in (before.templates, self._templates))
            if refused := [*table_changes.renamed(*named), *refused]:
                raise unchangeable("; ".join(refused))

    async def update(self, before: Deployed) -> Deployed:
        """Deploy what was built over the running stacks.

        Where tables change, their owner's stack goes first, alone: the others need its replicas,
        and must stay as they are if it is refused.

        Raises:
            WorldError: a Region refused it.
        """
        owners = [each for each in self.config.regions if self._changes_tables(each, before)]
        for region in owners:
            await self._redeploy(region)
            await self._replicate(region)
        others = [each for each in self.config.regions if each not in owners]
        await together(*map(self._redeploy, others))
        return await self._deployed()

    def _changes_tables(self, region: Region, before: Deployed) -> bool:
        code = region.code
        return tables_of(self._templates[code]) != tables_of(before.templates[code])

    async def _deployed(self) -> Deployed:
        stacks = {
            region.code: await asyncio.to_thread(deployed_stack.read, self.aws, region)
            for region in self.config.regions
        }
        return Deployed(stacks, self._templates, self._routing())

    async def _redeploy(self, region: Region) -> None:
        running = await asyncio.to_thread(deployed_stack.parameters, self.aws, region)
        chosen = self._parameters(region)
        await self._deploy(region, chosen | unlike(running, defaults(self._source) | chosen))

    def _routing(self) -> dict[str, Routing]:
        found = {
            region.code: shared_name(
                self._source, place=self._place(region), parameters=self._parameters(region)
            )
            for region in self.config.regions
            if region.code in self.gateways
        }
        return {code: routing for code, routing in found.items() if routing is not None}

    def _place(self, region: Region) -> Place:
        code = region.code
        return Place(code, ACCOUNT, region.stack, self.api[code], self.gateways.get(code, {}))

    def _parameters(self, region: Region) -> dict[str, str]:
        regions = ",".join(each.code for each in self.config.regions)
        home = self.config.regions[0].code
        return {
            **development(self._source),
            **region.parameters,
            **stand_ins(self._source, region.parameters, home),
            "Regions": regions,
        }

    def _localised(self, region: Region) -> Template:
        try:
            template = localise(
                self._source,
                place=self._place(region),
                parameters=self._parameters(region),
                read=lambda path: (self.config.built.parent / path).read_text(encoding="utf-8"),
            )
            check_resolvers(template)
        except (TemplateRefused, OSError) as error:
            raise WorldError("template.yaml cannot be deployed", str(error)) from error
        return template

    async def _deploy(self, region: Region, parameters: Mapping[str, str]) -> None:
        # Beside the built template, since its paths are relative to where it is.
        file = self.config.built.with_name(f"{region.name}.json")
        file.write_text(json.dumps(self._templates[region.code]), encoding="utf-8")
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
                # With a session of its own: other Regions may be failing at the same time.
                why = await asyncio.to_thread(
                    deployed_stack.failure, Aws(self.aws.endpoint), region
                )
                raise replace(error, why=why or error.why) from error

    async def _replicate(self, region: Region) -> None:
        home = self._dynamodb(region.code)
        for table, regions in wanted_replicas(self._templates[region.code]).items():
            await replicas.complete(home, table, regions, self._dynamodb)

    def _dynamodb(self, code: str) -> DynamoDBClient:
        return self.aws.session.client("dynamodb", **self.aws.at(code))


def development(template: Template) -> dict[str, str]:
    """Default parameters of a development stack, which turn introspection on; the project's own
    parameters override them."""
    return {"Introspection": "ENABLED"} if "Introspection" in template.get("Parameters", {}) else {}


def unlike(running: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """The wanted parameters whose values in the running stack differ.

    They must be named: for the others, the SAM CLI has the stack keep its value, whatever the
    template's default is now.
    """
    return {name: value for name, value in wanted.items() if running.get(name, value) != value}


def prepare(aws: Aws, regions: Sequence[Region]) -> None:
    """Make an engine ready for deployments; this can run while the build is under way."""
    for region in regions:
        _make_bucket(aws, region)
    _warm(aws, regions[0])


def _bucket(region: Region) -> str:
    """The bucket for the SAM CLI's artefacts. The one it makes with `--resolve-s3` would be
    one more stack per Region."""
    return f"artefacts-{region.code}"


def _make_bucket(aws: Aws, region: Region) -> None:
    s3 = aws.session.client("s3", **aws.at(region.code))
    if region.code == "us-east-1":  # the one Region that must not be named
        s3.create_bucket(Bucket=_bucket(region))
        return
    place = cast("BucketLocationConstraintType", region.code)
    s3.create_bucket(
        Bucket=_bucket(region), CreateBucketConfiguration={"LocationConstraint": place}
    )


def _warm(aws: Aws, region: Region) -> None:
    """Have the engine load CloudFormation and the SAM transform, which takes four seconds."""
    cloudformation = aws.session.client("cloudformation", **aws.at(region.code))
    template = {"Transform": SAM_TRANSFORM, "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    cloudformation.create_change_set(
        StackName="warm-up",
        ChangeSetName="warm-up",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(template),
    )
    cloudformation.delete_stack(StackName="warm-up")
