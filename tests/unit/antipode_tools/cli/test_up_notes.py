from __future__ import annotations

import pytest

from antipode_tools.cli.up_notes import introspection, left_out, stand_ins
from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.recipe import Recipe
from antipode_tools.project.regions import Region
from antipode_tools.project.world_file import Auth
from tests.fakes.world import a_region, a_world

IRELAND = Region("ireland", "eu-west-1", "antipode", {})
SYDNEY = Region("sydney", "ap-southeast-2", "antipode", {})
STAGING = Region("staging", "eu-west-1", "antipode-staging", {})
ISSUER = "https://issuer.example"


def test_a_second_environment_of_a_region_is_named_with_the_first() -> None:
    assert list(left_out([IRELAND, SYDNEY], [IRELAND, SYDNEY, STAGING])) == [
        "staging is left out: eu-west-1 is ireland's; --regions chooses another"
    ]


def test_nothing_is_said_of_environments_that_are_all_in_the_world() -> None:
    assert list(left_out([IRELAND, SYDNEY], [IRELAND, SYDNEY])) == []


def test_introspection_that_nobody_chose_is_pointed_out() -> None:
    assert list(introspection([IRELAND, SYDNEY])) == [
        "introspection is on in ireland and sydney, as suits development; on AWS it is off."
        " Introspection in samconfig.toml decides both"
    ]


@pytest.mark.parametrize("value", ["ENABLED", "DISABLED"])
def test_nothing_is_said_where_samconfig_decides_about_introspection(value: str) -> None:
    decided = Region("ireland", "eu-west-1", "antipode", {"Introspection": value})
    assert list(introspection([decided])) == []
    assert [line.split(",")[0] for line in introspection([decided, SYDNEY])] == [
        "introspection is on in sydney"
    ]


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (AuthMode.AMAZON_COGNITO_USER_POOLS, "user pool"),
        (AuthMode.OPENID_CONNECT, "OpenID Connect provider"),
    ],
)
def test_a_stand_in_is_named_with_the_issuer_it_replaces(mode: AuthMode, kind: str) -> None:
    auth = Auth(mode, token=Recipe("RS256", "key", {"iss": ISSUER}))
    assert list(stand_ins(a_world(a_region(auth=auth)))) == [
        f"ireland uses a local stand-in for the {kind} {ISSUER}: sign in with antipode token; "
        "the real one's tokens are refused"
    ]


def test_an_authorizers_shared_secret_is_no_stand_in() -> None:
    auth = Auth(AuthMode.AWS_LAMBDA, token=Recipe("HS256", "secret", {"iss": ISSUER}))
    assert list(stand_ins(a_world(a_region(auth=auth)))) == []
