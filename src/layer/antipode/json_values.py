"""JSON as the json module reads and writes it: parsed at once wherever its shape matters."""

from __future__ import annotations

from typing import Any

Json = Any
