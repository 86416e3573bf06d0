"""Where a function counts: CloudWatch's namespace, and the stack whose metrics they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from antipode.environment import required

# A stack whose deployment has not told its name yet.
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Namespace:
    """A namespace, and within it one stack's part.

    Args:
        stack: the stack's name, a dimension of every metric: an account may have two in one Region.
    """

    name: str
    stack: str

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Namespace:
        """As the deployment says.

        Raises:
            SettingsError: a variable is missing.
        """
        return cls(
            name=required(environ, "POWERTOOLS_METRICS_NAMESPACE"),
            # A deployment may change the code first, and the function serves meanwhile.
            stack=environ.get("STACK_NAME") or UNKNOWN,
        )
