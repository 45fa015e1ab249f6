"""A chart as a page shows it: a picture for the eye, its words for the ear, and its figures as a table for both.

The picture is inline SVG. It has neither scripts nor styles of its own: the page's style sheet colours it by the
classes below, in light and dark. Kinds differ by shape or words as well as by colour.

    chart-label, chart-value, chart-tick   texts: what it is, how much, and what stands at an axis
    chart-axis, chart-grid                 lines that measure
    chart-line, chart-dot, chart-bar       the figures; chart-room what a bar could fill
    chart-limit, chart-over                a tolerance, and what lies beyond
    chart-passed, chart-failed, chart-stale   how a figure stands
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from hubkit.site.charts.svg import Element, number, svg

WIDTH = 400.0


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with all that is needed to do without it."""

    slug: str
    """Names it on its page."""
    title: str
    """What it shows."""
    description: str
    """The same as a sentence or two: the figures that matter."""
    picture: Markup
    """The ``<svg>`` element, whose title and description are these."""
    columns: tuple[str, ...]
    """The heads of its table."""
    rows: tuple[tuple[str, ...], ...]
    """The rows of its table, as texts; the first cell names the row."""


def chart(
    slug: str,
    title: str,
    description: str,
    height: float,
    drawing: tuple[Element, ...],
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
) -> Chart:
    """The chart of a drawing that is WIDTH wide and ``height`` high, in units of which 12 are a text's size."""
    picture = svg(slug, title, description, f"0 0 {number(WIDTH)} {number(height)}", drawing)
    return Chart(slug, title, description, picture, columns, rows)
