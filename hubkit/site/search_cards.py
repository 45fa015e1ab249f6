"""What the catalogue's search has to know of each card: see search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hubkit.site.dates import day_of
from hubkit.site.facets import values
from hubkit.site.gather import Entry
from hubkit.site.metrics import metrics
from hubkit.site.paths import url
from hubkit.site.search import SearchData, all_words
from hubkit.site.search_tables import SearchCard
from hubkit.site.search_words import word_index
from hubkit.site.text import fit


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
    return SearchData(
        [[card._replace(words="") for card in members] for members in found],
        word_index([[card.words for card in members] for members in found]),
    )
