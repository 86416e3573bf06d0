"""Stages beside production: the same Regions once more, as stacks of other names.

An environment of samconfig.toml is of the stage that its name begins with: `staging-ireland`. One
that begins with none, `ireland`, is production's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from itertools import permutations
from pathlib import Path

from antipode_tools.project.regions import ConfigError, Region

FILE = "stages.toml"

# By each stage, the parameters that it has otherwise than production.
Stages = Mapping[str, Mapping[str, str]]


def read_stages(root: Path) -> Stages:
    """The stages of a project; none where it has no such file.

    Raises:
        ConfigError: it cannot be read or understood.
    """
    file = root / FILE
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise ConfigError(f"cannot read {file}: {error}") from error
    for stage, parameters in found.items():
        if not isinstance(parameters, dict):
            raise ConfigError(f"{FILE}: {stage} stands before the first stage: put it into one")
    return {
        stage: {name: str(value) for name, value in parameters.items()}
        for stage, parameters in found.items()
    }


def stage_of(environment: str, stages: Iterable[str]) -> str:
    """The stage that an environment is named for; empty for production."""
    return next((stage for stage in stages if environment.startswith(f"{stage}-")), "")


def meeting(regions: Iterable[Region], stages: Iterable[str]) -> Iterator[str]:
    """Which stages' names can meet, a sentence each.

    A stack's tables, and its secret, are named for it, and its roles may use whatever begins so.
    """
    stacks = {region.stack: stage_of(region.name, stages) for region in regions}
    for region in regions:
        stage = stage_of(region.name, stages)
        if stacks[region.stack] != stage:
            yield (
                f"{region.name} deploys the stack {region.stack}, which is another stage's as well:"
                f' give it stack_name = "{stage or "production"}-{region.stack}"'
            )
    for one, other in permutations(stacks, 2):
        if other.startswith(f"{one}-"):
            rest = other.removeprefix(f"{one}-")
            yield (
                f"the stack {one} may use what is named {one}-..., the tables of {other} among it:"
                f" call that {rest}-{one}"
            )
