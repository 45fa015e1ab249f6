"""Findings as GitHub Actions workflow commands, which it shows beside the lines of a change.

Source: GitHub Actions documentation, "Workflow commands"; the runner ends a command at a line break and takes % as the
beginning of an escape, and in properties : and , as separators.
"""

from __future__ import annotations

import re

from hubkit.lint.diagnostic import Diagnostic, Report, Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def write(report: Report) -> str:
    """One line a finding."""
    return "".join(_line(diagnostic) for diagnostic in report.diagnostics)


def _line(diagnostic: Diagnostic) -> str:
    properties = {
        "file": diagnostic.path.replace("\\", "/"),
        "line": str(diagnostic.line),
        "endLine": str(diagnostic.end_line),
        "col": str(diagnostic.column),
        "title": f"hubkit ({diagnostic.rule})",
    }
    shown = ",".join(f"{name}={_clean(value).translate(_PROPERTY)}" for name, value in properties.items())
    message = "\n".join(part for part in (diagnostic.message, diagnostic.hint) if part)
    return f"::{_COMMANDS[diagnostic.severity]} {shown}::{_clean(message).translate(_MESSAGE)}\n"


def _clean(text: str) -> str:
    """A card's text must not steer the terminal that shows the log."""
    return _CONTROL.sub("\ufffd", text)
