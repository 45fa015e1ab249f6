"""Mending many cards: what `--fix`, `--unsafe-fixes` and `--diff` do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from hubkit.card.parse import parse_bytes
from hubkit.errors import CardError
from hubkit.lint.diagnostic import Diagnostic, Report
from hubkit.lint.engine import check_card, without_suppressed
from hubkit.lint.fixes import FixResult, fix_file
from hubkit.lint.rules import RULES
from hubkit.lint.selection import Selection
from hubkit.settings import Settings


def mend_cards(
    report: Report, settings: Settings, selection: Selection, *, unsafe: bool, write: bool
) -> Iterator[tuple[Path, FixResult | CardError]]:
    """Fix each card of ``report`` that has something to fix, and tell what came of it; without ``write`` only tell.

    A card that cannot be read or written is as it was, and stops no other: then the error is what came of it.
    """
    elsewhere = {rule.id for rule in RULES if rule.check_catalogue is not None or rule.check_online is not None}
    findings: dict[str, list[Diagnostic]] = {}
    for found in report.diagnostics:
        if found.fix is not None and (found.fix.safe or unsafe):
            findings.setdefault(found.path, []).append(found)
    for name, found_here in findings.items():
        path = Path(name)
        # What was found by looking at more than the card holds for the card as it is now, and is mended first.
        first = [found for found in found_here if found.rule in elsewhere]

        def once(content: bytes, path: Path = path, first: list[Diagnostic] = first) -> list[Diagnostic]:
            found = [*first, *check_content(content, path, settings, selection)]
            first.clear()
            return found

        result: FixResult | CardError
        try:
            result = fix_file(path, once, unsafe=unsafe, write=write)
        except CardError as error:
            result = error
        yield path, result


def check_content(content: bytes, path: Path, settings: Settings, selection: Selection) -> list[Diagnostic]:
    """The findings in the bytes of one card that lies, or is to lie, at ``path``, less what it suppresses."""
    document = parse_bytes(content, str(path))
    found = list(check_card(document, path.absolute(), settings, selection).diagnostics)
    return without_suppressed(document, path.absolute(), found, selection)


def lint_content(content: bytes, path: Path, settings: Settings, selection: Selection) -> Report:
    """The report on one card that is given as bytes, as an editor gives it."""
    return Report(tuple(check_content(content, path, settings, selection)), 1)


def only(report: Report, paths: Iterable[Path]) -> Report:
    """The findings of ``report`` in ``paths``, which are resolved."""
    wanted = frozenset(paths)
    kept = tuple(found for found in report.diagnostics if Path(os.path.realpath(found.path)) in wanted)
    return Report(kept, report.files)
