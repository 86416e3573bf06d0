"""A function of a stack, whose writes are announced as those of clients are."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from typing import Any

from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.subscriber import subscriber
from antipode_tools.world.engine.aws import Aws
from tests.e2e.clients import heard, new_id

CODE = """
import os
import boto3

def handler(event, context):
    boto3.client("dynamodb").put_item(**event)
    return os.environ["AWS_ENDPOINT_URL"]
"""


def called(world: WorldFile, code: str, event: Any) -> Any:
    """What the function answers in a Region, where it is for this one call."""
    aws = Aws(world.engine_url)
    functions = aws.session.client("lambda", **aws.at(code))
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as file:
        file.writestr("index.py", CODE)
    name = f"writes-{new_id()}"
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Role="arn:aws:iam::000000000000:role/any",
        Handler="index.handler",
        Timeout=60,
        Code={"ZipFile": zipped.getvalue()},
    )
    try:
        answer = functions.invoke(FunctionName=name, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())
    finally:
        functions.delete_function(FunctionName=name)


async def test_a_function_writes_where_its_writes_are_noticed(world: WorldFile) -> None:
    """Shows that what a function puts into a table in one Region is announced in the other, and
    that it calls AWS at the address at which writes are noticed: a poll would notice them, too."""
    ireland, sydney = (world.regions[code] for code in ("eu-west-1", "ap-southeast-2"))
    item = {"id": new_id(), "item": "a function's"}
    written = {
        "TableName": sydney.tables["ItemsModel"],
        "Item": {name: {"S": value} for name, value in item.items()},
    }
    async with subscriber(ireland) as there:
        await there.subscribe(
            "subscription ($id: ID) { onCreateItemsModel(id: $id) { id item } }", id=item["id"]
        )
        assert await asyncio.to_thread(called, world, sydney.code, written) == world.engine_url
        assert await heard(there) == {"onCreateItemsModel": item}
