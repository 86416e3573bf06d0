"""JSON as the json module reads it. It is parsed into a type at once wherever its shape matters."""

from __future__ import annotations

from typing import Any

Json = Any
