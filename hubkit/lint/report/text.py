"""Findings for people: place, words, the line concerned, and how to mend it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from hubkit.lint.diagnostic import Diagnostic, Report, Severity

_WIDTH = 100


def write(report: Report) -> str:
    """One block a finding, then a line that counts them."""
    blocks = ["\n".join(_block(diagnostic)) + "\n" for diagnostic in report.diagnostics]
    return "\n".join([*blocks, _summary(report) + "\n"])


def _block(diagnostic: Diagnostic) -> Iterator[str]:
    place = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    yield _printable(f"{place}: {diagnostic.severity.value}[{diagnostic.rule}] {diagnostic.message}")
    line, column = _window(diagnostic)
    if line.strip():
        number = str(diagnostic.line)
        end = diagnostic.end_column if diagnostic.end_line == diagnostic.line else len(diagnostic.source_line) + 1
        length = max(1, min(end - diagnostic.column, len(line) - column))
        before = _columns(line[:column])
        yield f"  {number} | {_printable(line)}"
        yield f"  {' ' * len(number)} | {' ' * before}{'^' * max(1, _columns(line[column : column + length]))}"
    if diagnostic.hint:
        yield _printable(f"  help: {diagnostic.hint}")


def _window(diagnostic: Diagnostic) -> tuple[str, int]:
    """The part of the line to show, and where in it the finding begins; a long line is cut around the finding."""
    line, column = diagnostic.source_line.replace("\t", " "), diagnostic.column - 1
    if len(line) <= _WIDTH:
        return line, column
    begin = max(0, min(column - _WIDTH // 3, len(line) - _WIDTH))
    return line[begin : begin + _WIDTH], column - begin


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes; East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _printable(text: str) -> str:
    """A card's text must not steer the terminal: control characters are shown as a replacement character."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == " " else "\ufffd" for c in text)


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
    return f"{cards} checked: {', '.join(counts)}"
