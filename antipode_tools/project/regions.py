"""The Regions of samconfig.toml: its environments, as `sam deploy --config-env` knows them."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A parsed TOML table: checked where it is read.
Table = Mapping[str, Any]


class ConfigError(ValueError):
    """samconfig.toml or an argument names something that is not there."""


@dataclass(frozen=True)
class Region:
    """One environment of samconfig.toml: a Region and the stack deployed to it.

    Args:
        name: the environment's name (ireland).
        code: the Region's (eu-west-1).
    """

    name: str
    code: str
    stack: str
    parameters: Mapping[str, str]

    @property
    def domain(self) -> str:
        """The domain name that it shares with other Regions; empty if it has none."""
        return self.parameters.get("DomainName", "")

    @property
    def home(self) -> str:
        """The Region whose stack declares the tables; empty if samconfig.toml does not say."""
        return self.parameters.get("HomeRegion", "")


def read_regions(file: Path) -> dict[str, Region]:
    """The Regions of a samconfig.toml, by the names of their environments.

    Raises:
        ConfigError: it cannot be read or understood.
    """
    try:
        return regions_of(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}") from error


def regions_of(samconfig: str) -> dict[str, Region]:
    """The Regions of the text of samconfig.toml, by the names of their environments.

    Raises:
        ConfigError: an environment has no stack_name, or parameters in an unknown form.
        tomllib.TOMLDecodeError: it is not TOML.
    """
    document = tomllib.loads(samconfig)
    deployments = {
        name: _command_parameters(environment, "global")
        | _command_parameters(environment, "deploy")
        for name, environment in document.items()
        if isinstance(environment, Mapping)
    }
    return {
        name: _region(name, parameters)
        for name, parameters in deployments.items()
        if "region" in parameters
    }


def _command_parameters(environment: Table, command: str) -> dict[str, Any]:
    return dict(environment.get(command, {}).get("parameters", {}))


def _region(name: str, parameters: Table) -> Region:
    if "stack_name" not in parameters:
        raise ConfigError(f"samconfig.toml: environment {name} has no stack_name")
    return Region(
        name=name,
        code=parameters["region"],
        stack=parameters["stack_name"],
        parameters=_overrides(parameters.get("parameter_overrides", {})),
    )


def _overrides(value: object) -> dict[str, str]:
    """The three forms that the SAM CLI accepts: a table, a list and a string of KEY=VALUE."""
    match value:
        case Mapping():
            return {str(key): str(item) for key, item in value.items()}
        case str():
            return _overrides(shlex.split(value))
        case Sequence():
            pairs = (str(item).partition("=") for item in value)
            return {key: item for key, _, item in pairs}
        case _:
            raise ConfigError(f"samconfig.toml: parameter_overrides cannot be {value!r}")
