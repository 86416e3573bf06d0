"""Which Regions a command is for that takes several, or none for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from antipode_tools.operate.stacks.errors import NotRunningError, UsageError
from antipode_tools.operate.stacks.target import of_stage, running
from antipode_tools.operate.stacks.where import Where
from antipode_tools.project.config import WorldConfig
from antipode_tools.project.regions import Region


def several(
    names: Sequence[str], *, stage: str, where: Where | None, world: WorldConfig
) -> Sequence[Region]:
    """The Regions of these names; without any, those of the local world, or of a stage.

    Args:
        names: as in samconfig.toml (ireland) or by their codes.
        stage: empty for production; naming one leaves the local world's Regions out, unless they
            are named.
        where: None takes the local world if it is running, and AWS if it is not.

    Raises:
        UsageError: there is no such Region or stage, or it has two environments of one Region.
        NotRunningError: the local world is meant, and there is none.
    """
    if not names and not stage and where is not Where.AWS:
        try:
            there = {region.name for region in running(world).regions.values()}
        except NotRunningError:
            if where is Where.LOCAL:
                raise
        else:
            return [region for region in world.regions if region.name in there]
    return _once_each(of_stage(stage, names, world))


def _once_each(regions: Sequence[Region]) -> Sequence[Region]:
    """Two stacks in one Region may be two systems, of which nobody said which is meant."""
    counted = Counter(region.code for region in regions)
    for code, number in counted.items():
        if number > 1:
            names = ", ".join(region.name for region in regions if region.code == code)
            raise UsageError(f"{names} are all in {code}: name the one that is meant")
    return regions
