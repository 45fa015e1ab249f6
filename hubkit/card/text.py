"""Offsets, lines and columns of a card's text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n?|\n")
_SHOWN = 80


class Span(NamedTuple):
    """A place in a file, both ends counted from 1; the end column is the one after the last character."""

    line: int
    """The first line, from 1."""
    column: int
    """The first column in characters, from 1."""
    end_line: int
    """The last line, from 1."""
    end_column: int
    """The column after the last character, from 1."""


class Source:
    """A text whose offsets can be told as lines and columns.

    Lines end with LF, CRLF or CR, so that every editor counts the same; the characters that YAML 1.1 also calls
    line breaks (U+0085, U+2028, U+2029) end no line here.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        """The whole text, as it was read: line ends are untouched."""

    @cached_property
    def _starts(self) -> list[int]:
        if "\r" in self.text:
            return [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return list(accumulate([len(line) + 1 for line in self.text.split("\n")[:-1]], initial=0))

    def span(self, start: int, end: int) -> Span:
        """The lines and columns of ``text[start:end]``."""
        start = min(max(start, 0), len(self.text))
        line, column = self._position(start)
        further = line < len(self._starts) and end >= self._starts[line]  # as a rule, a span ends on its first line
        end_line, end_column = (
            self._position(end) if further else (line, column + max(min(end, len(self.text)) - start, 0))
        )
        return Span(line, column, end_line, end_column)

    def line(self, number: int) -> str:
        """Line ``number`` (from 1) without its line end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def line_start(self, number: int) -> int:
        """The offset at which line ``number`` (from 1) begins; the text's length where there is no such line."""
        return self._starts[number - 1] if number <= len(self._starts) else len(self.text)

    def find(self, part: str, start: int, end: int) -> tuple[int, int]:
        """Where ``part`` stands in ``text[start:end]``; the whole range where it is written otherwise, with escapes."""
        found = self.text.find(part, start, end)
        return (found, found + len(part)) if found >= 0 else (start, end)

    def _position(self, offset: int) -> tuple[int, int]:
        offset = min(offset, len(self.text))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def shown(text: str) -> str:
    """A card's text for a message: between quotes, on one line, cut to what a reader needs to find it."""
    return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "...")


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.7) -> str:
    """The word of ``known`` that ``word`` most probably means, whatever its case; empty where none is near."""
    from difflib import get_close_matches

    if len(word) > _SHOWN:
        return ""
    spellings = {other.lower(): other for other in known}
    found = get_close_matches(word.lower(), spellings, n=1, cutoff=cutoff)
    return spellings[found[0]] if found else ""
