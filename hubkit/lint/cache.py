"""What earlier runs found in each card, so that the next one looks only at what changed.

A card is known by its size, time and inode, and so are the other files that its rules looked at. What is kept depends
on hubkit's own code, the settings and the rules that ran: with other ones, nothing is known.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit.card.values import Scalar
from hubkit.lint.cache_folder import read_record, write_record
from hubkit.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from hubkit.lint.facts import AssetFacts, CardFacts
from hubkit.lint.replay import surroundings
from hubkit.lint.selection import Selection
from hubkit.lint.stamp import stamp_of
from hubkit.settings import Settings

if TYPE_CHECKING:
    from hubkit.lint.engine import CardResult

_FILE = "cards.json"


def fingerprint(settings: Settings, selection: Selection) -> str:
    """A digest of everything beside the cards that findings depend on."""
    depends = [surroundings(settings), [(rule.id, rule.severity.value) for rule in selection.rules]]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


class Cache:
    """Results of earlier runs in a folder. A damaged one is as good as none."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = key
        self._cards: dict[str, Any] | None = None
        self._stamps: dict[Path, str] = {}  # from before a card is read: one that is written meanwhile has changed
        self._changed = False

    def card(self, path: Path) -> CardResult | None:
        """The result of one card, where neither it nor a file that its rules looked at has changed."""
        from hubkit.lint.engine import CardResult

        if self._cards is None:
            self._cards = read_record(self._folder / _FILE, self._key) or {}
        row = self._cards.get(str(path))
        self._stamps[path] = stamp_of(path)
        try:
            if row is None or row[0] != self._stamps[path] or any(stamp_of(other) != stamp for other, stamp in row[1]):
                return None
            diagnostics = tuple(_diagnostic(item) for item in row[2])
            return CardResult(diagnostics, _facts(row[3]), row[4], tuple((other, stamp) for other, stamp in row[1]))
        except (AttributeError, KeyError, TypeError, ValueError):
            return None

    def remember(self, path: Path, result: CardResult) -> None:
        """Keep the result of one card that was asked for before."""
        if self._cards is None:
            self._cards = {}
        rows = [_row(item) for item in result.diagnostics]
        card = result.facts
        assets = [[asset.file_format, asset.link, asset.sha256] for asset in card.assets]
        facts = [card.path, card.absolute, card.title, card.fields, assets, card.head]
        self._cards[str(path)] = [self._stamps[path], list(result.around), rows, facts, result.suppresses]
        self._changed = True

    def save(self) -> None:
        """Write down what was found; a cache that cannot be written is no error."""
        if self._changed and self._cards is not None:
            cards = {path: row for path, row in self._cards.items() if stamp_of(path)}
            write_record(self._folder / _FILE, self._key, cards)


def _row(diagnostic: Diagnostic) -> list[Any]:
    fix = diagnostic.fix
    edits = [fix.safe, [[edit.start, edit.end, edit.text] for edit in fix.edits]] if fix else None
    return [
        diagnostic.path,
        diagnostic.line,
        diagnostic.column,
        diagnostic.end_line,
        diagnostic.end_column,
        diagnostic.rule,
        diagnostic.severity.value,
        diagnostic.message,
        diagnostic.hint,
        diagnostic.source_line,
        edits,
    ]


def _diagnostic(row: list[Any]) -> Diagnostic:
    path, line, column, end_line, end_column, rule, severity, message, hint, source_line, edits = row
    fix = Fix(tuple(Edit(*edit) for edit in edits[1]), edits[0]) if edits else None
    return Diagnostic(
        path, line, column, end_line, end_column, rule, _SEVERITIES[severity], message, hint, source_line, fix
    )


_SEVERITIES = {severity.value: severity for severity in Severity}


def _facts(row: list[Any]) -> CardFacts:
    path, absolute, title, fields, assets, head = row
    return CardFacts(
        path,
        absolute,
        Scalar(*title),
        {key: Scalar(*value) for key, value in fields.items()},
        tuple(AssetFacts(*(Scalar(*value) if value else None for value in asset)) for asset in assets),
        head,
    )
