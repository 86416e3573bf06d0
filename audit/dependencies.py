"""The locked dependencies, asked after by pip-audit; and the locks' age where nobody answers.

pip-audit ends with 'no known vulnerabilities' and status 0 although it could ask after none of the
packages, as through a mirror that has no such service. So what it skipped is counted.
https://github.com/pypa/pip-audit
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from audit.findings import Finding
from audit.tools import Run

TOOL = "pip-audit"

LOCKS = (
    "requirements.lock",
    "antipode_tools/world/engine/engine.lock",
    "src/layer/requirements.txt",
    "src/authorizer/requirements.txt",
    "src/asymmetric/requirements.txt",
    "src/canary/requirements.txt",
    "audit/audit.lock",
    "tests/clients/node.lock",
)

DAY_S = 86_400
# A lock that nobody has looked at for so long is likely to hold something that was mended since.
OLD_DAYS = 30


Changed = Callable[[str], float | None]
"""When a lock was last changed, in seconds since 1970, if that is known."""


@dataclass(frozen=True)
class Answer:
    """What came of asking after one lock.

    Args:
        unknown: packages that the service does not know or that could not be asked after.
    """

    lock: str
    findings: tuple[Finding, ...]
    asked: int
    unknown: int

    @property
    def reached(self) -> bool:
        """Whether anybody answered."""
        return self.asked > self.unknown


def ask(run: Run, lock: str) -> Answer:
    """Asks PyPI's own service after every package of a lock."""
    ended = run(
        [
            TOOL,
            *("--vulnerability-service", "pypi"),
            *("--format", "json"),
            *("--progress-spinner", "off"),
            # The lock says it all: nothing is to be resolved or installed.
            "--disable-pip",
            "--require-hashes",
            *("--requirement", lock),
        ]
    )
    try:
        packages = json.loads(ended.out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Answer(lock, (), 0, 0)
    return Answer(
        lock=lock,
        findings=tuple(
            Finding(TOOL, weakness["id"], f"{lock}/{package['name']}", _message(package, weakness))
            for package in packages
            for weakness in package.get("vulns", ())
        ),
        asked=len(packages),
        unknown=sum("skip_reason" in package for package in packages),
    )


def _message(package: dict[str, str], weakness: dict[str, Sequence[str]]) -> str:
    mended = ", ".join(weakness["fix_versions"]) or "no version yet"
    return f"{package['version']} has a known weakness, mended in {mended}"


def warnings(answers: Sequence[Answer], changed: Changed, now: float) -> list[str]:
    """What to say of locks that nobody could be asked about."""
    return [told for answer in answers if (told := _warning(answer, changed, now))]


def _warning(answer: Answer, changed: Changed, now: float) -> str | None:
    if not answer.reached:
        age = _age(changed(answer.lock), now)
        return f"{answer.lock}: no vulnerability service answers; {age}"
    if answer.unknown:
        return f"{answer.lock}: PyPI does not know {answer.unknown} of {answer.asked} packages"
    return None


def _age(changed: float | None, now: float) -> str:
    if changed is None:
        return "how old the lock is cannot be told"
    days = int((now - changed) // DAY_S)
    advice = ": make lock OPTIONS=--upgrade" if days > OLD_DAYS else ""
    return f"the lock is {days} days old{advice}"


def committed(root: Path, lock: str) -> float | None:
    """When a lock was last changed in git; None without git, or where it never was committed."""
    try:
        told = subprocess.run(
            ["git", "log", "-1", "--format=%ct", "--", lock],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    return float(told.stdout) if told.returncode == 0 and told.stdout.strip() else None
