"""The values of a card's front matter: text as it was written, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


class Scalar(NamedTuple):
    """One scalar. Its text is what the author wrote: ``1.10`` stays "1.10" and a date stays text."""

    text: str
    """The value; of a quoted scalar, what stands between the quotes."""
    start: int
    """Offset of its first character in the file, a quote included."""
    end: int
    """Offset after its last character."""
    plain: bool
    """Whether it is written without quotes, so that YAML guesses its type."""

    def data(self) -> Any:
        """The value as JSON data.

        Only a plain boolean, null, or integer that reads the same as a number becomes one; everything else,
        decimal fractions and dates included, stays text, so that nothing is changed on the way.
        """
        if not self.plain:
            return self.text
        if self.text in _NULLS:
            return None
        if self.text in _BOOLEANS:
            return _BOOLEANS[self.text]
        if self.text.isascii() and self.text.isdigit() and (self.text == "0" or self.text[0] != "0"):
            return int(self.text) if len(self.text) < 16 else self.text
        return self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple[Value, ...]
    """The values in order."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last character."""

    def data(self) -> list[Any]:
        """The items as JSON data."""
        return [item.data() for item in self.items]


class Entry(NamedTuple):
    """A key and its value."""

    key: Scalar
    """The key with its place."""
    value: Value
    """The value with its place."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values. Where a key stands twice, the last one counts, as YAML readers do."""

    entries: dict[str, Entry]
    """Key text -> entry, in the file's order."""
    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last character."""

    def data(self) -> dict[str, Any]:
        """The entries as JSON data."""
        return {key: entry.value.data() for key, entry in self.entries.items()}

    def get(self, key: str) -> Value | None:
        """The value of ``key``; None where it is missing."""
        entry = self.entries.get(key)
        return entry.value if entry else None

    def scalar(self, key: str) -> Scalar | None:
        """The scalar at ``key``; None where it is missing or no scalar."""
        entry = self.entries.get(key)
        return entry.value if entry is not None and isinstance(entry.value, Scalar) else None

    def text(self, key: str) -> str:
        """The text at ``key``; empty where it is missing or no scalar."""
        scalar = self.scalar(key)
        return scalar.text if scalar else ""

    def mappings(self, key: str) -> Iterator[Mapping]:
        """The mappings in the list at ``key``; a single mapping counts as a list of one."""
        value = self.get(key)
        candidates = value.items if isinstance(value, Sequence) else (value,)
        for candidate in candidates:
            if isinstance(candidate, Mapping):
                yield candidate


Value: TypeAlias = Scalar | Sequence | Mapping
