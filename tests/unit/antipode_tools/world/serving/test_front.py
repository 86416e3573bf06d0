from __future__ import annotations

import asyncio
import json

from antipode_tools.world.in_force import InForce
from antipode_tools.world.orders import Order
from antipode_tools.world.serving.front import Face
from localaws.dynamodb.global_tables import GlobalTables
from localaws.dynamodb.writes import Tables
from localaws.front import Answer, Call

IRELAND = "eu-west-1"
DONE = Answer(200, (), b"{}")
SIGNED = f"AWS4-HMAC-SHA256 Credential=k/20261126/{IRELAND}/dynamodb/aws4_request, Signature=s"
PUT = Call(
    "POST",
    "/",
    (("x-amz-target", "DynamoDB_20120810.PutItem"), ("authorization", SIGNED)),
    json.dumps({"TableName": "items"}).encode(),
)


async def engine(call: Call) -> Answer:
    return DONE


async def test_a_call_is_passed_on_while_stacks_are_made_and_later_its_write_is_told_of() -> None:
    face, told = Face(InForce({"ireland": IRELAND})), list[tuple[str, Tables]]()
    assert await face(PUT, engine) == DONE
    assert told == []

    face.follow(GlobalTables({}, lambda *_: 0.0), lambda *write: told.append(write))
    assert await face(PUT, engine) == DONE
    assert told == [(IRELAND, frozenset({"items"}))]


async def test_a_lost_region_is_not_reached() -> None:
    in_force = InForce({"ireland": IRELAND})
    in_force.carry_out(Order("lose", ("ireland",)))
    assert await Face(in_force)(PUT, engine) == Answer(503, (), b"the Region is lost")


async def test_a_region_that_is_lost_silently_answers_once_it_is_there_again() -> None:
    in_force = InForce({"ireland": IRELAND})
    in_force.carry_out(Order("lose", ("ireland",), silent=True))
    asking = asyncio.create_task(Face(in_force)(PUT, engine))
    await asyncio.sleep(0)
    assert not asking.done()
    in_force.carry_out(Order("recover", ("ireland",)))
    assert await asking == DONE
