"""What the catalogue's search has to know of each card but for its words: see search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hubkit.site.dates import day_of
from hubkit.site.facets import FACETS, values
from hubkit.site.gather import Entry
from hubkit.site.metrics import metrics
from hubkit.site.paths import url
from hubkit.site.search import SearchData, all_words, dumps
from hubkit.site.search_words import word_index
from hubkit.site.text import fit

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class SearchCard:
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
    """The different words of summary and body, with spaces between."""


def search_card(entry: Entry, translation: Entry | None) -> SearchCard:
    """What the search has to know of a card.

    Args:
        entry: the card.
        translation: the card that translates it, whose text it is found by as well.
    """
    card = entry.card
    return SearchCard(
        page=url(entry.page),
        title=fit(card.title),
        name=fit(card.name),
        author=fit(card.author),
        updated=day_of(card.update_time),
        metrics=tuple((fit(metric.name), fit(metric.value)) for metric in metrics(card.evaluation)),
        facets=tuple(tuple(fit(value) for value in found) for found in values(entry).values()),
        words=all_words(entry.words, translation.words if translation else ""),
    )


def search_data(families: Iterable[Sequence[SearchCard]]) -> SearchData:
    """What the files of the search are made of. ``families`` are the cards of each, at least one, the newest first."""
    found = list(families)
    return SearchData(dumps(_tables(found)), word_index([[card.words for card in members] for members in found]))


def _tables(families: Sequence[Sequence[SearchCard]]) -> dict[str, Any]:
    """The families with their cards; what many cards have in common stands in a table and is named by its place."""
    values: list[dict[str, int]] = [{} for _ in FACETS]
    profiles: dict[tuple[tuple[int, ...], ...], int] = {}
    measured: dict[tuple[tuple[str, str], ...], int] = {}
    authors: dict[str, int] = {}
    rows = []
    for members in families:
        prefix, suffix = _around([card.page for card in members])
        cards = []
        for card in members:
            profile = tuple(
                tuple(_place(table, value) for value in found) for table, found in zip(values, card.facets, strict=True)
            )
            middle = card.page[len(prefix) : len(card.page) - len(suffix)]
            cards.append([middle, _place(profiles, profile), _place(measured, card.metrics), card.updated])
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
