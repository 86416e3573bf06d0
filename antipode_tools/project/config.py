"""Which Regions the local world has, where it keeps its files and which ports it takes.

The Regions are the environments of samconfig.toml, the same that `sam deploy --config-env` knows.
"""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

DEFAULT_PORT = 4000

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
        """The name that it shares with other Regions; empty if it has none."""
        return self.parameters.get("DomainName", "")


@dataclass(frozen=True)
class WorldConfig:
    """Everything that a world is made from.

    Args:
        root: the project.
        state: the world's own folder: world.json, its lock, logs and the files of its run.
        shared: what worlds have in common: the engine's environment and the build cache.
        port: the engine's; the Regions take those that follow. 0 takes any that are free.
    """

    root: Path
    state: Path
    shared: Path
    samconfig: Path
    regions: tuple[Region, ...]
    port: int = DEFAULT_PORT

    @property
    def run(self) -> Path:
        """What lives only as long as the world does."""
        return self.state / "run"

    @property
    def built(self) -> Path:
        """The template that `sam build` makes."""
        return self.run / "build" / "template.yaml"

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def daemon_log(self) -> Path:
        return self.logs / "world.log"

    @property
    def world_file(self) -> Path:
        return self.state / "world.json"

    @property
    def update_file(self) -> Path:
        """In which a running world tells the progress of an update."""
        return self.run / "update.jsonl"

    @property
    def lock_file(self) -> Path:
        return self.state / "world.lock"

    def region_port(self, region: Region) -> int:
        return self.port and self.port + 1 + self.regions.index(region)

    def gateway_port(self, region: Region) -> int:
        """Of the Region's HTTP API, if it shares a name with others."""
        return self.port and self.region_port(region) + len(self.regions)

    @property
    def shared_port(self) -> int:
        """Of the shared name, if there is one."""
        return self.port and self.port + 1 + 2 * len(self.regions)


def project_root() -> Path:
    """The folder of template.yaml and samconfig.toml."""
    return Path(__file__).resolve().parents[2]


def load(
    *,
    root: Path,
    names: Sequence[str] = (),
    port: int = DEFAULT_PORT,
    state: Path | None = None,
    samconfig: Path | None = None,
) -> WorldConfig:
    """The world of the Regions named, by default of every one in samconfig.toml.

    Raises:
        ConfigError: samconfig.toml cannot be read, or has no such environment.
    """
    file = samconfig or root / "samconfig.toml"
    return WorldConfig(
        root=root,
        state=(state or root / ".local").absolute(),
        shared=root / ".local",
        samconfig=file.absolute(),
        regions=_chosen(_regions(file), names, file),
        port=port,
    )


def of_regions(config: WorldConfig, names: Sequence[str]) -> WorldConfig:
    """The same world with these Regions, as samconfig.toml describes them now.

    Raises:
        ConfigError: it cannot be read, or has no such environment.
    """
    return replace(config, regions=_chosen(_regions(config.samconfig), names, config.samconfig))


def _chosen(known: Mapping[str, Region], names: Sequence[str], file: Path) -> tuple[Region, ...]:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigError(
            f"{file.name} has no environment {', '.join(unknown)}; it has {', '.join(known)}"
        )
    return tuple(known[name] for name in names or known)


def _regions(file: Path) -> dict[str, Region]:
    try:
        return regions_of(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read {file}: {error}") from error


def regions_of(samconfig: str) -> dict[str, Region]:
    """The Regions of the text of samconfig.toml, by the names of their environments.

    Raises:
        ConfigError: an environment has no stack_name, or parameters in a form that nobody reads.
        tomllib.TOMLDecodeError: it is no TOML.
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
