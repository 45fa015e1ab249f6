"""Findings as a JSON array, one object a finding."""

from __future__ import annotations

import json
from typing import Any

from hubkit.lint.diagnostic import Diagnostic, Report


def write(report: Report) -> str:
    """A JSON array of objects: path, line, column, end_line, end_column, rule, severity, message, hint, fixable.

    It is ASCII, so that any pipe and any console can carry it.
    """
    return json.dumps([_record(diagnostic) for diagnostic in report.diagnostics], indent=2) + "\n"


def _record(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "path": diagnostic.path.encode(errors="surrogateescape").decode(errors="replace"),
        "line": diagnostic.line,
        "column": diagnostic.column,
        "end_line": diagnostic.end_line,
        "end_column": diagnostic.end_column,
        "rule": diagnostic.rule,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "fixable": diagnostic.fix is not None,
    }
