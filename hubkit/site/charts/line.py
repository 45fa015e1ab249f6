"""A figure by version: a point each, in order, joined by a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hubkit.site.charts.chart import WIDTH, Chart, chart
from hubkit.site.charts.scale import Scale, linear_ticks, tick_texts
from hubkit.site.charts.svg import Element, circle, line, path, shortened, text

_HEIGHT = 200.0
_TOP, _BOTTOM = 22.0, 164.0
_LEFT, _RIGHT = 52.0, WIDTH - 18
# With more points their figures would stand in each other; then only those that differ from the one before are told.
_FEW = 5
_LABEL_CHARACTERS = 8


@dataclass(frozen=True, slots=True)
class Point:
    """One point."""

    label: str
    """What stands below it."""
    value: float | None
    """How high it is; None leaves a gap."""
    words: str
    """The value as it is written."""


def line_chart(slug: str, title: str, description: str, columns: tuple[str, ...], points: Sequence[Point]) -> Chart:
    """The points from left to right. One at least has a value."""
    rows = tuple((item.label, item.words) for item in points)
    return chart(slug, title, description, _HEIGHT, _drawing(tuple(points)), columns, rows)


@lru_cache(maxsize=64)  # it is the same in all languages
def _drawing(points: tuple[Point, ...]) -> tuple[Element, ...]:
    ticks = linear_ticks([point.value for point in points if point.value is not None])
    scale = Scale(ticks[0], ticks[-1], _BOTTOM, _TOP)
    return (*_axis(ticks, scale), *_points(points, scale))


def _axis(ticks: Sequence[float], scale: Scale) -> tuple[Element, ...]:
    marks: list[Element] = []
    for tick, words in zip(ticks, tick_texts(ticks), strict=True):
        y = scale.at(tick)
        marks += (line("chart-grid", _LEFT, y, WIDTH, y), text("chart-tick", _LEFT - 8, y + 4, words, "end"))
    return tuple(marks)


def _points(points: Sequence[Point], scale: Scale) -> tuple[Element, ...]:
    distance = (_RIGHT - _LEFT - 22) / max(len(points) - 1, 1)
    first = _LEFT + 22 if len(points) > 1 else (_LEFT + _RIGHT) / 2
    every = max(round(34 / distance), 1) if len(points) > 1 else 1
    parts: list[Element] = []
    run: list[tuple[float, float]] = []
    runs: list[list[tuple[float, float]]] = [run]
    dots: list[Element] = []
    before: str | None = None
    heights = [None if point.value is None else scale.at(point.value) for point in points]
    for index, point in enumerate(points):
        x = first + index * distance
        if index % every == 0 or index == len(points) - 1:
            parts.append(text("chart-tick", x, _HEIGHT - 6, shortened(point.label, _LABEL_CHARACTERS), "middle"))
        y = heights[index]
        if y is None:
            run = []
            runs.append(run)
            continue
        run.append((x, y))
        dots.append(circle("chart-dot", x, y, 3.5))
        if point.words != before or len(points) <= _FEW:
            ahead, behind = (
                heights[index - 1] if index else None,
                heights[index + 1] if index + 1 < len(points) else None,
            )
            dots.append(_figure(x, y, ahead, behind, shortened(point.words, _LABEL_CHARACTERS)))
        before = point.words
    parts += [path("chart-line", found) for found in runs if len(found) > 1]
    return (*parts, *dots)


def _figure(x: float, y: float, ahead: float | None, behind: float | None, words: str) -> Element:
    """A point's figure, where the lines to its neighbours do not go; these are at ``ahead`` and ``behind``."""
    from_above, to_above = ahead is not None and ahead < y, behind is not None and behind < y
    if not from_above and not to_above:
        return text("chart-value", x, y - 9, words, "middle")
    if from_above and behind is not None and behind > y:
        return text("chart-value", x + 5, y - 6, words, "start")
    if to_above and ahead is not None and ahead > y:
        return text("chart-value", x - 5, y - 6, words, "end")
    return text("chart-value", x, y + 16, words, "middle")
