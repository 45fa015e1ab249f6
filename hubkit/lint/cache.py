"""What the last run found, so that the next one looks only at what changed.

A card is known by its size, time and inode, and so are the other files that its rules looked at. What is kept depends
on hubkit's own code, the settings and the rules that ran: with other ones, nothing is known.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit.lint.diagnostic import Diagnostic, Edit, Fix, Report, Severity
from hubkit.lint.facts import AssetFacts, CardFacts, Fact
from hubkit.lint.rule import stamp_of
from hubkit.lint.selection import Selection
from hubkit.resources import package_digest, resource_digest
from hubkit.settings import Settings

if TYPE_CHECKING:
    from hubkit.lint.engine import CardResult

FOLDER = ".hubkit_cache"

_IGNORE = "# made by hubkit; safe to remove\n*\n"


def fingerprint(settings: Settings, selection: Selection) -> str:
    """A digest of everything beside the cards that findings depend on."""
    depends = [
        package_digest("card"),
        package_digest("lint"),
        resource_digest("schema"),
        repr(settings),
        [(rule.id, rule.severity.value) for rule in selection.rules],
        str(Path.cwd()),
        os.environ.get("HUBKIT_CACHE", ""),  # where records of fetched files are looked for
        datetime.now(UTC).date().isoformat(),  # a date that lies in the future today may not tomorrow
    ]
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()


class Cache:
    """Results of earlier runs in a folder. A damaged one is as good as none."""

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = key
        self._cards: dict[str, Any] | None = None
        self._changed = False

    def report(self, files: Sequence[Path]) -> Report | None:
        """The whole report, where nothing changed since it was made for the same ``files``."""
        run = self._read("run.json")
        if run is None or run["stamps"] != {str(path): stamp_of(path) for path in files}:
            return None
        if any(stamp_of(Path(path)) != stamp for path, stamp in run["around"]):
            return None
        return Report(tuple(_diagnostic(row) for row in run["diagnostics"]), len(files))

    def card(self, path: Path) -> CardResult | None:
        """The result of one card, where neither it nor a file that its rules looked at has changed."""
        from hubkit.lint.engine import CardResult

        if self._cards is None:
            self._cards = (self._read("cards.json") or {}).get("cards", {})
        row = self._cards.get(str(path))
        if row is None or row[0] != stamp_of(path):
            return None
        if any(stamp_of(Path(other)) != stamp for other, stamp in row[1]):
            return None
        diagnostics = tuple(_diagnostic(item) for item in row[2])
        return CardResult(diagnostics, _facts(row[3]), row[4], tuple((other, stamp) for other, stamp in row[1]))

    def remember(self, path: Path, result: CardResult) -> None:
        """Keep the result of one card."""
        if self._cards is None:
            self._cards = {}
        rows = [_row(item) for item in result.diagnostics]
        card = result.facts
        assets = [[asset.file_format, asset.link, asset.sha256] for asset in card.assets]
        facts = [card.path, card.absolute, card.title, card.fields, assets, card.head]
        self._cards[str(path)] = [stamp_of(path), list(result.around), rows, facts, result.suppresses]
        self._changed = True

    def save(self, files: Sequence[Path], report: Report) -> None:
        """Write down what was found; a cache that cannot be written is no error."""
        cards = self._cards or {}
        around = [pair for path in files for pair in cards.get(str(path), [None, []])[1]]
        run = {
            "stamps": {str(path): stamp_of(path) for path in files},
            "around": around,
            "diagnostics": [_row(item) for item in report.diagnostics],
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / ".gitignore").write_text(_IGNORE, encoding="utf-8")
            self._write("run.json", run)
            if self._changed:
                self._write("cards.json", {"cards": {key: row for key, row in cards.items() if stamp_of(Path(key))}})
        except OSError:
            return

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            data = json.loads((self._folder / name).read_text(encoding="utf-8"))
            return data if data["key"] == self._key else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _write(self, name: str, data: dict[str, Any]) -> None:
        beside = self._folder / f"{name}.{os.getpid()}"
        try:
            beside.write_text(json.dumps({"key": self._key, **data}), encoding="utf-8")
            beside.replace(self._folder / name)
        finally:
            beside.unlink(missing_ok=True)


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
        Fact(*title),
        {key: Fact(*value) for key, value in fields.items()},
        tuple(AssetFacts(*(Fact(*value) if value else None for value in asset)) for asset in assets),
        head,
    )
