"""The world's file, world.json: what a running local world tells every other process.

Only the world writes it. It has each Region's addresses, how to sign in there, and the engine's
address. It holds keys, so only its owner may read it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from antipode_tools.project.auth_mode import AuthMode
from antipode_tools.project.conditions import Conditions
from antipode_tools.project.recipe import Recipe

# Raised whenever a reader of the version before would misread the file.
VERSION = 1

# A parsed JSON object: checked where it is read.
Json = Mapping[str, Any]


class WorldFileError(Exception):
    """This version cannot read the world's file: the world must be started again."""


@dataclass(frozen=True)
class Keys:
    """An IAM access key."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class Auth:
    """How clients sign in to a Region's API; an API key is in `WorldRegion`.

    Args:
        token: makes tokens that the API accepts, where this machine can.
        keys: sign requests, in the mode AWS_IAM.
        others: how else they sign in, each with what it takes.
    """

    mode: AuthMode
    token: Recipe | None = None
    keys: Keys | None = None
    others: tuple[Auth, ...] = ()

    @property
    def modes(self) -> tuple[AuthMode, ...]:
        """All of them, the default first."""
        return (self.mode, *(other.mode for other in self.others))

    def by(self, mode: AuthMode) -> Auth:
        """What it takes to sign in by one of the modes."""
        return next(each for each in (self, *self.others) if each.mode is mode)


@dataclass(frozen=True)
class Urls:
    """A Region's addresses, for queries and mutations and for subscriptions."""

    graphql_url: str
    realtime_url: str


@dataclass(frozen=True)
class WorldRegion:
    """A Region of a running world, with what its clients need.

    Args:
        name: its environment in samconfig.toml (ireland).
        code: the Region itself (eu-west-1).
        api_key: in the mode API_KEY.
        tables: the tables' names, by their models.
        outputs: the stack's.
        tls: the addresses over TLS, where the world was started with it.
    """

    name: str
    code: str
    stack: str
    graphql_url: str
    realtime_url: str
    api_key: str | None
    auth: Auth
    api_id: str
    tables: Mapping[str, str]
    outputs: Mapping[str, str]
    tls: Urls | None = None


@dataclass(frozen=True)
class SharedName:
    """The name in front of all Regions, and where it is served."""

    name: str
    url: str


@dataclass(frozen=True)
class Control:
    """Where a world takes orders, or its console is, and the key that they must come with."""

    url: str
    key: str

    @property
    def address(self) -> str:
        """Where a page with this key is: browsers send what follows the # nowhere."""
        return f"{self.url}/#{self.key}"


@dataclass(frozen=True)
class Pids:
    """The processes of a world."""

    world: int
    engine: int


@dataclass(frozen=True)
class WorldFile:
    """A running world.

    Args:
        engine_url: what stands in for AWS's own endpoints.
        regions: by their codes.
        iam: the keys of the world's administrator, who may do everything in every Region.
        project: a digest of the project that is deployed; None if an update failed halfway.
        certificate_authority: the PEM file that clients must trust for TLS.
        control: takes orders, such as to cut Regions off from each other.
        console: the page that shows the Regions side by side.
        conditions: what such orders have in force.
    """

    engine_url: str
    regions: Mapping[str, WorldRegion]
    iam: Keys
    pids: Pids
    logs: Path
    project: str | None = None
    shared_name: SharedName | None = None
    certificate_authority: Path | None = None
    control: Control | None = None
    console: Control | None = None
    conditions: Conditions = field(default_factory=Conditions)

    def as_json(self) -> dict[str, Any]:
        """The contents of the file."""
        told: dict[str, Any] = {
            "version": VERSION,
            "engine_url": self.engine_url,
            "regions": {code: _region_as_json(region) for code, region in self.regions.items()},
            "iam": asdict(self.iam),
            "pids": asdict(self.pids),
            "logs": str(self.logs),
            "project": self.project,
        }
        if self.shared_name:
            told["shared_name"] = asdict(self.shared_name)
        if self.certificate_authority:
            told["certificate_authority"] = str(self.certificate_authority)
        if self.control:
            told["control"] = asdict(self.control)
        if self.console:
            told["console"] = asdict(self.console)
        if self.conditions != Conditions():
            told["conditions"] = self.conditions.as_json()
        return told

    @classmethod
    def from_json(cls, told: Json) -> WorldFile:
        """Read what `as_json` wrote."""
        shared, authority = told.get("shared_name"), told.get("certificate_authority")
        control, conditions = told.get("control"), told.get("conditions")
        console = told.get("console")
        return cls(
            engine_url=told["engine_url"],
            regions={code: _region(code, region) for code, region in told["regions"].items()},
            iam=Keys(**told["iam"]),
            pids=Pids(**told["pids"]),
            logs=Path(told["logs"]),
            project=told["project"],
            shared_name=SharedName(**shared) if shared else None,
            certificate_authority=Path(authority) if authority else None,
            control=Control(**control) if control else None,
            console=Control(**console) if console else None,
            conditions=Conditions.from_json(conditions) if conditions else Conditions(),
        )


def read(file: Path) -> WorldFile:
    """The world that a file describes.

    Raises:
        FileNotFoundError: there is none.
        WorldFileError: another version of this program wrote it.
    """
    told = json.loads(file.read_text(encoding="utf-8"))
    version = told.get("version", "none")
    if version != VERSION:
        raise WorldFileError(f"{file} has version {version}, and this antipode reads {VERSION}")
    return WorldFile.from_json(told)


def write(file: Path, world: WorldFile) -> None:
    """Write the file atomically, readable by its owner alone."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as output:
        json.dump(world.as_json(), output, indent=2)
    new.rename(file)


def _region_as_json(region: WorldRegion) -> dict[str, Any]:
    told = {
        "name": region.name,
        "stack": region.stack,
        "graphql_url": region.graphql_url,
        "realtime_url": region.realtime_url,
        "api_key": region.api_key,
        "auth": _auth_as_json(region.auth, region.code),
        "api_id": region.api_id,
        "tables": dict(region.tables),
        "outputs": dict(region.outputs),
    }
    return told | ({"tls": asdict(region.tls)} if region.tls else {})


def _auth_as_json(auth: Auth, code: str) -> dict[str, Any]:
    told: dict[str, Any] = {"mode": auth.mode.value}
    if auth.token:
        told["token"] = asdict(auth.token)
    if auth.keys:
        told |= {"region": code, **asdict(auth.keys)}
    if auth.others:
        told["others"] = [_auth_as_json(other, code) for other in auth.others]
    return told


def _region(code: str, told: Json) -> WorldRegion:
    tls = Urls(**told["tls"]) if "tls" in told else None
    return WorldRegion(**{**told, "code": code, "auth": _auth(told["auth"]), "tls": tls})


def _auth(told: Json) -> Auth:
    token = told.get("token")
    signs = "access_key_id" in told
    return Auth(
        AuthMode(told["mode"]),
        token=Recipe(**token) if token else None,
        keys=Keys(told["access_key_id"], told["secret_access_key"]) if signs else None,
        others=tuple(_auth(other) for other in told.get("others", ())),
    )
