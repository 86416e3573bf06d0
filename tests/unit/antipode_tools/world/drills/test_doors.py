"""Where a drill's clients go."""

from __future__ import annotations

import pytest

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.world_file import Auth, SharedName
from antipode_tools.world.drills.doors import Door, doors
from antipode_tools.world.errors import WorldError
from tests.fakes.world import a_region, a_world

IRELAND = a_region(auth=Auth(AuthMode.AWS_LAMBDA))
SYDNEY = a_region("sydney", "ap-southeast-2", graphql_url="http://127.0.0.1:4002/graphql")
NAME = SharedName("api.example.com", "http://127.0.0.1:4005")


def test_a_client_tries_its_own_region_first_and_then_the_others() -> None:
    there = doors(a_world(IRELAND, SYDNEY), SYDNEY, by_name=False)
    assert there == [Door(SYDNEY, SYDNEY.graphql_url), Door(IRELAND, IRELAND.graphql_url)]


def test_a_client_of_the_shared_name_has_one_address_and_says_where_it_is() -> None:
    there = doors(a_world(IRELAND, SYDNEY, shared_name=NAME), IRELAND, by_name=True)
    headers = {"x-localaws-nearest": "eu-west-1"}
    assert there == [Door(IRELAND, "http://127.0.0.1:4005/graphql", headers)]


def test_without_a_name_or_with_keys_that_are_one_regions_alone_it_has_none() -> None:
    with pytest.raises(WorldError, match="have no shared name"):
        doors(a_world(IRELAND), IRELAND, by_name=True)
    with pytest.raises(WorldError, match="an API key is one Region's alone"):
        doors(a_world(SYDNEY, shared_name=NAME), SYDNEY, by_name=True)
