"""The reports of the last run as they were written, for the next run in which nothing changed.

Such a run reads no card and loads no rule: it asks the file system whether the cards, and the other files that rules
looked at, are what they were, and prints the same text again.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hubkit.lint.cache_folder import read_record, write_record
from hubkit.lint.diagnostic import Report, Severity
from hubkit.lint.stamp import stamp_of
from hubkit.resources import package_digest, resource_digest
from hubkit.settings import Settings

_FILE = "run.json"
# Where records of fetched files are looked for.
_STORE_VARIABLES = ("HUBKIT_CACHE", "XDG_CACHE_HOME", "HOME")


def surroundings(settings: Settings) -> list[str]:
    """Everything beside the cards and the options of a run on which findings depend."""
    return [
        package_digest("card"),
        package_digest("lint"),
        resource_digest("schema"),
        repr(settings),
        str(Path.cwd()),
        *(os.environ.get(name, "") for name in _STORE_VARIABLES),
        sys.version,  # snippets are parsed by this very Python
        *(stamp_of(folder) for folder in sys.path if folder.endswith("-packages")),  # and cards by what lies there
        datetime.now(UTC).date().isoformat(),  # a date that lies in the future today may not tomorrow
    ]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What an earlier run wrote."""

    reports: Mapping[str, str]
    """Format -> the report."""
    errors: int
    """How many findings are errors."""
    warnings: int
    """How many are warnings."""

    def failed(self, *, strict: bool) -> bool:
        """Whether there is an error; with ``strict``, a warning is enough."""
        return bool(self.errors or (strict and self.warnings))


class Replay:
    """The last run of one kind: the same settings, options and cards. The stamps are taken when it is made, before
    any card is read, so that a card which is written meanwhile counts as changed."""

    def __init__(self, folder: Path, settings: Settings, options: Sequence[str], cards: Sequence[Path]) -> None:
        self._folder = folder
        self._key = hashlib.sha256(json.dumps([surroundings(settings), list(options)]).encode()).hexdigest()
        self._stamps = {str(path): stamp_of(path) for path in cards}

    def find(self, formats: Sequence[str]) -> Replayed | None:
        """What was written in these formats, where nothing changed since; None where anything did."""
        run = read_record(self._folder / _FILE, self._key)
        if run is None or run["stamps"] != self._stamps:
            return None
        reports: dict[str, str] = run["reports"]
        if not set(formats) <= reports.keys() or any(stamp_of(path) != stamp for path, stamp in run["around"].items()):
            return None
        return Replayed(reports, run["errors"], run["warnings"])

    def keep(self, report: Report, reports: Mapping[str, str]) -> None:
        """Write down a run."""
        run: dict[str, Any] = {
            "stamps": self._stamps,
            "around": dict(report.around),
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "reports": dict(reports),
        }
        write_record(self._folder / _FILE, self._key, run)
