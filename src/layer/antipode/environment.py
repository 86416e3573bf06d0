"""A function's environment, as its settings read it."""

from __future__ import annotations

from collections.abc import Mapping

from antipode.errors import SettingsError


def required(environ: Mapping[str, str], name: str) -> str:
    """The value of a variable that must be there.

    Raises:
        SettingsError: it is missing or empty.
    """
    if not (value := environ.get(name)):
        raise SettingsError(name, "is missing")
    return value
