"""What the catalogue's search reads: one index of all models by family, and the words of their bodies in parts.

The index (``search.json``) holds names, metrics and facets, and is fetched when a reader begins to search. The words of
the bodies lie in parts in alphabetical order (``search/words-<digest>.json``), and only those parts are fetched that a
query's words may be in: a large catalogue costs a reader little more than a small one.
``site_templates/static/search.js`` reads both.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hubkit.site.search_tables import SearchCard, tables
from hubkit.site.search_words import Postings, WordIndex, postings

SEARCH = "search.json"
SEARCH_CARDS = "search-cards"
SEARCH_WORDS = "search-words"

_FORMAT = 1
_CARDS = b',"facets":{'
_WORDS = "search/words-"
# A part is closed when its words take more than this, in bytes before compression. From half of it on, one word in
# _CUTS closes it: parts begin where they began when words were added before them, and stay the same.
_PART_BYTES = 48_000
_CUTS = 256


@dataclass(frozen=True, slots=True)
class SearchData:
    """What the files of the search are made of."""

    cards: list[list[SearchCard]]
    """The cards of each family, the newest first, without their words."""
    index: WordIndex
    """Where each word stands."""


@dataclass(frozen=True, slots=True)
class SearchKeys:
    """The keys of the records that the search is made of: each is that of the build that wrote it."""

    words: str
    """That of the index of words."""
    cards: str
    """That of the cards without their words."""


def all_words(words: str, translated: str) -> str:
    """The different words of a card and of the card that translates it; each with spaces between."""
    return " ".join(dict.fromkeys(f"{words} {translated}".split())) if translated else words


def is_search_file(path: str) -> bool:
    """Whether a file of the site, by its path from the root, is one of the search's."""
    return path == SEARCH or path.startswith(_WORDS)


def search_files(data: SearchData) -> dict[str, bytes]:
    """The files of the search, the index last: path from the site's root -> content.

    The same cards give the same bytes.
    """
    head, parts = word_files(data.index)
    return {**parts, SEARCH: join(head, dumps(tables(data.cards)))}


def word_files(index: WordIndex) -> tuple[bytes, dict[str, bytes]]:
    """What the search's index says of words, as a JSON object; and their parts: path -> content."""
    posted, common = postings(index)
    files: dict[str, bytes] = {}
    parts: list[tuple[str, str]] = []
    for first, content in _parts(posted):
        path = f"{_WORDS}{hashlib.sha256(content).hexdigest()[:8]}.json"
        files[path] = content
        parts.append((first, path))
    return dumps({"format": _FORMAT, "parts": parts, "common": common}), files


def join(words: bytes, cards: bytes) -> bytes:
    """The search's index: what it says of words and what it says of cards, two JSON objects, as one."""
    return words[:-1] + b"," + cards[1:]


def split(content: bytes) -> tuple[bytes, bytes]:
    """What join made the index of. Raises ValueError where it is none."""
    place = content.index(_CARDS)  # no word holds a quotation mark
    return content[:place] + b"}", b"{" + content[place + 1 :]


def parts_of(words: bytes) -> list[str]:
    """The paths of the parts that the index names. Raises ValueError where it is none."""
    try:
        return [path for _, path in json.loads(words)["parts"]]
    except (KeyError, TypeError) as error:
        raise ValueError(str(error)) from error


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
        if length > _PART_BYTES or (length > _PART_BYTES // 2 and not zlib.crc32(word.encode()) % _CUTS):
            yield next(iter(part)), dumps(part)
            part, length = {}, 0
    if part:
        yield next(iter(part)), dumps(part)


def _steps(numbers: Sequence[int]) -> list[int]:
    if len(numbers) == 1:  # most words stand in one place
        return [*numbers]
    return [number - before - 1 for before, number in zip([-1, *numbers], numbers, strict=False)]


def dumps(data: object) -> bytes:
    """The data as JSON without spaces."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
