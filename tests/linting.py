"""cfn-lint, as the tests ask it about a template."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cfnlint.api import (  # type: ignore[import-untyped] # cfn-lint comes without types
    ManualArgs,
    lint_file,
)


def findings(template: Path, regions: Sequence[str]) -> list[Any]:
    """What cfn-lint finds in a template that is deployed to these Regions."""
    return list(lint_file(template, ManualArgs(regions=list(regions))))
