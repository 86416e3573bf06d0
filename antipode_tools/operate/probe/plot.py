"""How long announcements took, as a plot: in the terminal, or as SVG. Times are on a log scale."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from antipode_tools.operate.probe.matrix import Cell, Matrix

# From few to many announcements in one column of the terminal.
_SHADES = "·░▒▓█"
_COLUMNS = 48

_WIDTH, _LEFT, _RIGHT, _ROW, _TOP = 760, 190, 30, 34, 46


@dataclass(frozen=True)
class Scale:
    """Times of a plot: whole powers of ten of milliseconds."""

    low: int
    high: int

    @classmethod
    def of(cls, matrix: Matrix) -> Scale:
        every = [ms for _, _, cell in _pairs(matrix) for ms in cell.milliseconds] or [1]
        low = math.floor(math.log10(max(1, min(every))))
        return cls(low, max(low + 1, math.ceil(math.log10(max(1, *every)))))

    @property
    def ticks(self) -> list[int]:
        return [10**power for power in range(self.low, self.high + 1)]

    def place(self, milliseconds: int) -> float:
        """Where a time lies, from 0 to 1."""
        power = math.log10(max(1, milliseconds))
        return min(1.0, max(0.0, (power - self.low) / (self.high - self.low)))


def in_terminal(matrix: Matrix) -> list[str]:
    """A line for each pair of Regions, in columns of time: the darker, the more came then."""
    scale = Scale.of(matrix)
    width = max(
        (len(_label(writer, listener)) for writer, listener, _ in _pairs(matrix)), default=0
    )
    lines = [
        f"{_label(writer, listener):<{width}} │{_strip(cell, scale)}│"
        for writer, listener, cell in _pairs(matrix)
    ]
    ruler = [" "] * (_COLUMNS + 8)
    for tick in scale.ticks:
        column, text = round(scale.place(tick) * (_COLUMNS - 1)), _time(tick)
        ruler[column : column + len(text)] = text
    return [*lines, f"{'':<{width}}  {''.join(ruler).rstrip()}"]


def _strip(cell: Cell, scale: Scale) -> str:
    columns = Counter(round(scale.place(ms) * (_COLUMNS - 1)) for ms in cell.milliseconds)
    most = max(columns.values(), default=1)
    return "".join(
        _SHADES[math.ceil(columns[column] / most * (len(_SHADES) - 1))] if columns[column] else " "
        for column in range(_COLUMNS)
    )


def as_svg(matrix: Matrix, title: str) -> str:
    """The same as a picture: a dot for each announcement, a line at p50 and one at p99."""
    scale, pairs = Scale.of(matrix), list(_pairs(matrix))
    height = _TOP + _ROW * len(pairs) + 36
    shapes = [*_grid(scale, height)]
    for number, (writer, listener, cell) in enumerate(pairs):
        shapes += _row(cell, scale, _label(writer, listener), _TOP + _ROW * number + _ROW / 2)
    body = "\n".join(f"  {shape}" for shape in shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12">\n'
        f'  <rect width="{_WIDTH}" height="{height}" fill="#ffffff"/>\n'
        f'  <text x="16" y="24" font-size="15" fill="#1f2937">{escape(title)}</text>\n'
        f"{body}\n</svg>\n"
    )


def _grid(scale: Scale, height: int) -> Iterator[str]:
    for tick in scale.ticks:
        x = _x(scale, tick)
        yield (
            f'<line x1="{x:.1f}" y1="{_TOP - 6}" x2="{x:.1f}" y2="{height - 30}" stroke="#e5e7eb"/>'
        )
        yield (
            f'<text x="{x:.1f}" y="{height - 14}" text-anchor="middle" fill="#6b7280">'
            f"{_time(tick)}</text>"
        )


def _row(cell: Cell, scale: Scale, label: str, y: float) -> Iterator[str]:
    yield f'<text x="16" y="{y + 4:.1f}" fill="#1f2937">{escape(label)}</text>'
    for milliseconds in cell.milliseconds:
        yield (
            f'<circle cx="{_x(scale, milliseconds):.1f}" cy="{y:.1f}" r="4" fill="#2563eb"'
            ' fill-opacity="0.35"/>'
        )
    for percent, colour in ((50, "#111827"), (99, "#dc2626")):
        if (time := cell.percentile(percent)) is not None:
            x = _x(scale, time)
            yield (
                f'<line x1="{x:.1f}" y1="{y - 11:.1f}" x2="{x:.1f}" y2="{y + 11:.1f}"'
                f' stroke="{colour}" stroke-width="2"><title>p{percent} {time} ms</title></line>'
            )
    if cell.lost:
        yield (
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#dc2626">'
            f"{cell.lost} lost</text>"
        )


def _x(scale: Scale, milliseconds: int) -> float:
    return _LEFT + scale.place(milliseconds) * (_WIDTH - _LEFT - _RIGHT)


def _pairs(matrix: Matrix) -> Iterator[tuple[str, str, Cell]]:
    for writer, row in matrix.items():
        for listener, cell in row.items():
            yield writer, listener, cell


def _label(writer: str, listener: str) -> str:
    return f"{writer} → {listener}"


def _time(milliseconds: int) -> str:
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds // 1000} s"
