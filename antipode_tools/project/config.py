"""The local world's configuration: its Regions, its files and its ports.

The Regions are the environments of samconfig.toml, the same that `sam deploy --config-env` knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from antipode_tools.project.regions import ConfigError, Region, read_regions

DEFAULT_PORT = 4000


@dataclass(frozen=True)
class WorldConfig:
    """Everything that a world is made from.

    Args:
        root: the project.
        state: the world's own folder: world.json, its lock, logs and the files of its run.
        shared: what worlds have in common: the engine's environment and the build cache.
        port: the engine's; the Regions take those that follow. 0 takes any that are free.
        tls: whether the Regions are served over TLS, too, each on a second port.
    """

    root: Path
    state: Path
    shared: Path
    samconfig: Path
    regions: tuple[Region, ...]
    port: int = DEFAULT_PORT
    tls: bool = False

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
        """The file in which a running world reports the progress of an update."""
        return self.run / "update.jsonl"

    @property
    def lock_file(self) -> Path:
        return self.state / "world.lock"

    def as_json(self) -> dict[str, Any]:
        """The form in which the world's process gets it."""
        return {
            "root": str(self.root),
            "state": str(self.state),
            "shared": str(self.shared),
            "samconfig": str(self.samconfig),
            "regions": [asdict(region) for region in self.regions],
            "port": self.port,
            "tls": self.tls,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        return cls(
            root=Path(told["root"]),
            state=Path(told["state"]),
            shared=Path(told["shared"]),
            samconfig=Path(told["samconfig"]),
            regions=tuple(Region(**region) for region in told["regions"]),
            port=told["port"],
            tls=told["tls"],
        )

    def region_port(self, region: Region) -> int:
        return self.port and self.port + 1 + self.regions.index(region)

    def gateway_port(self, region: Region) -> int:
        """The port of the Region's HTTP API, if it shares a name with others."""
        return self.port and self.region_port(region) + len(self.regions)

    @property
    def shared_port(self) -> int:
        """The port of the shared name, if there is one."""
        return self.port and self.port + 1 + 2 * len(self.regions)

    def tls_port(self, region: Region) -> int:
        """The second port of the Region, for TLS."""
        return self.port and self.shared_port + 1 + self.regions.index(region)

    @property
    def console_port(self) -> int:
        """The port of the console, behind all others, whether they are used or not."""
        return self.port and self.shared_port + 1 + len(self.regions)

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that is taken: the shared name's and TLS's only where they are used."""
        sharing = [region for region in self.regions if region.domain]
        return (
            self.port,
            *map(self.region_port, self.regions),
            *map(self.gateway_port, sharing),
            *([self.shared_port] if sharing else []),
            *(map(self.tls_port, self.regions) if self.tls else []),
            self.console_port,
        )

    @property
    def certificates(self) -> Path:
        """Where the world's certificate authority is kept, from one world to the next."""
        return self.state / "tls"


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
    tls: bool = False,
) -> WorldConfig:
    """The world of the named environments: by default the first of each Region.

    Raises:
        ConfigError: samconfig.toml cannot be read, has no such environment, or two of those
            named are of one Region: a world has each Region once. Or there is a file where the
            world's folder would be.
    """
    folder = (state or root / ".local").absolute()
    _check_folder(folder)
    file = samconfig or root / "samconfig.toml"
    known = read_regions(file)
    regions = _chosen(known, names, file) if names else first_of_each(known.values())
    return WorldConfig(
        root=root,
        state=folder,
        shared=root / ".local",
        samconfig=file.absolute(),
        regions=regions,
        port=port,
        tls=tls,
    )


def _check_folder(folder: Path) -> None:
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        raise ConfigError(f"{there} is no folder: name one for the world by --state")


def of_regions(config: WorldConfig, names: Sequence[str]) -> WorldConfig:
    """The same world with these Regions, as samconfig.toml describes them now.

    Raises:
        ConfigError: it cannot be read, or has no such environment.
    """
    return replace(config, regions=_chosen(read_regions(config.samconfig), names, config.samconfig))


def _chosen(known: Mapping[str, Region], names: Sequence[str], file: Path) -> tuple[Region, ...]:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ConfigError(
            f"{file.name} has no environment {', '.join(unknown)}; it has {', '.join(known)}"
        )
    chosen = tuple(known[name] for name in dict.fromkeys(names))
    firsts = {region.code: region for region in reversed(chosen)}
    for region, first in ((each, firsts[each.code]) for each in chosen):
        if region is not first:
            raise ConfigError(
                f"{first.name} and {region.name} of {file.name} are both {region.code}: a world has"
                " each Region once"
            )
    return chosen


def first_of_each(regions: Iterable[Region]) -> tuple[Region, ...]:
    """The first environment of each Region in samconfig.toml."""
    by_code: dict[str, Region] = {}
    for region in regions:
        by_code.setdefault(region.code, region)
    return tuple(by_code.values())
