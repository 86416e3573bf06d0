"""A stack that is updated in a running world: what was deployed is served, as on AWS."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import boto3
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project import world_file
from antipode_tools.project.config import project_root
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import subscriber
from antipode_tools.world.engine.aws import Aws
from tests.e2e.clients import HEARD_WITHIN_S, ask, heard, new_id


def uploaded(aws: Aws, code: str, template: Any) -> str:
    """Where CloudFormation reads it: it is over the 51,200 bytes that a call may hold."""
    bucket, key = f"artefacts-{code}", "redeployed.json"
    s3 = aws.session.client("s3", **aws.at(code))
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(template).encode())
    return f"{aws.endpoint}/{bucket}/{key}"


def deployed(world: WorldFile, code: str) -> Any:
    """The template of a Region's stack."""
    cloudformation = boto3.Session("test", "test").client(
        "cloudformation", **Aws(world.engine_url).at(code)
    )
    template: Any = cloudformation.get_template(StackName=world.regions[code].stack)["TemplateBody"]
    return json.loads(template) if isinstance(template, str) else template


def changed(template: Any, schema: str, **outputs: str) -> Any:
    """A template with another schema and more outputs."""
    of_schema = template["Resources"]["Schema"]["Properties"]
    inline = {name: each for name, each in of_schema.items() if name != "DefinitionS3Location"}
    with_schema = {"Properties": {**inline, "Definition": schema}}
    more = {name: {"Value": value} for name, value in outputs.items()}
    return {
        **template,
        "Resources": {
            **template["Resources"],
            "Schema": {**template["Resources"]["Schema"], **with_schema},
        },
        "Outputs": {**template["Outputs"], **more},
    }


def deploy(world: WorldFile, code: str, template: Any) -> None:
    """Update a Region's stack."""
    aws = Aws(world.engine_url)
    cloudformation = boto3.Session("test", "test").client("cloudformation", **aws.at(code))
    name = world.regions[code].stack
    cloudformation.update_stack(
        StackName=name,
        TemplateURL=uploaded(aws, code, template),
        Parameters=[
            {"ParameterKey": each["ParameterKey"], "UsePreviousValue": True}
            for each in cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Parameters"]
        ],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )


async def asked(region: WorldRegion, document: str) -> Any:
    """The answer, as soon as the API takes the document."""
    async with asyncio.timeout(HEARD_WITHIN_S):
        while True:
            try:
                return await ask(region, document)
            except TransportQueryError:
                await asyncio.sleep(0)


async def told(world: WorldFile, code: str, tables: dict[str, str]) -> None:
    """Wait until world.json tells of these tables of a Region."""
    file = world.logs.parent / "world.json"
    async with asyncio.timeout(HEARD_WITHIN_S):
        while world_file.read(file).regions[code].tables != tables:
            await asyncio.sleep(0)


async def test_what_is_deployed_while_the_world_runs_is_served_and_listed(
    world: WorldFile, sydney: WorldRegion
) -> None:
    before = deployed(world, "ap-southeast-2")
    schema = (project_root() / "graphql" / "schema.graphql").read_text()
    item = new_id()
    async with subscriber(sydney) as there:
        await there.subscribe(f'subscription {{ onCreateItemsModel(id: "{item}") {{ id }} }}')
        wider = schema.replace("  item: String\n", "  item: String\n  more: Int\n")
        deploy(world, "ap-southeast-2", changed(before, wider, MoreTableName="more"))
        create = f'createItemsModel(input: {{id: "{item}", item: "a", more: 7}}) {{ more }}'
        assert await asked(sydney, f"mutation {{ {create} }}") == {"createItemsModel": {"more": 7}}
        assert await heard(there) == {"onCreateItemsModel": {"id": item}}
    await told(world, "ap-southeast-2", {**sydney.tables, "More": "more"})
    deploy(world, "ap-southeast-2", before)
    # As it was, for the tests that share the world.
    await told(world, "ap-southeast-2", dict(sydney.tables))
