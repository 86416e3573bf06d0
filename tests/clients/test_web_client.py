"""The web client, clients/javascript: its tests in Node, its types, and the package that it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.clients.assemble import ASSEMBLED, CLIENT, MAX_BYTES, assembled
from tests.clients.tools import FOLDER, ROOT, Node

TESTS = sorted((FOLDER / "javascript").glob("*.test.mjs"))


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name)
def test_it_passes_its_own_tests(node: Node, file: Path) -> None:
    said = node.run("node", "--test-reporter=tap", str(file))
    counted = {name: int(number) for name, number in re.findall(r"^# (\w+) (\d+)$", said, re.M)}
    assert (counted["fail"], counted["cancelled"], counted["skipped"]) == (0, 0, 0), said
    assert counted["pass"] == counted["tests"] > 0


def test_the_one_module_is_what_its_sources_say(node: Node) -> None:
    assert ASSEMBLED.read_text() == assembled(node)


def test_it_is_small_and_rests_on_nothing() -> None:
    text = ASSEMBLED.read_text()
    assert len(text.encode()) <= MAX_BYTES
    [claimed] = re.findall(r"one module of\nat most (\d+) kB", (ROOT / "README.md").read_text())
    assert int(claimed) * 1000 == MAX_BYTES
    assert re.findall(r"\b(?:import|require)\b", text.partition("\n")[2]) == []
    package = json.loads((CLIENT / "package.json").read_text())
    assert not {"dependencies", "peerDependencies"} & set(package)


@pytest.fixture(scope="module")
def installed(node: Node, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An application that has installed the package, as npm makes it."""
    application = tmp_path_factory.mktemp("application")
    packed = node.run("npm", "pack", "--json", "--pack-destination", str(application), str(CLIENT))
    [package] = json.loads(packed)
    (application / "package.json").write_text('{"type": "module"}')
    archive = application / package["filename"]
    node.run(
        "npm", "install", "--offline", "--no-audit", "--prefix", str(application), str(archive)
    )
    return application


def test_the_package_installs(node: Node, installed: Path) -> None:
    (installed / "program.js").write_text(
        'import * as client from "antipode-client"; console.log(Object.keys(client).join());'
    )
    assert node.run("node", str(installed / "program.js")) == "Antipode,AntipodeError\n"
    files = (installed / "node_modules" / "antipode-client").rglob("*")
    assert {file.name for file in files if file.is_file()} == {
        *("antipode.js", "antipode.d.ts", "package.json", "README.md"),
        *(file.name for file in (CLIENT / "src").iterdir()),
    }


def test_its_types_are_what_an_application_wants(node: Node, installed: Path) -> None:
    program = installed / "types.ts"
    program.write_text((FOLDER / "javascript" / "types.ts").read_text())
    options = ("--strict", "--noEmit", "--target", "es2022", "--module", "nodenext")
    said = node.run("tsc", *options, "--lib", "es2023,dom", str(program))
    assert said == ""
