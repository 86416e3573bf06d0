"""Several ways of signing in to one API, each of which leads where it is let in."""

from __future__ import annotations

import pytest
from gql.transport.appsync_auth import AppSyncApiKeyAuthentication
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import WorldFile
from antipode_tools.world.clients.subscriber import client, subscriber
from tests.e2e.clients import execute, heard, new_id
from tests.e2e.rules.test_modes import CREATE, CREATE_NOTE, GET, ON_CREATE, made, with_token

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_each_of_several_ways_leads_where_it_is_let_in(world: WorldFile) -> None:
    for region in world.regions.values():
        default, *others = region.auth.modes
        assert region.auth.mode == default == AuthMode.AMAZON_COGNITO_USER_POOLS
        # AppSync gives the others no order.
        assert {*others} == {AuthMode.AWS_LAMBDA, AuthMode.API_KEY}
        asked, pool = region.auth.by(AuthMode.AWS_LAMBDA).token, made(region)
        assert asked is not None
        assert region.api_key is not None
        key = AppSyncApiKeyAuthentication(
            host=region.graphql_url.split("/")[2], api_key=region.api_key
        )
        users = [with_token(region, pool.mint()), with_token(region, f"lambda:{asked.mint()}")]
        for auth in (*users, key):
            async with client(region, auth) as session, subscriber(region, auth) as there:
                await there.subscribe(ON_CREATE, id=(id := new_id()))
                item = {"id": id, "item": "ordinary"}
                assert await execute(session, CREATE, input=item) == {"createItemsModel": item}
                assert await heard(there) == {"onCreateItemsModel": item}
        for auth in users:
            async with client(region, auth) as session:
                note = (await execute(session, CREATE_NOTE, input={"id": new_id()}))["createNote"]
                assert note["owner"] is not None
        # A key is nobody's, and no rule of notes is for it.
        async with client(region, key) as session:
            with pytest.raises(TransportQueryError, match="createNote on type Mutation"):
                await execute(session, CREATE_NOTE, input={"id": new_id()})
        # The pool is asked about all that looks like a token of one.
        async with client(region, with_token(region, asked.mint())) as session:
            with pytest.raises(TransportQueryError, match="not authorized to make this call"):
                await execute(session, GET, id=new_id())
