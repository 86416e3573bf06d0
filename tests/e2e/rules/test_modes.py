"""Every mode of signing in, end to end, with two Regions: a world for each.

That of user pools is the one of all tests here. These run in the mode of AWS_LAMBDA where its world
is, in tokens/test_lambda_mode.py; that of API keys is everywhere else in these tests.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.exceptions import TransportError, TransportQueryError

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.config import project_root
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.schema.command import MODELS
from antipode_tools.world.clients import demo
from antipode_tools.world.clients.subscriber import Subscriber, authentication, client, subscriber
from antipode_tools.world.world import World
from tests.e2e.clients import ask, execute, heard, iam, new_id, replicated
from tests.e2e.project import NOTE, config_of, project
from tests.e2e.strangers import STRANGER, STRANGER_KEYS, give_role

pytestmark = pytest.mark.asyncio(loop_scope="session")

# world.json, and a Region's part of it.
Json = Any

REGIONS = ("eu-west-1", "ap-southeast-2")
CREATE = "mutation ($input: CreateItemsModelInput!) { createItemsModel(input: $input) { id item } }"
GET = "query ($id: ID!) { getItemsModel(id: $id) { id item } }"
ON_CREATE = "subscription ($id: ID) { onCreateItemsModel(id: $id) { id item } }"
PUBLISH = (
    "mutation ($change: AWSJSON!) {{ publish{kind}ItemsModel(change: $change) {{ id item }} }}"
)
KINDS = ("Create", "Update", "Delete")
CREATE_NOTE = "mutation ($input: CreateNoteInput!) { createNote(input: $input) { id owner } }"
UPDATE_NOTE = "mutation ($input: UpdateNoteInput!) { updateNote(input: $input) { id owner } }"
DELETE_NOTE = "mutation ($input: DeleteNoteInput!) { deleteNote(input: $input) { id owner } }"
READ_NOTES = """
  query ($id: ID!, $owner: String!) {
    getNote(id: $id) { id owner }
    listNotes { items { id owner } }
    notesMine(owner: $owner) { items { id owner } }
  }
"""
ON_NOTES = [f"subscription {{ on{kind}Note {{ id owner }} }}" for kind in KINDS]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each test in each mode; where it asks how tokens are made, in those that have tokens."""
    if "mode" in metafunc.fixturenames:
        modes = [AuthMode.AMAZON_COGNITO_USER_POOLS, AuthMode.OPENID_CONNECT]
        if "token" not in metafunc.fixturenames:
            modes.append(AuthMode.AWS_IAM)
        metafunc.parametrize("mode", modes, indirect=True, scope="module", ids=str)


@pytest.fixture(scope="module")
def mode(request: pytest.FixtureRequest) -> AuthMode:
    chosen: AuthMode = request.param
    return chosen


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world_of_mode(
    mode: AuthMode, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[WorldFile]:
    """Ireland and Sydney, deployed for one mode."""
    models = (project_root() / MODELS).read_text()
    root = project(tmp_path_factory.mktemp("project"), f"{models}\n{NOTE}", auth=[mode])
    of_world = config_of(root, tmp_path_factory.mktemp("world"))
    async with World.started(of_world, signers=[STRANGER]) as made:
        await asyncio.to_thread(give_role, made.told.engine_url)
        yield made.told


@pytest.fixture(scope="module")
def world(request: pytest.FixtureRequest, mode: AuthMode) -> WorldFile:
    """That of all tests here, where it is of the mode."""
    shared = mode is AuthMode.AMAZON_COGNITO_USER_POOLS
    found: WorldFile = request.getfixturevalue("pool_world" if shared else "world_of_mode")
    assert {region.auth.mode for region in found.regions.values()} == {mode}
    return found


@pytest.fixture
def token(ireland: WorldRegion) -> Recipe:
    """How tokens are made."""
    return made(ireland)


async def test_what_one_region_writes_every_region_hears_and_reads(world: WorldFile) -> None:
    regions = [world.regions[code] for code in REGIONS]
    for writer in regions:
        item = {"id": new_id(), "item": "ordinary"}
        async with AsyncExitStack() as exits:
            there = [await exits.enter_async_context(subscriber(region)) for region in regions]
            for each in there:
                await each.subscribe(ON_CREATE, id=item["id"])
            assert await ask(writer, CREATE, input=item) == {"createItemsModel": item}
            for each in there:
                assert await heard(each) == {"onCreateItemsModel": item}
        for region in regions:
            assert await ask(region, GET, id=item["id"]) == {"getItemsModel": item}


async def test_the_demo_works(world: WorldFile) -> None:
    said: list[str] = []
    await demo.run(world, said.append)
    assert sum("heard after" in line for line in said) == 2 * len(KINDS)


async def test_nobody_but_the_relay_announces(world: WorldFile, ireland: WorldRegion) -> None:
    forged, item = {"id": new_id(), "item": "forged"}, {"id": new_id(), "item": "ordinary"}
    async with subscriber(ireland) as there:
        for kind in KINDS:
            for id in (forged["id"], item["id"]):
                await there.subscribe(
                    f'subscription {{ on{kind}ItemsModel(id: "{id}") {{ id item }} }}'
                )
        for auth in everybody(world, ireland):
            for kind in KINDS:
                await assert_refused(ireland, auth, kind, json.dumps(forged))
        await ask(ireland, CREATE, input=item)
        assert await heard(there) == {"onCreateItemsModel": item}
        assert there.heard.empty()


def everybody(world: WorldFile, region: WorldRegion) -> list[AppSyncAuthentication]:
    """Clients of each mode, the administrator and a foreign role."""
    host = region.graphql_url.split("/")[2]
    shared = Recipe("HS256", "s" * 64, {"iss": "antipode", "aud": "antipode", "sub": "root"})
    return [
        authentication(region),
        AppSyncApiKeyAuthentication(host=host, api_key="da2-forged"),
        AppSyncJWTAuthentication(host=host, jwt=shared.mint()),
        AppSyncJWTAuthentication(host=host, jwt="opaque"),
        iam(region, world.iam),
        iam(region, STRANGER_KEYS),
    ]


async def assert_refused(
    region: WorldRegion, auth: AppSyncAuthentication, kind: str, change: str
) -> None:
    async with client(region, auth) as session:
        with pytest.raises(TransportQueryError) as refused:
            await execute(session, PUBLISH.format(kind=kind), change=change)
    [error] = refused.value.errors or []
    let_in = f"Not Authorized to access publish{kind}ItemsModel on type Mutation"
    assert error["errorType"] in ("Unauthorized", "UnauthorizedException")
    assert error["message"] in (
        let_in,
        "You are not authorized to make this call.",
        "Unable to parse JWT token.",
    )


def with_token(region: WorldRegion, text: str) -> AppSyncJWTAuthentication:
    return AppSyncJWTAuthentication(host=region.graphql_url.split("/")[2], jwt=text)


def made(region: WorldRegion) -> Recipe:
    """How tokens are made here."""
    assert region.auth.token is not None
    return region.auth.token


async def test_two_clients_of_a_mode_share_nothing_that_has_an_owner(world: WorldFile) -> None:
    async with AsyncExitStack() as exits:
        ears: dict[tuple[str, str], Subscriber] = {}
        for code, region in world.regions.items():
            for name, auth in two(world, region).items():
                ears[code, name] = await exits.enter_async_context(subscriber(region, auth))
                for document in ON_NOTES:
                    await ears[code, name].subscribe(document)
        notes = {
            "ada": await write_note(world, "eu-west-1", "ada", CREATE_NOTE, id=new_id()),
            "bob": await write_note(world, "ap-southeast-2", "bob", CREATE_NOTE, id=new_id()),
        }
        assert len({note["owner"] for note in notes.values()} - {None}) == len(notes)
        await replicated(world)
        for code, region in world.regions.items():
            for name, auth in two(world, region).items():
                await assert_theirs_alone(region, auth, notes[name], *notes.values())
                assert await heard(ears[code, name]) == {"onCreateNote": notes[name]}
        await write_note(world, "ap-southeast-2", "ada", DELETE_NOTE, id=notes["ada"]["id"])
        await write_note(world, "eu-west-1", "bob", DELETE_NOTE, id=notes["bob"]["id"])
        for (_, name), there in ears.items():
            assert await heard(there) == {"onDeleteNote": notes[name]}
        # What is another's was announced as well, and reached nobody else.
        assert all(there.heard.empty() for there in ears.values())


def two(world: WorldFile, region: WorldRegion) -> dict[str, AppSyncAuthentication]:
    """Two clients of the world's mode, by their names."""
    if region.auth.mode != AuthMode.AWS_IAM:
        return {name: with_token(region, made(region).mint(sub=name)) for name in ("ada", "bob")}
    return {
        "ada": iam(region, world.iam),
        "bob": iam(region, STRANGER_KEYS),
    }


async def write_note(world: WorldFile, code: str, name: str, document: str, **input: Json) -> Json:
    """The note that a mutation by one client in one Region answers."""
    region = world.regions[code]
    async with client(region, two(world, region)[name]) as session:
        [note] = (await execute(session, document, input=input)).values()
    return note


async def assert_theirs_alone(
    region: WorldRegion, auth: AppSyncAuthentication, own: Json, *notes: Json
) -> None:
    async with client(region, auth) as session:
        for note in notes:
            found = await execute(session, READ_NOTES, id=note["id"], owner=own["owner"])
            assert found == {
                "getNote": own if note == own else None,
                "listNotes": {"items": [own]},
                "notesMine": {"items": [own]},
            }
            if note != own:
                for document in (UPDATE_NOTE, DELETE_NOTE):
                    with pytest.raises(TransportQueryError, match="Not Authorized to access"):
                        await execute(session, document, input={"id": note["id"]})


async def test_one_token_is_valid_in_every_region(sydney: WorldRegion, token: Recipe) -> None:
    text = token.mint()
    async with client(sydney, with_token(sydney, text)) as session:
        assert await execute(session, GET, id=new_id()) == {"getItemsModel": None}
    async with subscriber(sydney, with_token(sydney, text)) as there:
        await there.subscribe(ON_CREATE, id=new_id())


async def test_an_invalid_token_is_refused_over_http_and_over_the_socket(
    ireland: WorldRegion, token: Recipe
) -> None:
    others: Json = {
        AuthMode.AWS_LAMBDA: {"aud": "other"},
        AuthMode.AMAZON_COGNITO_USER_POOLS: {"token_use": "refresh"},
        # Every client of the provider is let in, where OidcClientId names none.
        AuthMode.OPENID_CONNECT: {"iat": 4_102_444_800},
    }[ireland.auth.mode]
    for text in (
        token.mint(now=1_000_000),
        token.mint(nbf=4_102_444_800),
        token.mint(iss="https://issuer.example.org"),
        token.mint(**others),
        token.mint(sub=None),
        token.mint(exp=None),
        Recipe("HS256", "s" * 64, token.claims, token.key_id).mint(),
    ):
        auth = with_token(ireland, text)
        async with client(ireland, auth) as session:
            with pytest.raises(TransportQueryError, match=r"not authorized|Token has expired"):
                await execute(session, GET, id=new_id())
        with pytest.raises(TransportError, match=r"not authorized|Token has expired"):
            async with subscriber(ireland, auth):
                pass


async def test_an_iam_client_is_one_in_the_mode_of_iam_alone(
    world: WorldFile, ireland: WorldRegion
) -> None:
    auth = iam(ireland, STRANGER_KEYS)
    async with client(ireland, auth) as session:
        if ireland.auth.mode == AuthMode.AWS_IAM:
            assert await execute(session, GET, id=new_id()) == {"getItemsModel": None}
            return
        with pytest.raises(TransportQueryError, match="getItemsModel on type Query"):
            await execute(session, GET, id=new_id())
