"""The tables of the search's index: the families with their cards, and what many cards have in common stands once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

from hubkit.site.facets import FACETS

_Value = TypeVar("_Value")


class SearchCard(NamedTuple):  # thousands are written down and read again, which takes a data class ten times as long
    """What the search knows of one card."""

    page: str
    """Its page as a URL, from the root of its language."""
    title: str
    """The model's name."""
    name: str
    """The last part of the uid."""
    author: str
    """Who made it."""
    updated: str
    """The card's date as YYYY-MM-DD; empty where it cannot be read."""
    metrics: tuple[tuple[str, str], ...]
    """What the authors measured: names, which may be empty, and values."""
    facets: tuple[tuple[str, ...], ...]
    """For each of FACETS the card's values."""
    words: str
    """The different words of summary and body, with spaces between; empty where they are in an index of words."""


def tables(families: Sequence[Sequence[SearchCard]]) -> dict[str, Any]:
    """The families, each at least one card, the newest first, as the index has them."""
    values: list[dict[str, int]] = [{} for _ in FACETS]
    profiles: dict[tuple[tuple[int, ...], ...], int] = {}
    places: dict[tuple[tuple[str, ...], ...], int] = {}  # of profiles, by what they say
    measured: dict[tuple[tuple[str, str], ...], int] = {}
    authors: dict[str, int] = {}
    rows = []
    for members in families:
        prefix, suffix = _around([card.page for card in members])
        cards = []
        for card in members:
            place = places.get(card.facets)
            if place is None:
                profile = tuple(
                    tuple(_place(table, value) for value in found)
                    for table, found in zip(values, card.facets, strict=True)
                )
                place = places[card.facets] = _place(profiles, profile)
            middle = card.page[len(prefix) : len(card.page) - len(suffix)]
            cards.append([middle, place, _place(measured, card.metrics), card.updated])
        newest = members[0]
        rows.append([newest.title, newest.name, _place(authors, newest.author), prefix, suffix, cards])
    return {
        "facets": {name: list(table) for name, table in zip(FACETS, values, strict=True)},
        "profiles": list(profiles),
        "metrics": list(measured),
        "authors": list(authors),
        "families": rows,
    }


def _place(table: dict[_Value, int], value: _Value) -> int:
    """The place of a value in a table of values in the order in which they came."""
    return table.setdefault(value, len(table))


def _around(pages: Sequence[str]) -> tuple[str, str]:
    """What all pages begin and end with; the two do not overlap in any of them."""
    prefix = _beginning(pages)
    return prefix, _beginning([page[len(prefix) :][::-1] for page in pages])[::-1]


def _beginning(texts: Sequence[str]) -> str:
    """What all texts begin with, letter by letter."""
    first, last = min(texts), max(texts)
    length = next((index for index, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:length]
