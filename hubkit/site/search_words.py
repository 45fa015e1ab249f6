"""The words of a text as the search compares them, and which families of the catalogue have each.

``site_templates/static/search.js`` cuts a query in the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

# A version number is one word; else letters and digits run to the next other character.
_WORD = re.compile(r"\d+(?:\.\d+)+|[^\W_]+")
# Han, kana and hangul are written without spaces between words: such a run is cut into overlapping pairs.
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")

# So many different words of a card count, each up to so many characters: more is no prose.
_MAX_WORDS = 4000
_MAX_LENGTH = 40
# A word in more than this share of the families tells none from another; but a small catalogue has no such words.
_COMMON_SHARE = 0.4
_COMMON_FAMILIES = 20

Postings = dict[str, tuple[list[int], list[int]]]
"""Word -> the families of which each card has it, and the cards that have it where others of their family have not.
Families are counted from 0 in their order, and so are all their cards."""


def words(text: str) -> list[str]:
    """The different words of a text in its order, in lower case: "U²-Net 目标检测" -> u2, net, 目标, 标检, 检测, 测."""
    seen: dict[str, None] = {}
    for line in text.split("\n"):
        seen.update(_line_words(line))
        if len(seen) > _MAX_WORDS:
            return list(seen)[:_MAX_WORDS]
    return list(seen)


@lru_cache(maxsize=65536)  # most lines of a catalogue stand in many cards
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


def postings(families: Sequence[Sequence[str]]) -> tuple[Postings, list[str]]:
    """Where each word stands, and the words left out as too common; both in alphabetical order.

    ``families`` are, for each family, the words of each of its cards with spaces between.
    """
    whole: dict[str, list[int]] = defaultdict(list)
    partly: dict[str, list[int]] = defaultdict(list)
    count: dict[str, int] = defaultdict(int)
    first = 0
    for number, members in enumerate(families):
        sets = [set(text.split(" ")) for text in members]
        everywhere = set.intersection(*sets)
        anywhere = set.union(*sets)
        for word in anywhere:
            count[word] += 1
        for word in everywhere:
            whole[word].append(number)
        for index, found in enumerate(sets):
            for word in found - everywhere:
                partly[word].append(first + index)
        first += len(members)
    limit = max(_COMMON_FAMILIES, _COMMON_SHARE * len(families))
    common = sorted(word for word, families_with in count.items() if families_with > limit)
    kept = sorted(count.keys() - set(common) - {""})
    return {word: (whole.get(word, []), partly.get(word, [])) for word in kept}, common
