"""docs/security.md, held against the template and the tests that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from audit.templates import PRODUCTION
from tests.edge.stack import edge

from .evaluate import Stack
from .reading import load_file
from .test_permissions import allowed

# Role and policy, what it may do, and on what.
Grant = tuple[str, str, str]

THREATS = (
    "Forged announcements",
    "Replayed requests",
    "A stolen API key",
    "A token of another issuer",
    "`alg: none`",
    "Algorithm confusion",
    "Keys out of reach",
    "Another's items",
    "What an item was",
    "Another's name",
    "Strange claims",
    "Rules that together let in too much",
    "Denials that tell",
    "Taken off a list",
    "More than AppSync filters by",
    "Oversized requests",
    "Malformed credentials, requests and frames",
    "Deeply nested queries",
    "Subscription floods",
    "Request floods",
    "Injection into logs",
    "A compromised Region",
    "The supply chain",
)


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "security.md").read_text()


def rows(page: str, *header: str) -> list[list[str]]:
    """The cells of the table that begins with these words."""
    _, _, rest = page.partition(f"| {' | '.join(header)} |\n")
    lines = rest.partition("\n\n")[0].splitlines()[1:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def grants(*stacks: Stack) -> set[Grant]:
    return {
        (f"{role} {policy}", action, shortened(resource))
        for role, policy, action, resource in allowed(*stacks)
    }


def shortened(resource: str) -> str:
    """What is left of an ARN without its Region and account, and a key by its parameter."""
    return re.sub(r"^arn:aws:\w+:[a-z0-9*-]+:\d{12}:", "", resource).replace(
        PRODUCTION["KmsKeyId"], "KmsKeyId"
    )


def test_every_permission_of_every_role_is_listed_with_its_reason(
    page: str, every_stack: Mapping[str, Stack], root: Path
) -> None:
    table = rows(page, "Role and policy", "May", "On", "Why")
    found = {
        (role.strip("`"), action, resource)
        for role, actions, resources, _ in table
        for action in re.findall(r"`([^`]+)`", actions)
        for resource in re.findall(r"`([^`]+)`", resources)
    }
    edge_template = load_file(root / "edge" / "template.yaml")
    assert found == grants(*every_stack.values(), edge(edge_template, Routing="LAMBDA"))
    for *_, reason in table:
        assert len(reason.split()) >= 4, reason


def test_every_threat_is_listed_once(page: str) -> None:
    table = rows(page, "Threat", "What stops it", "Shown by")
    assert [threat for threat, *_ in table] == [*THREATS]


def test_every_threat_is_stopped_by_something_that_a_test_shows(page: str, root: Path) -> None:
    files = [*(root / "tests").rglob("test_*.py")]  # once: thousands of npm's lie between them
    for threat, stopped, shown in rows(page, "Threat", "What stops it", "Shown by"):
        assert len(stopped.split()) >= 8, threat
        named = re.findall(r"`(\w+\.py)::(test_\w+)`", shown)
        assert named, threat
        assert shown.count("`") == 2 * len(named), threat
        for file, test in named:
            places = [path for path in files if path.name == file and defines(path, test)]
            assert places, f"{threat}: {file} has no {test}"


def defines(path: Path, test: str) -> bool:
    return re.search(rf"^(async )?def {test}\(", path.read_text(), re.MULTILINE) is not None


def test_the_parameters_for_production_are_those_that_are_audited(page: str) -> None:
    advised = dict(re.findall(r"^(\w+)=(\S+)$", page, re.MULTILINE))
    assert set(advised) == set(PRODUCTION)
    assert {name: advised[name] for name in PRODUCTION if name != "KmsKeyId"} == {
        name: value for name, value in PRODUCTION.items() if name != "KmsKeyId"
    }
