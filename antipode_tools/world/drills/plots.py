"""Lines against time, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 720, 160
_LEFT, _TOP = 40, 34
_COLOURS = ("#0b6e99", "#d9730d", "#2f7d4f", "#8a4baf", "#c0392b", "#5f6b7a")


def plot(title: str, lines: Mapping[str, Points], marks: Sequence[tuple[float, str]]) -> str:
    """One plot, with a key above it and a dashed line for each mark."""
    every = [point for points in lines.values() for point in points]
    last = max([1.0, *(x for x, _ in every), *(x for x, _ in marks)])
    most = max([1.0, *(y for _, y in every)])

    def at(x: float, y: float) -> str:
        return f"{_LEFT + x / last * _WIDTH:.1f},{_TOP + (1 - y / most) * _HEIGHT:.1f}"

    floor, right = _TOP + _HEIGHT, _LEFT + _WIDTH
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" role="img"'
        f' viewBox="0 0 {right + 10} {floor + 20}">',
        f"<title>{escape(title)}</title>",
        f'<text x="0" y="14" font-size="13" font-weight="bold">{escape(title)}</text>',
        f'<path d="M{_LEFT},{_TOP}V{floor}H{right}" fill="none" stroke="#999"/>',
        f'<text x="0" y="{_TOP + 8}" font-size="11">{most:g}</text>',
        f'<text x="{right - 40}" y="{floor + 15}" font-size="11">{last:.0f} s</text>',
    ]
    for x, what in marks:
        place = at(x, 0).partition(",")[0]
        parts.append(
            f'<path d="M{place},{_TOP}V{floor}" stroke="#bbb" stroke-dasharray="3"/>'
            f'<text x="{place}" y="{floor + 15}" font-size="11">{escape(what)}</text>'
        )
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(at(x, y) for x, y in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        )
        key = _LEFT + 110 * number
        parts.append(f'<text x="{key}" y="29" font-size="11" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"])
