"""What is deployed: complete, so that it runs with nothing else, and with nothing else in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import artefacts
from bench.artefacts import FUNCTIONS, loaded


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages of Lambda's runtime and no others."""
    return artefacts.runtime(tmp_path_factory.mktemp("runtime"))


def files(folder: Path) -> Iterator[str]:
    return (str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_needs_the_shared_layer_and_the_runtime_and_nothing_else(
    build: Path, runtime: Path, function: str
) -> None:
    ended = loaded(build, function, build / "SharedLayer" / "python", runtime)
    assert ended.returncode == 0, ended.stderr


def test_the_authorizer_of_a_key_set_needs_no_boto3(build: Path) -> None:
    ended = loaded(
        build,
        "AuthorizerFunction",
        build / "SharedLayer" / "python",
        TOKEN_JWKS_URL="https://issuer.example/keys",
    )
    assert ended.returncode == 0, ended.stderr


def test_a_handler_without_what_it_needs_does_not_load(build: Path) -> None:
    ended = loaded(build, "ReplicaFunction", build / "SharedLayer" / "python")
    assert "No module named 'boto3'" in ended.stderr


@pytest.mark.parametrize(
    ("function", "package"),
    [("RelayFunction", "relay"), ("ReplicaFunction", "replica"), ("HealthFunction", "health")],
)
def test_a_function_holds_its_package_and_nothing_else(
    build: Path, root: Path, function: str, package: str
) -> None:
    source = root / "src" / package
    assert sorted(files(build / function)) == sorted(
        f"{package}/{path.name}"
        for path in source.iterdir()
        if path.is_file() and path.name != "Makefile"
    )


def test_the_authorizer_holds_its_package_and_its_library_and_nothing_else(
    build: Path, root: Path
) -> None:
    function = build / "AuthorizerFunction"
    [metadata] = function.glob("*.dist-info")
    assert {path.name for path in function.iterdir()} == {"authorizer", "jwt", metadata.name}
    assert metadata.name.startswith("pyjwt-")
    assert sorted(files(function / "authorizer")) == sorted(
        path.name
        for path in (root / "src" / "authorizer").iterdir()
        if path.suffix in (".py", ".json")
    )
    # The same on every machine, and small: a cold start loads all of it.
    assert compiled(function) == set()
    assert sum(path.stat().st_size for path in function.rglob("*")) < 500_000


def test_the_layer_of_key_sets_holds_cryptography_for_the_runtime_and_nothing_else(
    build: Path,
) -> None:
    layer = build / "AsymmetricLayer"
    assert [path.name for path in layer.iterdir()] == ["python"]
    installed = {path.name.partition(".")[0].partition("-")[0] for path in layer.glob("python/*")}
    assert installed == {"_cffi_backend", "cffi", "cryptography", "pycparser"}
    assert compiled(layer) == {"cpython-313-aarch64-linux-gnu.so", "abi3.so"}
    [rust] = layer.rglob("_rust.abi3.so")
    # The machine of an ELF file: 183 is arm64's.
    assert int.from_bytes(rust.read_bytes()[18:20], "little") == 183


def test_the_layer_holds_the_library_what_it_needs_and_nothing_else(
    build: Path, root: Path
) -> None:
    layer = build / "SharedLayer"
    assert [path.name for path in layer.iterdir()] == ["python"]
    installed = {path.name for path in (layer / "python").iterdir()}
    metadata = {name for name in installed if name.endswith(".dist-info")}
    assert installed - metadata == {
        "antipode",
        "aws_lambda_powertools",
        "certifi",
        "charset_normalizer",
        "idna",
        "jmespath",
        "requests",
        "requests_aws4auth",
        "typing_extensions.py",
        "urllib3",
    }
    source = root / "src" / "layer" / "antipode"
    assert sorted(files(layer / "python" / "antipode")) == sorted(
        name for name in files(source) if "__pycache__" not in name
    )
    assert [name for name in files(layer) if "__pycache__" in name] == []


def compiled(folder: Path) -> set[str]:
    """The ends of the names of compiled modules, which say what they are compiled for."""
    return {path.name.partition(".")[2] for path in folder.rglob("*.so")}


def test_what_every_function_shares_is_compiled_for_arm(build: Path) -> None:
    assert compiled(build / "SharedLayer") == {"cpython-313-aarch64-linux-gnu.so"}


@pytest.mark.parametrize(
    ("source", "artefact"),
    [
        ("layer", "SharedLayer"),
        ("asymmetric", "AsymmetricLayer"),
        ("authorizer", "AuthorizerFunction"),
    ],
)
def test_what_is_built_is_the_same_with_pip_where_there_is_no_uv(
    build: Path, root: Path, tmp_path: Path, source: str, artefact: str
) -> None:
    pip = subprocess.run(
        ["python3", "-m", "pip", "--version"],
        env={"PATH": os.defpath},
        capture_output=True,
        check=False,
    )
    if pip.returncode != 0:
        pytest.skip("the system's python3 has no pip")
    folder = tmp_path / source
    shutil.copytree(root / "src" / source, folder)
    made = subprocess.run(
        ["make", f"build-{artefact}"],
        cwd=folder,
        env={**os.environ, "PATH": os.defpath, "ARTIFACTS_DIR": str(tmp_path / "made")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert "pip install" in made.stdout

    def contents(folder: Path) -> list[str]:
        # Each installer signs its work.
        signature = re.compile(r"\.dist-info/(INSTALLER|RECORD|REQUESTED)$")
        return sorted(name for name in files(folder) if not signature.search(name))

    assert contents(tmp_path / "made") == contents(build / artefact)


def test_schema_and_resolvers_are_where_the_built_template_points(build: Path) -> None:
    text = (build / "template.yaml").read_text()
    locations = re.findall(r"(?:CodeS3Location|DefinitionS3Location): (\S+)", text)
    # The schema and a file for each kind of resolver that the repository's own model has.
    assert len(locations) == 8
    for location in locations:
        assert (build / location).is_file(), location
