"""Writing SVG: elements of a fixed set, attributes that are numbers, classes or texts, and everything escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from markupsafe import Markup, escape

from hubkit.site.text import fit

# An element that is written already, its texts escaped.
Element: TypeAlias = str


@lru_cache(maxsize=4096)  # charts of the same kind have most of them in common
def number(value: float) -> str:
    """A coordinate: at most two decimals, and the same text for the same figure on any machine."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Element:
    """A straight line of the class ``kind``."""
    return f'<line class="{kind}" x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}"></line>'


def rect(kind: str, x: float, y: float, width: float, height: float) -> Element:
    """A rectangle of the class ``kind``."""
    sides = f'width="{number(max(width, 0))}" height="{number(max(height, 0))}"'
    return f'<rect class="{kind}" x="{number(x)}" y="{number(y)}" {sides}></rect>'


def circle(kind: str, x: float, y: float, radius: float) -> Element:
    """A circle of the class ``kind``."""
    return f'<circle class="{kind}" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"></circle>'


def path(kind: str, points: Iterable[tuple[float, float]], *, closed: bool = False) -> Element:
    """A line of the class ``kind`` through the points."""
    steps = " ".join(f"{number(x)} {number(y)}" for x, y in points)
    return f'<path class="{kind}" d="M{steps}{"z" if closed else ""}"></path>'


def text(kind: str, x: float, y: float, words: str, anchor: str = "start") -> Element:
    """A text of the class ``kind`` that starts, has its middle or ends at ``x``, with its base line at ``y``."""
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}" text-anchor="{anchor}">{escape(fit(words))}</text>'


def svg(slug: str, title: str, description: str, view: str, drawing: Iterable[Element]) -> Markup:
    """The whole picture. To whoever does not see it, it is one thing with a title and a description."""
    html = (
        f'<svg class="chart-picture" viewBox="{view}" role="img" aria-labelledby="{slug}-title {slug}-words" '
        f'focusable="false"><title id="{slug}-title">{escape(fit(title))}</title>'
        f'<desc id="{slug}-words">{escape(fit(description))}</desc>{"".join(drawing)}</svg>'
    )
    return Markup(html)  # noqa: S704 (every text was escaped)


def shortened(words: str, most: int) -> str:
    """The words, with their middle left out where they are wider than ``most`` characters of the Latin script."""
    words = " ".join(words.split())
    if (len(words) if words.isascii() else sum(map(_width, words))) <= most:
        return words
    ahead = _fitting(words, most * 2 // 3)
    behind = _fitting(reversed(words), most - most * 2 // 3 - 1)
    return f"{words[:ahead]}…{words[len(words) - behind :]}"


def _fitting(characters: Iterable[str], room: int) -> int:
    """How many of the characters have room."""
    count = 0
    for character in characters:
        room -= _width(character)
        if room < 0:
            break
        count += 1
    return count


def _width(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
