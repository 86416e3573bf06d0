"""What clients and streams may send amiss: each gets its documented answer or silence.

And nothing else is disturbed: a subscriber that was there all the while hears of the next write.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from antipode.relay.undelivered import Undelivered, decode
from botocore.credentials import Credentials

from antipode_tools.project.config import project_root
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import subscriber
from antipode_tools.world.engine.aws import Aws
from antipode_tools.world.serving.data_plane import Address
from localaws.appsync.control_plane import read_api
from localaws.appsync.declared import read_declared
from localaws.appsync.javascript.evaluator import JavaScriptEvaluator
from localaws.appsync.plane import DataPlane
from localaws.iam.policies import simulator
from localaws.serving import serving
from localaws.sockets import listen, number
from localaws.tokens.fetching import over_http
from tests.e2e.by_hand import connected, host, live, post, request, signed
from tests.e2e.clients import ALL, ask, heard, new_id

# world.json, a Region's part of it, what a request answers: JSON.
Json = Any

CODE = "eu-west-1"

CREATE = """
mutation ($input: CreateItemsModelInput!) { createItemsModel(input: $input) { id item } }
"""
ON_CREATE = "subscription ($id: ID) { onCreateItemsModel(id: $id) { id item } }"
PUBLISH = "mutation ($change: AWSJSON!) { publishCreateItemsModel(change: $change) { id item } }"
LIST = "{ listItemsModel { nextToken } }"

# The engine gives these to every function: they stand for the relay's role.
RELAY = Credentials("000000000000", "test")

UNAUTHORIZED = {
    "errors": [
        {
            "errorType": "UnauthorizedException",
            "message": "You are not authorized to make this call.",
        }
    ]
}
UNUSABLE_FRAME = {
    "type": "error",
    "payload": {
        "errors": [
            {
                "errorType": "UnsupportedOperation",
                "message": "unknown not supported through the realtime channel",
            }
        ]
    },
}
MISMATCH = (
    "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. "
    "Consult the service documentation for details."
)


@pytest.fixture(autouse=True)
async def nothing_else_is_disturbed(
    ireland: WorldRegion, sydney: WorldRegion
) -> AsyncIterator[None]:
    """Around every test: a subscriber in Ireland, and afterwards a write in Sydney."""
    item = {"id": new_id(), "item": "ordinary"}
    async with subscriber(ireland) as there:
        await there.subscribe(ON_CREATE, id=item["id"])
        yield
        await ask(sydney, CREATE, input=item)
        assert await heard(there) == {"onCreateItemsModel": item}
        assert there.heard.empty()


# -- GraphQL over HTTP ------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b'{"query": "{ listItem', b"meow", b"{}", b"[]", b"\xff\xfe"])
async def test_a_body_that_is_not_a_request_is_refused(ireland: WorldRegion, body: bytes) -> None:
    assert await post(ireland, body) == (
        400,
        {
            "errors": [
                {
                    "errorType": "MalformedHttpRequestException",
                    "message": "Unable to parse GraphQL query.",
                }
            ]
        },
    )


@pytest.mark.parametrize(
    ("query", "column", "message"),
    [
        pytest.param(
            '{ getItemsModel(id: "1") { id nope } }',
            31,
            "Validation error of type FieldUndefined: Field 'nope' in type 'ItemsModel' "
            "is undefined @ 'getItemsModel/nope'",
            id="in the answer",
        ),
        pytest.param(
            'mutation { createItemsModel(input: {nope: "1"}) { id } }',
            29,
            "Validation error of type WrongType: argument 'input' with value "
            "'ObjectValue{objectFields=[ObjectField{name='nope', value=StringValue{value='1'}}]}' "
            "contains a field not in 'CreateItemsModelInput': 'nope' @ 'createItemsModel'",
            id="in the input",
        ),
    ],
)
async def test_a_field_that_does_not_exist_is_named(
    ireland: WorldRegion, query: str, column: int, message: str
) -> None:
    status, answer = await post(ireland, request(query))
    assert (status, answer["data"]) == (200, None)
    assert [(error["message"], error["locations"]) for error in answer["errors"]] == [
        (message, [{"line": 1, "column": column, "sourceName": None}])
    ]


async def test_a_wrong_key_is_refused(ireland: WorldRegion) -> None:
    assert await post(replace(ireland, api_key="da2-wrong"), request(LIST)) == (401, UNAUTHORIZED)
    async with connected(ireland, key="da2-wrong") as client:
        assert await client.receive() == refused(401, UNAUTHORIZED)
    async with live(ireland) as client:
        await client.start("1", ON_CREATE, key="da2-wrong", id=new_id())
        error = UNAUTHORIZED["errors"][0] | {"message": "Valid authorization header not provided."}
        assert await client.receive() == {
            "id": "1",
            "type": "error",
            "payload": {"errors": [error]},
        }


async def test_a_key_is_refused_once_it_has_expired(world: WorldFile, ireland: WorldRegion) -> None:
    aws = Aws(world.engine_url)
    declared = await asyncio.to_thread(
        read_declared,
        aws.session.client("cloudformation", **aws.at(CODE)),
        ireland.stack,
        ireland.api_id,
    )
    appsync = aws.session.client("appsync", **aws.at(CODE))
    api = await asyncio.to_thread(read_api, appsync, ireland.api_id, CODE, declared)
    [key] = api.api_keys
    evaluator, listener = JavaScriptEvaluator(), listen(0)
    address = Address(number(listener))
    now = datetime.fromtimestamp(key.expires, UTC) - timedelta(seconds=1)
    plane = DataPlane(
        hosts=address.hosts,
        principals={},
        evaluator=evaluator,
        dynamodb=aws.session.client("dynamodb", **aws.at(CODE)),
        functions=aws.session.client("lambda", **aws.at(CODE)),
        evaluate=simulator(aws.session.client("iam", **aws.at(CODE))),
        fetch=over_http({}),
        now=lambda: now,
    )
    plane.attach(api)
    later = replace(ireland, graphql_url=address.graphql_url, realtime_url=address.realtime_url)
    async with serving(plane, listener):
        status, answer = await post(later, request(LIST))
        assert (status, "errors" in answer) == (200, False)
        now += timedelta(seconds=1)
        assert await post(later, request(LIST)) == (401, UNAUTHORIZED)
        async with connected(later) as client:
            assert await client.receive() == refused(401, UNAUTHORIZED)
    await plane.close()
    evaluator.close()


async def test_a_forged_signature_is_refused(ireland: WorldRegion) -> None:
    forger = Credentials(RELAY.access_key, "not the secret")
    body = publish({"id": new_id(), "item": "forged"})
    assert_mismatch(*await post(ireland, body, headers=signed(ireland, CODE, body, forger)))


async def test_a_body_changed_after_it_was_signed_announces_nothing(ireland: WorldRegion) -> None:
    item = {"id": new_id(), "item": "signed"}
    body, changed = publish(item), publish(item | {"item": "changed"})
    headers = signed(ireland, CODE, body, RELAY)
    async with subscriber(ireland) as there:
        await there.subscribe(ON_CREATE, id=item["id"])
        assert_mismatch(*await post(ireland, changed, headers=headers))
        assert await post(ireland, body, headers=headers) == (
            200,
            {"data": {"publishCreateItemsModel": item}},
        )
        assert await heard(there) == {"onCreateItemsModel": item}


async def test_a_request_that_breaks_off_is_not_run(ireland: WorldRegion) -> None:
    item_id = new_id()
    body = request(CREATE, input={"id": item_id})
    name, port = host(ireland).split(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    head = f"POST /graphql HTTP/1.1\r\nhost: {host(ireland)}\r\nx-api-key: {ireland.api_key}\r\n"
    writer.write(f"{head}content-length: {len(body) + 1}\r\n\r\n".encode() + body)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert await ask(ireland, "query ($id: ID!) { getItemsModel(id: $id) { id } }", id=item_id) == {
        "getItemsModel": None
    }


# -- The socket -------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", ['{"type": "start", ', "[]", '{"type": "subscribe", "id": "1"}'])
async def test_a_frame_that_means_nothing_is_answered_and_the_socket_stays(
    ireland: WorldRegion, frame: str
) -> None:
    async with live(ireland) as client:
        await client.socket.send(frame)
        assert await client.receive() == UNUSABLE_FRAME
        await client.subscribe("1", ON_CREATE, key=str(ireland.api_key), id=new_id())


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param(
            "subscription { onNope { id } }",
            {
                "message": "Validation error of type FieldUndefined: Field 'onNope' in type "
                "'Subscription' is undefined @ 'onNope'"
            },
            id="a field that does not exist",
        ),
        pytest.param(
            LIST,
            {
                "errorType": "UnsupportedOperation",
                "message": " not supported through the realtime channel",
            },
            id="a query",
        ),
    ],
)
async def test_what_cannot_be_subscribed_to_is_refused_and_leaves_its_id_free(
    ireland: WorldRegion, query: str, error: Json
) -> None:
    async with live(ireland) as client:
        await client.start("1", query, key=str(ireland.api_key))
        refusal = {"id": "1", "type": "error", "payload": {"errors": [error]}}
        assert await client.receive() == refusal
        await client.subscribe("1", ON_CREATE, key=str(ireland.api_key), id=new_id())


async def test_a_frame_of_a_megabyte_closes_its_socket(ireland: WorldRegion) -> None:
    async with live(ireland) as client:
        await client.subscribe("1", ON_CREATE, key=str(ireland.api_key), id=new_id())
        await client.socket.send("x" * 1_048_576)
        assert await client.closed() == (1009, "message is 1048576 bytes, limit is 245760")


async def test_a_dropped_socket_ends_no_other(ireland: WorldRegion) -> None:
    item = {"id": new_id(), "item": "for those who stay"}
    async with live(ireland) as dropped, subscriber(ireland) as stays:
        await dropped.subscribe("1", ON_CREATE, key=str(ireland.api_key), id=item["id"])
        await stays.subscribe(ON_CREATE, id=item["id"])
        dropped.socket.transport.abort()
        await ask(ireland, CREATE, input=item)
        assert await heard(stays) == {"onCreateItemsModel": item}


# -- What comes through the stream ------------------------------------------------------------


async def test_a_record_without_an_image_is_kept_undelivered_and_the_others_are_published(
    world: WorldFile, ireland: WorldRegion
) -> None:
    event = event_of_its_own("bad")
    created, imageless, updated = event["Records"]
    item_id = created["dynamodb"]["Keys"]["id"]["S"]
    async with subscriber(ireland) as there:
        for field in ("onCreateItemsModel", "onUpdateItemsModel"):
            await there.subscribe(
                f"subscription ($id: ID) {{ {field}(id: $id) {{ _change {{ id }} }} }}",
                id=item_id,
            )
        assert await asyncio.to_thread(invoke_relay, world, event) == {"batchItemFailures": []}
        assert [await heard(there), await heard(there)] == [
            {"onCreateItemsModel": {"_change": {"id": created["eventID"]}}},
            {"onUpdateItemsModel": {"_change": {"id": updated["eventID"]}}},
        ]
    assert await asyncio.to_thread(take_undelivered, world, imageless["eventID"]) == [
        Undelivered(
            reason="malformed",
            detail="the record is malformed: it has no NewImage",
            region=CODE,
            model=None,
            record=imageless,
        )
    ]


async def test_an_item_of_400_kilobytes_is_announced_without_what_does_not_fit(
    ireland: WorldRegion, sydney: WorldRegion
) -> None:
    item = {"id": new_id(), "item": "x" * 409_400}  # DynamoDB takes 409,600 bytes with the stamps
    whole = "id item createdAt updatedAt version updatedIn"
    async with subscriber(ireland) as there:
        document = f"subscription ($id: ID) {{ onCreateItemsModel(id: $id) {{ {ALL} }} }}"
        await there.subscribe(document, id=item["id"])
        create = CREATE.replace("{ id item }", f"{{ {whole} }}")
        created = (await ask(sydney, create, input=item))["createItemsModel"]
        announced = (await heard(there))["onCreateItemsModel"]
    assert announced.pop("_change")["kind"] == "CREATE"
    assert created == announced | item
    assert announced == created | {"item": None}
    query = f"query ($id: ID!) {{ getItemsModel(id: $id) {{ {whole} }} }}"
    assert await ask(ireland, query, id=item["id"]) == {"getItemsModel": created}


def publish(item: Json) -> bytes:
    return request(PUBLISH, change=json.dumps(item))


def refused(code: int, answer: Json) -> Json:
    """What the socket says where HTTP answers this."""
    errors = [error | {"errorCode": code} for error in answer["errors"]]
    return {"type": "connection_error", "payload": {"errors": errors}}


def assert_mismatch(status: int, answer: Json) -> None:
    [error] = answer["errors"]
    assert (status, error["errorType"]) == (400, "BadRequestException")
    assert error["message"].partition("\n\n")[0] == MISMATCH


def event_of_its_own(name: str) -> Json:
    """One of the sample events, with ids that no relay has seen."""
    text = (project_root() / "events" / f"{name}.json").read_text()
    text = text.replace("Item00", f"{new_id()}-").replace("c4ca4238a0b923820dcc509a6f", new_id())
    return json.loads(text)


def invoke_relay(world: WorldFile, event: Json) -> Json:
    aws, region = Aws(world.engine_url), world.regions[CODE]
    answer = aws.session.client("lambda", **aws.at(CODE)).invoke(
        FunctionName=region.outputs["RelayFunctionName"], Payload=json.dumps(event)
    )
    return json.load(answer["Payload"])


def take_undelivered(world: WorldFile, event_id: str) -> list[Undelivered]:
    """What the relay kept undelivered of one change; it is not left in the queue."""
    aws, region = Aws(world.engine_url), world.regions[CODE]
    queue, url = aws.session.client("sqs", **aws.at(CODE)), region.outputs["UndeliveredQueueUrl"]
    messages = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    found = []
    for message in messages:
        entry = decode(message["Body"])
        if entry.record["eventID"] == event_id:
            found.append(entry)
            queue.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found
