from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from antipode_tools.project import world_file
from antipode_tools.project.config import WorldConfig, load
from antipode_tools.project.local_world import Found
from antipode_tools.project.lock import Lock, holder
from antipode_tools.project.world_file import Pids
from antipode_tools.world import control
from antipode_tools.world.control import Ended
from antipode_tools.world.deployment.fingerprint import Project
from antipode_tools.world.deployment.update import Update
from antipode_tools.world.errors import AFRESH, WorldError
from antipode_tools.world.progress import Step, StepState, silent
from tests.fakes.project import SAMCONFIG, make_project
from tests.fakes.world import a_world

WORLD = a_world(pids=Pids(os.getpid(), os.getpid()))
STEP = Step("build", "the functions and their layer", StepState.DONE, 1.5)


@pytest.fixture
def config(tmp_path: Path) -> WorldConfig:
    return load(root=make_project(tmp_path), names=["ireland"], state=tmp_path / "state")


@pytest.fixture
def lock(config: WorldConfig) -> Iterator[Lock]:
    """Has this process be that of the world."""
    lock = Lock.take(config.lock_file)
    assert lock is not None
    yield lock
    if holder(config.lock_file) == os.getpid():
        lock.release()


@pytest.fixture
def living(config: WorldConfig, lock: Lock) -> WorldConfig:
    """A world whose process is this one."""
    return config


# What a world does that is asked for an update, to the file in which it tells of that.
Answer = Callable[[Path], None]


@pytest.fixture
def asked(living: WorldConfig) -> Iterator[Callable[[Answer], Found]]:
    """Makes the world answer in a way, and finds it."""

    def answering(answer: Answer) -> Found:
        signal.signal(control.UPDATE, lambda *_: answer(living.update_file))
        world_file.write(living.world_file, WORLD)
        return control.find(living)

    yield answering
    signal.signal(control.UPDATE, signal.SIG_DFL)


def lines(*events: dict[str, Any]) -> str:
    return "".join(json.dumps(event) + "\n" for event in events)


def test_where_nothing_was_started_there_is_nothing_to_end(config: WorldConfig) -> None:
    assert control.stop(config) is Ended.NOTHING
    assert not config.state.exists()


def test_a_folder_that_cannot_be_made_is_said(config: WorldConfig) -> None:
    config.state.touch()
    with pytest.raises(WorldError) as raised:
        control.start(config, silent)
    assert (raised.value.what, raised.value.remedy) == (
        "the world's folder cannot be made",
        "name another by --state",
    )


def test_what_a_killed_world_left_is_removed_but_for_its_logs(config: WorldConfig) -> None:
    config.run.mkdir(parents=True)
    (config.run / "file").touch()
    config.world_file.write_text("{}")
    config.logs.mkdir()
    assert control.stop(config) is Ended.REMAINS
    assert {path.name for path in config.state.iterdir()} == {"log", "world.lock"}


def test_a_world_that_another_version_started_must_be_started_again(living: WorldConfig) -> None:
    living.world_file.write_text('{"engine_url": "http://127.0.0.1:4000"}')
    with pytest.raises(WorldError) as raised:
        control.find(living)
    assert raised.value == WorldError(
        "the running world cannot be used",
        f"{living.world_file} has version none, and this antipode reads 1",
        AFRESH,
    )


def test_a_world_that_is_up_to_date_is_not_updated(
    living: WorldConfig, asked: Callable[[Answer], Found]
) -> None:
    def refuse(_: Path) -> None:
        raise AssertionError("the world was asked")

    found = asked(refuse)
    current = replace(found, world=replace(WORLD, project=Project.read(living).digest))
    assert control.update(living, current, silent) is None


def test_an_update_is_followed_step_by_step_to_its_end(
    living: WorldConfig, asked: Callable[[Answer], Found]
) -> None:
    update, steps = Update(("template.yaml",), added=("Todo",)), list[Step]()
    found = asked(
        lambda file: append(file, lines({"step": asdict(STEP)}, {"updated": update.as_json()}))
    )
    assert control.update(living, found, steps.append) == update
    assert steps == [STEP]
    assert (
        control.update(living, asked(lambda file: append(file, lines({"ready": True}))), silent)
        is None
    )


def append(file: Path, text: str) -> None:
    with file.open("a") as output:
        output.write(text)


def test_why_an_update_failed_is_what_the_world_says(
    living: WorldConfig, asked: Callable[[Answer], Found]
) -> None:
    error = WorldError("sam deploy failed", "no such type", AFRESH, living.logs / "ireland.log")
    found = asked(lambda file: append(file, lines({"failed": error.as_json()})))
    with pytest.raises(WorldError) as raised:
        control.update(living, found, silent)
    assert raised.value == error


def test_a_world_that_ends_during_an_update_is_not_waited_for(
    living: WorldConfig, lock: Lock, asked: Callable[[Answer], Found]
) -> None:
    def end(file: Path) -> None:
        append(file, '{"step": ')
        lock.release()

    with pytest.raises(WorldError, match="the world ended"):
        control.update(living, asked(end), silent)


def test_a_running_world_keeps_its_regions_and_takes_their_settings_as_they_are_now(
    config: WorldConfig,
) -> None:
    config.samconfig.write_text(
        f'{SAMCONFIG}\n[ireland.deploy.parameters]\nparameter_overrides = "Introspection=ENABLED"\n'
    )
    everywhere = load(root=config.root, state=config.state)
    running = control.running(everywhere, WORLD)
    [ireland] = config.regions
    assert running == replace(
        config, regions=(replace(ireland, parameters={"Introspection": "ENABLED"}),)
    )


@pytest.mark.parametrize(
    ("names", "port", "why"),
    [
        (["ireland", "sydney"], 4000, "it has the Regions ireland"),
        (["ireland"], 5000, "its ports begin with 4000"),
    ],
)
def test_a_running_world_takes_no_other_regions_and_ports(
    config: WorldConfig, names: list[str], port: int, why: str
) -> None:
    wanted = load(root=config.root, names=names, port=port, state=config.state)
    with pytest.raises(WorldError) as raised:
        control.running(wanted, WORLD, ports=True, regions=True)
    assert raised.value == WorldError("the running world cannot take the change", why, AFRESH)


def test_a_world_that_was_started_without_tls_is_not_served_over_it(config: WorldConfig) -> None:
    with pytest.raises(WorldError) as raised:
        control.running(replace(config, tls=True), WORLD)
    assert raised.value == WorldError(
        "the running world cannot take the change", "it was started without --tls", AFRESH
    )


def test_a_running_world_whose_region_is_configured_no_more_can_only_be_made_anew(
    config: WorldConfig,
) -> None:
    config.samconfig.write_text(SAMCONFIG.replace("ireland", "dublin"))
    with pytest.raises(WorldError) as raised:
        control.running(config, WORLD)
    assert (raised.value.why, raised.value.remedy) == (
        "samconfig.toml has no environment ireland; it has dublin, sydney",
        AFRESH,
    )
