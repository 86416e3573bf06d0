"""The environment of every program that the local world starts.

The user's AWS accounts must be out of reach: no credential, profile, endpoint or metadata service
of theirs may be found by the SAM CLI, by boto3 or by the functions that the engine runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

# Any key but a twelve-digit one means the engine's default account, 000000000000.
ACCESS_KEY = "test"
SECRET_KEY = "test"
ACCOUNT = "000000000000"

# Variables that would point Python or the SAM CLI somewhere else than this project, and the one
# that would have the SAM CLI and the engine compile all their modules at each start: it doubles it.
_STEERING = frozenset(
    {
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONSTARTUP",
        "PYTHONDONTWRITEBYTECODE",
        "VIRTUAL_ENV",
        "LOCALSTACK_HOSTNAME",
    }
)
_NO_PROXY = "127.0.0.1,localhost"


def isolated(
    inherited: Mapping[str, str], *, run: Path, region: str, endpoint: str | None = None
) -> dict[str, str]:
    """`inherited` without the user's AWS settings, and with dummy ones in their place.

    Args:
        run: the world's own folder; temporary files and the SAM CLI's notes go into it.
        endpoint: the engine's URL, for programs that call AWS.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if not name.startswith(("AWS_", "SAM_", "__SAM_")) and name not in _STEERING
    }
    return kept | _aws(run, region, endpoint) | _proxies(inherited) | {"TMPDIR": str(run / "tmp")}


def _aws(run: Path, region: str, endpoint: str | None) -> dict[str, str]:
    nowhere = str(run / "no-aws-settings")
    variables = {
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(run / "sam"),
    }
    return variables | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {})


def _proxies(inherited: Mapping[str, str]) -> dict[str, str]:
    """A proxy may be needed to fetch packages, but never to reach this machine."""
    theirs = inherited.get("NO_PROXY") or inherited.get("no_proxy")
    ours = f"{theirs},{_NO_PROXY}" if theirs else _NO_PROXY
    return {"NO_PROXY": ours, "no_proxy": ours}
