"""Lines against time, as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 720, 160
_LEFT, _TOP = 40, 34
# Marks that are nearer to each other than this take turns on two lines.
_MARK_WIDTH = 130
_AT_THE_END = ' text-anchor="end"'
_WHOLE = (_LEFT + _WIDTH + 10, _TOP + _HEIGHT + 32)
_COLOURS = ("#0b6e99", "#d9730d", "#2f7d4f", "#8a4baf", "#c0392b", "#5f6b7a")


def plot(title: str, lines: Mapping[str, Points], marks: Sequence[tuple[float, str]]) -> str:
    """One plot, with a key above it and a dashed line for each mark."""
    return _svg(1, [f"<title>{escape(title)}</title>", *_drawn(title, lines, marks)])


def picture(
    plots: Mapping[str, Mapping[str, Points]], marks: Sequence[tuple[float, str]], title: str
) -> str:
    """Plots below each other, on white: a file of its own, for wherever it is shown."""
    parts = [f"<title>{escape(title)}</title>", '<rect width="100%" height="100%" fill="#fff"/>']
    for number, (name, lines) in enumerate(plots.items()):
        inside = _drawn(name, lines, marks)
        parts += [f'<g transform="translate(0,{number * _WHOLE[1]})">', *inside, "</g>"]
    return _svg(len(plots), parts)


def _svg(plots: int, parts: Sequence[str]) -> str:
    width, height = _WHOLE
    start = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="100%" role="img" font-family="sans-serif"'
        f' viewBox="0 0 {width} {plots * height}">'
    )
    return "\n".join([start, *parts, "</svg>"])


def _drawn(
    title: str, lines: Mapping[str, Points], marks: Sequence[tuple[float, str]]
) -> list[str]:
    every = [point for points in lines.values() for point in points]
    last = max([1.0, *(x for x, _ in every), *(x for x, _ in marks)])
    most = max([1.0, *(y for _, y in every)])

    def at(x: float, y: float) -> str:
        return f"{_LEFT + x / last * _WIDTH:.1f},{_TOP + (1 - y / most) * _HEIGHT:.1f}"

    floor, right = _TOP + _HEIGHT, _LEFT + _WIDTH
    parts = [
        f'<text x="0" y="14" font-size="13" font-weight="bold">{escape(title)}</text>',
        f'<path d="M{_LEFT},{_TOP}V{floor}H{right}" fill="none" stroke="#999"/>',
        f'<text x="0" y="{_TOP + 8}" font-size="11">{round(most, 1):g}</text>',
        f'<text x="{right - 30}" y="{_TOP - 4}" font-size="11">{last:.0f} s</text>',
    ]
    free = [0.0, 0.0]  # from where on each of the two lines of marks is
    for x, what in marks:
        place = _LEFT + x / last * _WIDTH
        is_last = place > right - _MARK_WIDTH  # it ends where the plot does
        line = 0 if free[0] <= (place - _MARK_WIDTH if is_last else place) else 1
        free[line] = place + _MARK_WIDTH
        parts.append(
            f'<path d="M{place:.1f},{_TOP}V{floor}" stroke="#bbb" stroke-dasharray="3"/>'
            f'<text x="{place:.1f}" y="{floor + 14 + 13 * line}" font-size="11"'
            f"{_AT_THE_END if is_last else ''}>{escape(what)}</text>"
        )
    for number, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(at(x, y) for x, y in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        )
        key = _LEFT + 110 * number
        parts.append(f'<text x="{key}" y="29" font-size="11" fill="{colour}">{escape(name)}</text>')
    return parts
