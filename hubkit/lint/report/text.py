"""Findings for people: place, words, the line concerned, and how to mend it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from hubkit.lint.diagnostic import Diagnostic, Report, Severity

_WIDTH = 100


def write(report: Report) -> str:
    """One block a finding, then a line that counts them, and of them what options mend."""
    blocks = ["\n".join(_block(diagnostic)) + "\n" for diagnostic in report.diagnostics]
    return "\n".join([*blocks, _summary(report) + "\n"])


def _block(diagnostic: Diagnostic) -> Iterator[str]:
    place = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    yield _printable(f"{place}: {diagnostic.severity.value}[{diagnostic.rule}] {diagnostic.message}")
    before, marked, after = _excerpt(diagnostic)
    if (before + marked + after).strip():
        number = str(diagnostic.line)
        yield f"  {number} | {before}{marked}{after}"
        yield f"  {' ' * len(number)} | {' ' * _columns(before)}{'^' * max(1, _columns(marked))}"
    if diagnostic.hint:
        yield _printable(f"  help: {diagnostic.hint}")


def _excerpt(diagnostic: Diagnostic) -> tuple[str, str, str]:
    """What stands before, in and after the finding on its first line; a long line is cut around the finding."""
    line = diagnostic.source_line
    start = diagnostic.column - 1
    end = diagnostic.end_column - 1 if diagnostic.end_line == diagnostic.line else len(line)
    begin = 0 if len(line) <= _WIDTH else max(0, min(start - _WIDTH // 3, len(line) - _WIDTH))
    after = begin + _WIDTH
    return _shown(line[begin:start]), _shown(line[start : min(end, after)]), _shown(line[max(start, end) : after])


def _shown(text: str) -> str:
    return _printable(text.replace("\t", " "))


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: East Asian wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _printable(text: str) -> str:
    """A card's text must not steer the terminal: control characters are shown as a replacement character."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or unicodedata.category(c) == "Zs" else "\ufffd" for c in text)


def _summary(report: Report) -> str:
    cards = f"{report.files} card{'s' * (report.files != 1)}"
    if not report.diagnostics:
        return f"{cards} checked: no findings"
    counts = [
        f"{count} {name}{'s' * (count != 1)}"
        for severity, name in (
            (Severity.ERROR, "error"),
            (Severity.WARNING, "warning"),
            (Severity.INFO, "note"),
        )
        if (count := report.count(severity))
    ]
    return f"{cards} checked: {', '.join(counts)}{_mendable(report)}"


def _mendable(report: Report) -> str:
    fixes = [diagnostic.fix for diagnostic in report.diagnostics if diagnostic.fix]
    safe = sum(fix.safe for fix in fixes)
    options = [("--fix", safe)] * bool(safe) + [("--unsafe-fixes", len(fixes))] * (len(fixes) > safe)
    return f" ({', '.join(f'{option} mends {count}' for option, count in options)})" if options else ""
