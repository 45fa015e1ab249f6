"""Findings of the linter: what a rule yields, and what a report holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How bad a finding is, the worst last."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Edit(NamedTuple):
    """Replaces ``text[start:end]`` of a card."""

    start: int
    """Offset of the first character to replace."""
    end: int
    """Offset after the last one; equal to ``start`` to insert."""
    text: str
    """What stands there afterwards."""


class Fix(NamedTuple):
    """How to mend a finding by editing the card."""

    edits: tuple[Edit, ...]
    """The edits; they do not overlap."""
    safe: bool
    """Whether it keeps the card's meaning, so that it may be applied without being read."""


class Finding(NamedTuple):
    """What a rule yields: a place in the card and what is wrong there."""

    start: int
    """Offset of the first character concerned."""
    end: int
    """Offset after the last one."""
    message: str
    """What is wrong."""
    hint: str = ""
    """How to mend it."""
    fix: Fix | None = None
    """An edit that mends it, where there is one."""


class Diagnostic(NamedTuple):
    """A finding with everything that a report shows."""

    path: str
    """The card's path as the user named it."""
    line: int
    """First line, from 1."""
    column: int
    """First column, from 1."""
    end_line: int
    """Last line, from 1."""
    end_column: int
    """Column after the last character, from 1."""
    rule: str
    """The id of the rule."""
    severity: Severity
    """How bad it is."""
    message: str
    """What is wrong."""
    hint: str
    """How to mend it."""
    source_line: str
    """The line that is concerned."""
    fix: Fix | None
    """An edit that mends it, where there is one."""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one run of the linter."""

    diagnostics: tuple[Diagnostic, ...]
    """All findings, by path, then by place."""
    files: int
    """How many cards were read."""
    around: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Other files that rules looked at, each with its stamp; findings may change when one of them does."""

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)

    def failed(self, *, strict: bool) -> bool:
        """Whether there is an error; with ``strict``, a warning is enough."""
        return bool(self.count(Severity.ERROR) or (strict and self.count(Severity.WARNING)))
