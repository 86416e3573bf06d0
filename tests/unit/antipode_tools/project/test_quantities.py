from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from antipode_tools.project.quantities import rate, seconds, share


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (seconds, "800ms", 0.8),
        (seconds, "1.5s", 1.5),
        (seconds, "2min", 120.0),
        (seconds, "0ms", 0.0),
        (seconds, "-3s", -3.0),
        (rate, "50/s", 50.0),
        (rate, "0.5/s", 0.5),
        (rate, "off", None),
        (share, "10%", 0.1),
        (share, "0%", 0.0),
        (share, "250%", 2.5),
    ],
)
def test_a_quantity_is_read_as_it_is_typed(
    parse: Callable[[str], Any], text: str, value: float | None
) -> None:
    assert parse(text) == pytest.approx(value)


@pytest.mark.parametrize("parse", [seconds, rate, share])
@pytest.mark.parametrize("text", ["", "5", "s", "fast", "1e3ms", "10 %", "nan%", "1.5.2s"])
def test_what_has_no_unit_or_is_no_number_is_told_with_an_example(
    parse: Callable[[str], Any], text: str
) -> None:
    with pytest.raises(ValueError, match=r"is no (duration: 800ms|rate: 50/s|share: 10%)"):
        parse(text)
