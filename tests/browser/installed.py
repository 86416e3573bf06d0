"""The browser of this machine: looked for without Playwright, which takes long to import."""

from __future__ import annotations

import shutil
from pathlib import Path

# The first opens no window for each page, and takes half as long. Debian's names before others.
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class NoBrowser(Exception):
    """There is none on the path."""

    def __str__(self) -> str:
        return f"none of {', '.join(_NAMES)} is on the path: apt-get install {_NAMES[0]}"


def installed() -> Path:
    """Where the browser is.

    Raises:
        NoBrowser
    """
    for name in _NAMES:
        if path := shutil.which(name):
            return Path(path)
    raise NoBrowser
