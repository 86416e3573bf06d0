"""cfn-lint, as the tests ask it about a template.

It takes a second to import, and six where its modules have to be compiled. Every process of tests
imports every module of them, so that it is imported when it is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def findings(template: Path, regions: Sequence[str]) -> list[Any]:
    """What cfn-lint finds in a template that is deployed to these Regions."""
    from cfnlint.api import (  # type: ignore[import-untyped] # cfn-lint comes without types
        ManualArgs,
        lint_file,
    )

    from tests import remembering

    rules = [remembering.__name__]
    return list(lint_file(template, ManualArgs(regions=list(regions), append_rules=rules)))


def findings_of_itself(template: Path, regions: Sequence[str]) -> list[Any]:
    """The same, and nothing of ours in it."""
    from cfnlint.api import ManualArgs, lint_file

    return list(lint_file(template, ManualArgs(regions=list(regions))))
