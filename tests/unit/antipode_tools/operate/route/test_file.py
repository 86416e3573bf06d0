"""Routes in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from antipode_tools.operate.route import file
from antipode_tools.operate.route.routes import Routes
from antipode_tools.operate.stacks.errors import UsageError
from tests.unit.antipode_tools.operate.route.fakes import DOMAINS, ROUTES

GOOD = '[regions]\neu-west-1 = "eu.api.example.com"\n[default]\neu-west-1 = 1\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "routes.toml"


def test_the_projects_own_file_can_be_read() -> None:
    assert file.read(ROUTES) == Routes(
        regions=DOMAINS,
        default={"eu-west-1": 1},
        continents={
            "EU": {"eu-west-1": 1},
            "OC": {"ap-southeast-2": 1},
            "AS": {"ap-southeast-2": 3, "eu-west-1": 1},
        },
        countries={"TR": {"eu-west-1": 1}},
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GOOD + "[drained]\n", "there is no table drained: they are regions, default, continents,"),
        ("regions = 7\n", "regions is not a table"),
        (GOOD + "ap-southeast-2 = 0.5\n", "default.ap-southeast-2 is 0.5, which is not a whole"),
        (GOOD + "ap-southeast-2 = true\n", "default.ap-southeast-2 is True, which is not a whole"),
        ("[regions]\neu-west-1 = 7\n", "regions.eu-west-1 is 7, which is not a domain name"),
        (GOOD + "[continents]\nEU = 1\n", "continents.EU is not a table of Regions and weights"),
        (GOOD + '[countries]\nIE = {eu-west-1 = "1"}\n', "countries.IE.eu-west-1 is '1', which"),
        (GOOD + "[countries]\nUK = {eu-west-1 = 1}\n", "there is no country UK"),
        ("", "there is no Region: name at least one in regions"),
    ],
)
def test_an_invalid_file_is_reported_by_its_name(path: Path, text: str, why: str) -> None:
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        file.read(path)
    told = str(refused.value)
    assert told.startswith(f"{path} is not valid:\n  ")
    assert why in told


def test_everything_that_is_wrong_is_reported_at_once(path: Path) -> None:
    path.write_text(GOOD + "[countries]\nUK = {ireland = 1}\n")
    with pytest.raises(UsageError) as refused:
        file.read(path)
    assert len(str(refused.value).splitlines()) == 3


@pytest.mark.parametrize("content", [b"regions = {", b"\xff"])
def test_what_is_no_toml_cannot_be_read(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UsageError, match="cannot read"):
        file.read(path)


def test_a_file_that_is_not_there_cannot_be_read(path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read .*routes\.toml: .* No such file"):
        file.read(path)
