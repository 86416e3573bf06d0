from __future__ import annotations

import json
from pathlib import Path

import pytest

from antipode_tools.project.config import WorldConfig, load
from antipode_tools.project.regions import ConfigError, Region

SAMCONFIG = """
version = 0.1
[default.global.parameters]
language_extensions = true
[ireland.global.parameters]
region = "eu-west-1"
stack_name = "antipode"
[ireland.deploy.parameters]
resolve_s3 = true
[sydney.deploy.parameters]
region = "ap-southeast-2"
stack_name = "antipode"
parameter_overrides = {Lanes = "4", LogLevel = "DEBUG"}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "samconfig.toml").write_text(SAMCONFIG)
    return tmp_path


def test_every_environment_with_a_region_is_one_in_the_order_of_the_file(root: Path) -> None:
    assert load(root=root).regions == (
        Region("ireland", "eu-west-1", "antipode", {}),
        Region("sydney", "ap-southeast-2", "antipode", {"Lanes": "4", "LogLevel": "DEBUG"}),
    )


def test_the_regions_named_are_taken_in_the_order_named(root: Path) -> None:
    names = [region.name for region in load(root=root, names=["sydney", "ireland"]).regions]
    assert names == ["sydney", "ireland"]


def test_an_unknown_environment_is_refused_with_those_that_are_there(root: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(root=root, names=["ireland", "virginia"])
    assert str(refused.value) == (
        "samconfig.toml has no environment virginia; it has ireland, sydney"
    )


@pytest.mark.parametrize(
    "overrides",
    [
        '"Lanes=4 LogLevel=\\"DEBUG\\""',
        '["Lanes=4", "LogLevel=DEBUG"]',
        '{Lanes = 4, LogLevel = "DEBUG"}',
    ],
)
def test_parameters_are_read_in_each_form_that_the_sam_cli_takes(
    root: Path, overrides: str
) -> None:
    file = root / "samconfig.toml"
    file.write_text(
        '[x.deploy.parameters]\nregion = "us-east-1"\nstack_name = "s"\n'
        f"parameter_overrides = {overrides}"
    )
    [region] = load(root=root).regions
    assert region.parameters == {"Lanes": "4", "LogLevel": "DEBUG"}


def test_parameters_in_another_form_are_refused(root: Path) -> None:
    (root / "samconfig.toml").write_text(
        '[x.deploy.parameters]\nregion = "r"\nstack_name = "s"\nparameter_overrides = 4'
    )
    with pytest.raises(ConfigError, match=r"^samconfig\.toml: parameter_overrides cannot be 4$"):
        load(root=root)


def test_a_region_without_a_stack_name_is_refused(root: Path) -> None:
    (root / "samconfig.toml").write_text('[x.deploy.parameters]\nregion = "us-east-1"')
    with pytest.raises(ConfigError, match=r"^samconfig\.toml: environment x has no stack_name$"):
        load(root=root)


@pytest.mark.parametrize("content", [None, "[[["])
def test_a_file_that_cannot_be_read_is_named(root: Path, content: str | None) -> None:
    file = root / "samconfig.toml"
    file.unlink() if content is None else file.write_text(content)
    with pytest.raises(ConfigError, match=f"^cannot read {file}: "):
        load(root=root)


def test_the_regions_take_the_ports_after_the_engines(root: Path) -> None:
    config = load(root=root, port=5000)
    assert [config.region_port(region) for region in config.regions] == [5001, 5002]


def test_port_0_takes_any_port_for_each_region(root: Path) -> None:
    config = load(root=root, port=0)
    assert [config.region_port(region) for region in config.regions] == [0, 0]


def test_a_world_has_a_folder_of_its_own_and_shares_what_is_slow_to_make(root: Path) -> None:
    own = load(root=root, state=root / "own")
    assert (own.world_file, own.run) == (root / "own" / "world.json", root / "own" / "run")
    assert own.shared == load(root=root).state == root / ".local"


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_is_no_folder_of_a_world(root: Path, below: str) -> None:
    file = root / "file"
    file.touch()
    with pytest.raises(ConfigError) as raised:
        load(root=root, state=file / below)
    assert str(raised.value) == f"{file} is no folder: name one for the world by --state"
    assert load(root=root, state=root / "none" / "yet").state == root / "none" / "yet"


def test_a_configuration_is_the_same_in_the_process_that_it_is_handed_to(root: Path) -> None:
    config = load(root=root, names=["sydney"], port=5000, state=root / "own", tls=True)
    assert WorldConfig.from_json(json.loads(json.dumps(config.as_json()))) == config


STAGING = """
[staging.global.parameters]
region = "eu-west-1"
stack_name = "antipode-staging"
"""


@pytest.fixture
def staged(root: Path) -> Path:
    """A project with two environments of Ireland."""
    (root / "samconfig.toml").write_text(SAMCONFIG + STAGING)
    return root


@pytest.mark.parametrize(
    ("named", "chosen"),
    [
        ([], ["ireland", "sydney"]),
        (["staging"], ["staging"]),
        (["sydney", "staging"], ["sydney", "staging"]),
        (["ireland", "ireland"], ["ireland"]),
    ],
)
def test_of_two_environments_of_a_region_the_first_is_taken_unless_another_is_named(
    staged: Path, named: list[str], chosen: list[str]
) -> None:
    assert [region.name for region in load(root=staged, names=named).regions] == chosen


def test_two_environments_of_one_region_are_not_one_world(staged: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load(root=staged, names=["staging", "sydney", "ireland"])
    assert str(refused.value) == (
        "staging and ireland of samconfig.toml are both eu-west-1: a world has each Region once"
    )


def test_each_region_has_a_second_port_for_tls_behind_all_others(root: Path) -> None:
    config = load(root=root, port=5000, tls=True)
    assert [config.tls_port(region) for region in config.regions] == [5006, 5007]
    any_port = load(root=root, port=0, tls=True)
    assert [any_port.tls_port(region) for region in any_port.regions] == [0, 0]
