"""Bringing the search up to date where few families have changed: what is made is the same as from all cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from hubkit.site.folder import SiteFolder
from hubkit.site.record import read_record, write_record
from hubkit.site.search import (
    SEARCH,
    SEARCH_CARDS,
    SEARCH_WORDS,
    SearchKeys,
    dumps,
    join,
    parts_of,
    split,
    word_files,
)
from hubkit.site.search_tables import SearchCard, tables
from hubkit.site.search_words import WordIndex, put_in, renumber, take_out

Sizes = Mapping[str, int]
"""The keys of all families, in order -> how many cards each has."""
Changed = Mapping[str, Sequence[SearchCard]]
"""The keys of the families that may have changed -> their cards, the newest first."""


@dataclass(frozen=True, slots=True)
class Amended:
    """The search as it is now."""

    files: dict[str, bytes | None]
    """Path -> content of all its files, where any has changed; None for one that is there under its digest."""
    keys: SearchKeys
    """The keys of its records."""


def amend_search(
    folder: SiteFolder, keys: SearchKeys, now: str, before: tuple[Sizes, Changed], after: tuple[Sizes, Changed]
) -> Amended | None:
    """Make what has changed of the search, and write its records under the key ``now``.

    None where what that takes is lost. What is read here of the site may be damaged: if so, nothing of it may be used.
    """
    try:
        head, table = split((folder.root / SEARCH).read_bytes())
        paths = parts_of(head)
    except (OSError, ValueError):
        return None
    cards, old_cards = (
        {key: list(map(_without_words, each)) for key, each in all_.items()} for _, all_ in (after, before)
    )
    words, old_words = (
        {key: [card.words for card in each] for key, each in all_.items()} for _, all_ in (after, before)
    )
    parts: dict[str, bytes] = {}
    if words != old_words:
        index = read_record(folder.work / SEARCH_WORDS, keys.words)
        if not isinstance(index, WordIndex):
            return None
        index = amended_words(index, before[0], after[0], old_words, words)
        head, parts = word_files(index)
        paths = [*parts]
        write_record(folder.work / SEARCH_WORDS, now, index)
        keys = replace(keys, words=now)
    if cards != old_cards:
        rows = read_record(folder.work / SEARCH_CARDS, keys.cards)
        if not isinstance(rows, list) or len(rows) != len(before[0]):
            return None
        found = dict(zip(before[0], rows, strict=True)) | cards
        rows = [found[key] for key in after[0]]
        table = dumps(tables(rows))
        write_record(folder.work / SEARCH_CARDS, now, rows)
        keys = replace(keys, cards=now)
    if words == old_words and cards == old_cards:
        return Amended({}, keys)
    files: dict[str, bytes | None] = {path: None if folder.stamp(path) else parts.get(path) for path in paths}
    return Amended({**files, SEARCH: join(head, table)}, keys)


def amended_words(
    index: WordIndex,
    before: Sizes,
    after: Sizes,
    old: Mapping[str, Sequence[str]],
    new: Mapping[str, Sequence[str]],
) -> WordIndex:
    """The index of words as it is now; ``index`` is of no use after it.

    ``old`` and ``new`` are the words of the cards of each family that may have changed, as they were and as they are.
    """
    numbers, firsts = _places(before)
    for key, members in old.items():
        take_out(index, numbers[key], firsts[numbers[key]], members)
    now, starts = _places(after)
    if [*before] != [*after] or firsts != starts:
        stays = [now.get(key, 0) for key in before]  # what is gone is in the index no more
        cards = [starts[to] + place for to, size in zip(stays, before.values(), strict=True) for place in range(size)]
        renumber(index, stays, cards)
    for key, members in new.items():
        put_in(index, now[key], starts[now[key]], members)
    return replace(index, families=len(after))


def _places(sizes: Sizes) -> tuple[dict[str, int], list[int]]:
    """The number of each family, and that of its first card."""
    return {key: number for number, key in enumerate(sizes)}, [0, *accumulate(sizes.values())]


def _without_words(card: SearchCard) -> SearchCard:
    return card._replace(words="")
