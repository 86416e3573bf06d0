"""cfn-lint, as the tests ask it about a template.

It takes a second to import, and six where its modules have to be compiled. Every process of tests
imports every module of them, so that it is imported when it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def findings(template: Path, regions: Sequence[str], *, remembering: bool = True) -> list[Any]:
    """What cfn-lint finds in a template that is deployed to these Regions.

    Args:
        remembering: with what spares it most of its work; else it is as it comes.
    """
    from cfnlint.api import (  # type: ignore[import-untyped] # cfn-lint comes without types
        ManualArgs,
        lint_file,
    )

    rules = ["tests.remembering"] if remembering else []
    return list(lint_file(template, ManualArgs(regions=list(regions), append_rules=rules)))
