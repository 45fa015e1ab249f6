"""Horizontal bars: parts beside each other, each with its name and figure above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hubkit.site.charts.chart import WIDTH, Chart, chart
from hubkit.site.charts.svg import Element, rect, shortened, text

_ROW = 34.0
_TEXT = 12.0
_BAR = 7.0
# As many characters as are sure to have room beside each other.
_CHARACTERS = 52
_VALUE_CHARACTERS = 28


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar."""

    label: str
    """What it is."""
    value: float
    """How long it is; not below 0."""
    words: str
    """How much that is, as people read it."""
    more: tuple[str, ...] = ()
    """Further cells of its row in the table."""


def bar_chart(slug: str, title: str, description: str, columns: tuple[str, ...], bars: Sequence[Bar]) -> Chart:
    """The bars in their order; the longest fills the width. There must be one at least."""
    most = max((bar.value for bar in bars), default=0.0) or 1.0
    drawing = tuple(element for row, bar in enumerate(bars) for element in _row(bar, row * _ROW, most))
    rows = tuple((bar.label, bar.words, *bar.more) for bar in bars)
    return chart(slug, title, description, len(bars) * _ROW, drawing, columns, rows)


def with_rest(bars: Sequence[Bar], most: int, rest: Bar | None) -> tuple[Bar, ...]:
    """The first ``most`` bars, and ``rest`` in place of all others where there are more."""
    return tuple(bars) if len(bars) <= most or rest is None else (*bars[:most], rest)


def _row(bar: Bar, top: float, most: float) -> tuple[Element, ...]:
    length = WIDTH * bar.value / most
    words = shortened(bar.words, _VALUE_CHARACTERS)
    return (
        text("chart-label", 0, top + _TEXT, shortened(bar.label, _CHARACTERS - len(words))),
        text("chart-value", WIDTH, top + _TEXT, words, "end"),
        rect("chart-room", 0, top + _TEXT + 6, WIDTH, _BAR),
        # What is there at all is seen.
        rect("chart-bar", 0, top + _TEXT + 6, max(length, 1.0) if bar.value else 0.0, _BAR),
    )
