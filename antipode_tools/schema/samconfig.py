"""samconfig.toml, of which the parameters are written that are the same in every Region or stage.

A stack keeps what it has: of a parameter that is not named, `sam deploy` sends the previous value,
whatever the template's default has become. So what is changed by its default is named in every
environment, from there.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from antipode_tools.project.regions import Region
from antipode_tools.project.stages import FILE, Stages, stage_of
from antipode_tools.project.tables import own_name, parameter
from antipode_tools.schema.marks import between

# Where tables are and who owns them; how clients sign in, which the schema says too; and what the
# relay's documents must keep to.
SHARED = (
    "HomeRegion",
    "Regions",
    "AuthMode",
    "AdditionalAuthModes",
    "TokenIssuer",
    "TokenAudience",
    "TokenJwksUrl",
    "UserPoolId",
    "UserPoolRegion",
    "UserPoolClientId",
    "OidcIssuer",
    "OidcClientId",
    "QueryDepthLimit",
)

_PART = "the same in every Region, by antipode schema"
_OF_STAGE = "of the stage {}, by antipode schema"
# `[ireland.deploy.parameters]`
_ENVIRONMENT = re.compile(r"(?m)^\[([\w-]+)\.")

# Parameters by the environment that they are for.
Own = Mapping[str, Mapping[str, str]]


def with_shared(samconfig: str, values: Mapping[str, str], own: Own | None = None) -> str:
    """The text of samconfig.toml with these parameters in every environment that has marks, and
    behind them what is `own` to one."""
    return _with(samconfig, _PART, values, own or {})


def with_stages(samconfig: str, stages: Stages) -> str:
    """The text of samconfig.toml with each stage's parameters in its environments."""
    for stage, values in stages.items():
        samconfig = _with(samconfig, _OF_STAGE.format(stage), values, {})
    return samconfig


def table_parameters(
    regions: Mapping[str, Region], stages: Stages, tables: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What environments call the tables that models name, by environment: production the table
    that is named, and a stage its own, lest two stages have one. stages.toml may name another,
    which is written with the rest of the stage.

    Args:
        tables: by the models' ids.
    """
    return {
        region.name: {
            parameter(model): own_name(region.stack, model) if stage else table
            for model, table in tables.items()
            if parameter(model) not in stages.get(stage, {})
        }
        for region in regions.values()
        for stage in (stage_of(region.name, stages),)
    }


def _with(samconfig: str, part: str, values: Mapping[str, str], own: Own) -> str:
    def written(found: re.Match[str]) -> str:
        before = _ENVIRONMENT.findall(samconfig[: found.start()])
        its = {**values, **own.get(before[-1] if before else "", {})}
        lines = "".join(f"{name} = {_text(value)}\n" for name, value in its.items())
        return f"{found['begin']}{lines}{found['end']}"

    return between(part).sub(written, samconfig)


def unlike(
    regions: Mapping[str, Region], values: Mapping[str, str], own: Own | None = None
) -> Iterator[str]:
    """What environments have otherwise than these values, in words."""
    for region in regions.values():
        its = (own or {}).get(region.name, {})
        missing = [name for name in (*values, *its) if name not in region.parameters]
        if missing:
            yield (
                f"[{region.name}.deploy] does not name {', '.join(missing)}, so that its stack "
                "would keep what it has: give its parameter_overrides the lines "
                f'"# {_PART}: begin" and "... end", as they stand elsewhere'
            )
        for name, value in values.items():
            if region.parameters.get(name, value) != value:
                yield (
                    f"[{region.name}.deploy] sets {name} to {region.parameters[name]!r}, which is "
                    f"{value!r} in every Region: change the default in template.yaml"
                )
        for name, value in its.items():
            if region.parameters.get(name, value) != value:
                yield (
                    f"[{region.name}.deploy] sets {name} to {region.parameters[name]!r}, which is "
                    f"{value!r} by graphql/models.graphql: change @model(table:) there, or name "
                    f"the table of a stage in {FILE}"
                )


def unlike_stages(regions: Mapping[str, Region], stages: Stages) -> Iterator[str]:
    """What environments have otherwise than their stages, in words."""
    for region in regions.values():
        stage = stage_of(region.name, stages)
        for name, value in stages.get(stage, {}).items():
            if (found := region.parameters.get(name)) != value:
                has = f"sets {name} to {found!r}" if found is not None else f"does not name {name}"
                yield (
                    f"[{region.name}.deploy] {has}, which {FILE} has as {value!r}: give its"
                    f' parameter_overrides the lines "# {_OF_STAGE.format(stage)}: begin" and'
                    ' "... end"'
                )


def _text(value: str) -> str:
    """A text as TOML has it, which is as JSON has what is printable."""
    return json.dumps(value, ensure_ascii=False)
