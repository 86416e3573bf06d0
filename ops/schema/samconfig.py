"""samconfig.toml, of which this reads whether it sets AuthMode: the schema is made for one mode.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-config.html
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from ops.schema.modes import Mode

# Both ways in which the SAM CLI takes parameters: A=B, and ParameterKey=A,ParameterValue=B.
_OVERRIDE = re.compile(r"\bAuthMode(?:=|,ParameterValue=)[\"']?(\w+)")


def other_modes(text: str, mode: Mode) -> Iterator[str]:
    """For each command of an environment that sets AuthMode to another mode: what it sets."""
    for environment, commands in tomllib.loads(text).items():
        for command, table in commands.items() if isinstance(commands, dict) else ():
            for found in _modes(table):
                if found != mode:
                    yield f"[{environment}.{command}] sets AuthMode={found}"


def _modes(table: Any) -> list[str]:
    overrides = table.get("parameters", {}).get("parameter_overrides", "")
    # A text, or a list of texts.
    text = overrides if isinstance(overrides, str) else " ".join(map(str, overrides))
    return _OVERRIDE.findall(text)
