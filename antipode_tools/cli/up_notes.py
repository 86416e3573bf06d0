"""What `antipode up` points out about a world besides its addresses: pure functions to lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from antipode_tools.project.auth_mode import AuthMode

if TYPE_CHECKING:
    from antipode_tools.project.regions import Region
    from antipode_tools.project.world_file import WorldFile

_STAND_INS = {
    AuthMode.AMAZON_COGNITO_USER_POOLS: "user pool",
    AuthMode.OPENID_CONNECT: "OpenID Connect provider",
}


def left_out(chosen: Iterable[Region], environments: Iterable[Region]) -> Iterator[str]:
    """Names each environment that the world leaves out because it has another of that Region."""
    here = {region.code: region for region in chosen}
    for other in environments:
        first = here.get(other.code, other)
        if other != first:
            yield (
                f"{other.name} is left out: {other.code} is {first.name}'s; "
                "--regions chooses another"
            )


def introspection(chosen: Iterable[Region]) -> Iterator[str]:
    """Says where introspection is on for development alone, though it is off on AWS."""
    if on := [region.name for region in chosen if "Introspection" not in region.parameters]:
        yield (
            f"introspection is on in {' and '.join(on)}, as suits development; on AWS it is off."
            " Introspection in samconfig.toml decides both"
        )


def stand_ins(world: WorldFile) -> Iterator[str]:
    """Says where a stand-in issues the tokens, in place of an issuer that is out of reach."""
    for region in world.regions.values():
        kind, token = _STAND_INS.get(region.auth.mode), region.auth.token
        if kind and token:
            yield (
                f"{region.name} uses a local stand-in for the {kind} {token.claims['iss']}: "
                "sign in with antipode token; the real one's tokens are refused"
            )
