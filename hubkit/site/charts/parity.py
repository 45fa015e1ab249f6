"""Errors against their tolerances: a point a comparison, on a logarithmic axis, each with the line it must not cross.

A difference of 0 has no place on such an axis; it stands at its left end, as an open circle, and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hubkit.site.charts.chart import WIDTH, Chart, chart
from hubkit.site.charts.scale import Scale, decade_ticks
from hubkit.site.charts.svg import Element, circle, line, path, rect, shortened, text

_LEFT, _RIGHT = 8.0, WIDTH - 8
_ROW = 40.0
_AXIS = 22.0
# As many characters as are sure to have room beside each other.
_CHARACTERS = 52
_VALUE_CHARACTERS = 28
# Beyond these an axis would say nothing of what lies between.
_LEAST, _GREATEST = -12, 12


@dataclass(frozen=True, slots=True)
class Difference:
    """The largest difference of one comparison."""

    label: str
    """What was compared."""
    error: float | None
    """The difference; None where an output is not finite."""
    tolerance: float
    """How large it may be; 0 where all bits must be equal."""
    standing: str
    """"passed", "failed" or "stale"."""
    words: str
    """Both in words."""
    more: tuple[str, ...] = ()
    """Further cells of its row in the table."""
    short: str = ""
    """The label where there is little room; without it, the label itself."""


def parity_chart(
    slug: str, title: str, description: str, columns: tuple[str, ...], differences: Sequence[Difference]
) -> Chart:
    """The comparisons in their order. There must be one at least."""
    low, high = _decades(differences)
    scale = Scale(10.0**low, 10.0**high, _LEFT, _RIGHT, logarithmic=True)
    bottom = len(differences) * _ROW
    drawing = (
        *(element for row, difference in enumerate(differences) for element in _row(difference, row * _ROW, scale)),
        *_axis(low, high, bottom, scale),
    )
    rows = tuple((item.label, *item.more) for item in differences)
    return chart(slug, title, description, bottom + _AXIS, drawing, columns, rows)


def _decades(differences: Sequence[Difference]) -> tuple[int, int]:
    """The axis's ends as powers of ten: around all differences and tolerances."""
    values = [value for item in differences for value in (item.error, item.tolerance) if value and math.isfinite(value)]
    if not values:
        return -8, 0
    low = max(math.floor(math.log10(min(values))) - 1, _LEAST)
    high = min(math.ceil(math.log10(max(values))) + 1, _GREATEST)
    return (low, high) if high - low >= 3 else (high - 3, high)


def _row(item: Difference, top: float, scale: Scale) -> tuple[Element, ...]:
    middle = top + 27
    words = shortened(item.words, _VALUE_CHARACTERS)
    parts = [
        text("chart-label", 0, top + 12, shortened(item.short or item.label, _CHARACTERS - len(words))),
        text("chart-value", WIDTH, top + 12, words, "end"),
        line("chart-grid", _LEFT, middle, _RIGHT, middle),
    ]
    if item.tolerance:
        limit = scale.at(item.tolerance)
        parts.append(rect("chart-over", limit, middle - 5, _RIGHT - limit, 10))
        parts.append(line("chart-limit", limit, middle - 8, limit, middle + 8))
    # A difference that fails is a diamond, one that passes a circle: not only the colour tells them apart.
    x = _RIGHT if item.error is None or not math.isfinite(item.error) else scale.at(item.error)
    kind = f"chart-{item.standing}"
    if item.standing == "failed":
        around = ((x, middle - 6), (x + 6, middle), (x, middle + 6), (x - 6, middle))
        parts.append(path(f"chart-mark {kind}", around, closed=True))
    else:
        parts.append(circle(f"chart-mark {kind}" if item.error else f"chart-open {kind}", x, middle, 4.5))
    return tuple(parts)


def _axis(low: int, high: int, top: float, scale: Scale) -> tuple[Element, ...]:
    parts: list[Element] = []
    for exponent in decade_ticks(low, high):
        x = scale.at(10.0**exponent)
        anchor = "start" if exponent == low else "end" if exponent == high else "middle"
        where = 0.0 if exponent == low else WIDTH if exponent == high else x
        parts.append(text("chart-tick", where, top + 16, f"1e{exponent}", anchor))
        parts.append(line("chart-axis", x, top, x, top + 4))
    return tuple(parts)
