"""Findings as a JSON array, one object a finding."""

from __future__ import annotations

from json.encoder import encode_basestring_ascii as _quoted

from hubkit.lint.diagnostic import Diagnostic, Report


def write(report: Report) -> str:
    """A JSON array of objects: path, line, column, end_line, end_column, rule, severity, message, hint, fixable.

    It is ASCII, so that any pipe and any console can carry it, with an object a line, so that grep serves too.
    """
    records = ",\n".join([_record(diagnostic) for diagnostic in report.diagnostics])
    return f"[\n{records}\n]\n" if records else "[]\n"


def _record(found: Diagnostic) -> str:
    """One finding; written out, as a call of the encoder for each of many thousands takes three times as long."""
    return (
        f'{{"path": {_text(found.path)}, "line": {found.line}, "column": {found.column}, "end_line": {found.end_line}, '
        f'"end_column": {found.end_column}, "rule": {_quoted(found.rule)}, "severity": "{found.severity.value}", '
        f'"message": {_text(found.message)}, "hint": {_text(found.hint)}, '
        f'"fixable": {"false" if found.fix is None else "true"}}}'
    )


def _text(text: str) -> str:
    """Bytes of a file name that are no UTF-8 stand as halves of pairs, which no reader of JSON needs to take."""
    if not text.isascii():
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _quoted(text)
