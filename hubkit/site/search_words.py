"""The words of a text as the search compares them, and which families of the catalogue have each.

``site_templates/static/search.js`` cuts a query in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# A version number is one word; else letters and digits run to the next other character.
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
# Han, kana and hangul are written without spaces between words: such a run is cut into overlapping pairs.
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")

# So many different words of a card count, each up to so many characters: more is no prose.
_MAX_WORDS = 4000
_MAX_LENGTH = 40
_SHORT = (
    1024  # longer lines are hardly ever the same, and would fill the memory of a server that builds again and again
)
# A word in more than this share of the families tells none from another; but a small catalogue has no such words.
_COMMON_SHARE = 0.4
_COMMON_FAMILIES = 20

Postings = dict[str, tuple[list[int], list[int]]]
"""Word -> the families of which each card has it, and the cards that have it where others of their family have not.
Families are counted from 0 in their order, and so are all their cards."""


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Where each word of a catalogue stands."""

    families: int
    """How many families there are."""
    counts: dict[str, int]
    """Word -> how many families have it."""
    whole: dict[str, list[int]]
    """Word -> the families of which each card has it."""
    partly: dict[str, list[int]]
    """Word -> the cards that have it where others of their family have not."""


def words(text: str) -> list[str]:
    """The different words of a text in its order, in lower case: "U²-Net 目标检测" -> u2, net, 目标, 标检, 检测, 测."""
    seen: dict[str, None] = {}
    for line in text.split("\n"):
        seen.update(_short_line_words(line) if len(line) <= _SHORT else _line_words(line))
        if len(seen) > _MAX_WORDS:
            return list(seen)[:_MAX_WORDS]
    return list(seen)


@lru_cache(maxsize=65536)  # most lines of a catalogue stand in many cards
def _short_line_words(line: str) -> dict[str, None]:
    return _line_words(line)


def _line_words(line: str) -> dict[str, None]:
    found: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", line).lower()):
        if not word.isascii():
            found += _pairs(word)
        elif len(word) > 1:
            found.append(word)
    return dict.fromkeys(word for word in found if len(word) <= _MAX_LENGTH)


def _pairs(word: str) -> Iterator[str]:
    """A word with the runs of CJK characters in it cut into pairs; the last character of a run stands alone."""
    end = 0
    for match in _CJK.finditer(word):
        yield from filter(None, (word[end : match.start()],))
        run, end = match[0], match.end()
        yield from (run[index : index + 2] for index in range(len(run)))
    yield from filter(None, (word[end:],))


def word_index(families: Sequence[Sequence[str]]) -> WordIndex:
    """Where each word stands. ``families`` are, for each family, the words of each of its cards with spaces between."""
    index = WordIndex(len(families), defaultdict(int), defaultdict(list), defaultdict(list))
    first = 0
    for number, members in enumerate(families):
        everywhere, places = _of_a_family(members)
        for word in everywhere:
            index.counts[word] += 1
            index.whole[word].append(number)
        for word, cards in places.items():
            index.counts[word] += 1
            index.partly[word] += [first + card for card in cards]
        first += len(members)
    return WordIndex(len(families), dict(index.counts), dict(index.whole), dict(index.partly))


def take_out(index: WordIndex, number: int, first: int, members: Sequence[str]) -> None:
    """Take a family with the words of its cards out of the index; the numbers of all others stay.

    ``number`` is that of the family, and ``first`` that of its first card.
    """
    everywhere, places = _of_a_family(members)
    for word in everywhere:
        _take(index.whole, word, [number])
    for word, cards in places.items():
        _take(index.partly, word, [first + card for card in cards])
    for word in (*everywhere, *places):
        index.counts[word] -= 1
        if not index.counts[word]:
            del index.counts[word]


def put_in(index: WordIndex, number: int, first: int, members: Sequence[str]) -> None:
    """Put a family into the index, which has none of this number; the opposite of take_out."""
    everywhere, places = _of_a_family(members)
    for word in everywhere:
        index.whole[word] = sorted([*index.whole.get(word, ()), number])
    for word, cards in places.items():
        index.partly[word] = sorted([*index.partly.get(word, ()), *(first + card for card in cards)])
    for word in (*everywhere, *places):
        index.counts[word] = index.counts.get(word, 0) + 1


def renumber(index: WordIndex, families: Sequence[int], cards: Sequence[int]) -> None:
    """Give all families and cards of the index other numbers, in the same order: what each number becomes."""
    for table, numbers in ((index.whole, families), (index.partly, cards)):
        for word, found in table.items():
            table[word] = [numbers[number] for number in found]


def _of_a_family(members: Sequence[str]) -> tuple[set[str], dict[str, list[int]]]:
    """The words that all cards of a family have, and those that some have: word -> the numbers of these cards."""
    sets = [set(text.split(" ")) for text in members]
    everywhere = set.intersection(*sets)
    places: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(sets):
        for word in found - everywhere:
            places[word].append(number)
    return everywhere, places


def _take(table: dict[str, list[int]], word: str, numbers: Sequence[int]) -> None:
    left = [number for number in table[word] if number not in numbers]
    if left:
        table[word] = left
    else:
        del table[word]


def postings(index: WordIndex) -> tuple[Postings, list[str]]:
    """Where each word stands, and the words left out as too common; both in alphabetical order."""
    limit = max(_COMMON_FAMILIES, _COMMON_SHARE * index.families)
    common = sorted(word for word, families_with in index.counts.items() if families_with > limit)
    kept = sorted(index.counts.keys() - set(common) - {""})
    return {word: (index.whole.get(word, []), index.partly.get(word, [])) for word in kept}, common
