"""What the catalogue's search reads: one index of all models by family, and the words of their bodies in parts.

The index (``search.json``) holds names, metrics and facets, and is fetched when a reader begins to search. The words of
the bodies lie in parts in alphabetical order (``search/words-<digest>.json``), and only those parts are fetched that a
query's words may be in: a large catalogue costs a reader little more than a small one.
``site_templates/static/search.js`` reads both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from hubkit.site.dates import day_of
from hubkit.site.facets import FACETS, values
from hubkit.site.gather import Entry
from hubkit.site.paths import url
from hubkit.site.search_words import Postings, postings
from hubkit.site.text import fit

SEARCH = "search.json"

_FORMAT = 1
_Value = TypeVar("_Value")
# A part is closed when its words take more than this, in bytes before compression.
_PART_BYTES = 48_000


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


def search_card(entry: Entry, translation: Entry | None, metrics: Iterable[tuple[str, str]]) -> SearchCard:
    """What the search has to know of a card.

    Args:
        entry: the card.
        translation: the card that translates it, whose text it is found by as well.
        metrics: what the authors measured, as pairs of name and value.
    """
    card = entry.card
    found = f"{entry.words} {translation.words}".split() if translation else []
    return SearchCard(
        page=url(entry.page),
        title=fit(card.title),
        name=fit(card.name),
        author=fit(card.author),
        updated=day_of(card.update_time),
        metrics=tuple((fit(name), fit(value)) for name, value in metrics),
        facets=tuple(tuple(fit(value) for value in found) for found in values(entry).values()),
        words=" ".join(dict.fromkeys(found)) if translation else entry.words,
    )


def search_files(families: Iterable[Sequence[SearchCard]]) -> dict[str, bytes]:
    """The files of the search, the index last: path from the site's root -> content.

    ``families`` are the cards of each family, at least one, the newest first. The same cards give the same bytes.
    """
    found = list(families)
    posted, common = postings([[card.words for card in members] for members in found])
    files: dict[str, bytes] = {}
    parts: list[tuple[str, str]] = []
    for first, content in _parts(posted):
        path = f"search/words-{hashlib.sha256(content).hexdigest()[:8]}.json"
        files[path] = content
        parts.append((first, path))
    files[SEARCH] = _dumps({"format": _FORMAT, "parts": parts, "common": common, **_tables(found)})
    return files


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


def _parts(posted: Postings) -> Iterator[tuple[str, bytes]]:
    """The words in order, in files of about _PART_BYTES: the first word of each, and its content.

    A word's value is its families; or its families and its cards, two lists. Each number is the distance from the one
    before, and the first one's from -1, less one.
    """
    part: dict[str, list[Any]] = {}
    length = 0
    for word, (families, cards) in posted.items():
        part[word] = [_steps(families), _steps(cards)] if cards else _steps(families)
        length += len(word.encode()) + 2 * len(families) + 3 * len(cards) + 6
        if length > _PART_BYTES:
            yield next(iter(part)), _dumps(part)
            part, length = {}, 0
    if part:
        yield next(iter(part)), _dumps(part)


def _steps(numbers: Sequence[int]) -> list[int]:
    return [number - before - 1 for before, number in zip([-1, *numbers], numbers, strict=False)]


def _dumps(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
