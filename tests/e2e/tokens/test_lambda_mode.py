"""What holds in every mode of signing in, in that of AWS_LAMBDA, which the world here has."""

from __future__ import annotations

import pytest
from gql.transport.exceptions import TransportQueryError

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.world_file import WorldFile, WorldRegion
from antipode_tools.world.clients.subscriber import client, subscriber
from tests.e2e.clients import execute, new_id
from tests.e2e.rules import test_modes as every_mode
from tests.e2e.rules.test_modes import CREATE, GET, ON_CREATE, made, with_token

pytestmark = pytest.mark.asyncio(loop_scope="session")

# All of them, those that are written later, too.
globals().update({name: each for name, each in vars(every_mode).items() if name[:5] == "test_"})


@pytest.fixture(scope="module")
def world(tokens_world: WorldFile) -> WorldFile:
    modes = {region.auth.mode for region in tokens_world.regions.values()}
    assert modes == {AuthMode.AWS_LAMBDA}
    return tokens_world


@pytest.fixture
def token(ireland: WorldRegion) -> Recipe:
    return made(ireland)


async def test_a_scope_to_read_may_not_write(ireland: WorldRegion, token: Recipe) -> None:
    auth = with_token(ireland, token.mint(scope="items:read"))
    async with client(ireland, auth) as session:
        assert await execute(session, GET, id=new_id()) == {"getItemsModel": None}
        with pytest.raises(TransportQueryError, match="createItemsModel on type Mutation"):
            await execute(session, CREATE, input={"item": "forbidden"})
    async with subscriber(ireland, auth) as there:
        await there.subscribe(ON_CREATE, id=new_id())
