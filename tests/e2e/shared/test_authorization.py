"""Who may do what: clients by API key, the relay by IAM, and nobody in the relay's place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from gql.transport.exceptions import TransportError, TransportQueryError

from antipode_tools.project.world_file import Keys, WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import client, subscriber
from tests.e2e.clients import ask, execute, heard, iam, new_id

CODE = "eu-west-1"
ON_CREATE = "subscription ($id: ID) { onCreateItemsModel(id: $id) { id item } }"
PUBLISH = "mutation ($change: AWSJSON!) { publishCreateItemsModel(change: $change) { id item } }"
KINDS = ("Create", "Update", "Delete")

# The engine gives these to every function: they stand for the relay's role.
RELAY = Keys("000000000000", "test")


@pytest.fixture
def change() -> str:
    """A change that never was."""
    return json.dumps({"id": new_id(), "item": "forged"})


async def test_the_relay_announces(ireland: WorldRegion, change: str) -> None:
    item = json.loads(change)
    async with subscriber(ireland) as there, client(ireland, iam(ireland, RELAY)) as relay:
        await there.subscribe(ON_CREATE, id=item["id"])
        assert await execute(relay, PUBLISH, change=change) == {"publishCreateItemsModel": item}
        assert await heard(there) == {"onCreateItemsModel": item}


@pytest.mark.parametrize("kind", KINDS)
async def test_a_client_with_the_api_key_cannot_announce(
    ireland: WorldRegion, change: str, kind: str
) -> None:
    with pytest.raises(TransportQueryError) as refused:
        await ask(ireland, publish(kind), change=change)
    assert messages(refused) == [
        f"Not Authorized to access publish{kind}ItemsModel on type Mutation"
    ]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_iam_principal_other_than_the_relay_cannot_announce(
    world: WorldFile, ireland: WorldRegion, change: str, kind: str
) -> None:
    async with client(ireland, iam(ireland, world.iam)) as session:
        with pytest.raises(TransportQueryError) as refused:
            await execute(session, publish(kind), change=change)
    assert messages(refused) == [
        f"Not Authorized to access publish{kind}ItemsModel on type Mutation"
    ]


def publish(kind: str) -> str:
    return PUBLISH.replace("publishCreate", f"publish{kind}")


async def test_clients_fields_are_not_for_iam(world: WorldFile, ireland: WorldRegion) -> None:
    auth = iam(ireland, world.iam)
    async with client(ireland, auth) as session:
        with pytest.raises(TransportQueryError) as refused:
            await execute(session, "{ listItemsModel { nextToken } }")
    assert messages(refused) == ["Not Authorized to access listItemsModel on type Query"]
    async with subscriber(ireland, auth) as there:
        with pytest.raises(TransportQueryError, match="onCreateItemsModel on type Subscription"):
            await there.subscribe(ON_CREATE, id=new_id())


async def test_a_signature_by_the_wrong_secret_is_refused(
    world: WorldFile, ireland: WorldRegion, change: str
) -> None:
    forged = iam(ireland, Keys(world.iam.access_key_id, "not the secret"))
    async with client(ireland, forged) as session:
        with pytest.raises(TransportQueryError, match="signature"):
            await execute(session, PUBLISH, change=change)


async def test_a_wrong_api_key_is_refused_by_http_and_by_socket(ireland: WorldRegion) -> None:
    wrong = replace(ireland, api_key="da2-wrong")
    with pytest.raises(TransportQueryError) as refused:
        await ask(wrong, "{ listItemsModel { nextToken } }")
    assert messages(refused) == ["You are not authorized to make this call."]
    with pytest.raises(TransportError, match="You are not authorized to make this call"):
        async with subscriber(wrong):
            pass


def messages(refused: pytest.ExceptionInfo[TransportQueryError]) -> list[str]:
    return [error["message"] for error in refused.value.errors or []]
