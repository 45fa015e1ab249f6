"""Findings as SARIF, the format that code hosts and editors read. Source: OASIS SARIF 2.1.0.

Columns and offsets count characters (Unicode code points), behind a byte order mark.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hubkit import __version__
from hubkit.lint.diagnostic import Diagnostic, Fix, Report, Severity
from hubkit.lint.manual import manual
from hubkit.lint.rule import Rule
from hubkit.lint.rules import RULES

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_RULES = {rule.id: index for index, rule in enumerate(RULES)}


def write(report: Report) -> str:
    """A SARIF log with one run; its rules are all rules of hubkit, with their manuals as help."""
    driver = {"name": "hubkit", "version": __version__, "rules": [_rule(rule) for rule in RULES]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic) for diagnostic in report.diagnostics],
    }
    # In ASCII, because a path may hold bytes that are no UTF-8.
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    text = manual(rule.id)
    return {
        "id": rule.id,
        "shortDescription": {"text": text.summary},
        "help": {"text": f"{text.summary}\n\n{text.text}", "markdown": f"**{text.summary}**\n\n{text.text}"},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"category": rule.category.value, "fix": rule.fix.value, "tags": [rule.category.value]},
    }


def _result(diagnostic: Diagnostic) -> dict[str, Any]:
    location = {"uri": _uri(diagnostic.path)}
    region: dict[str, Any] = {
        "startLine": diagnostic.line,
        "startColumn": diagnostic.column,
        "endLine": diagnostic.end_line,
        "endColumn": diagnostic.end_column,
    }
    if diagnostic.line == diagnostic.end_line:
        region["snippet"] = {"text": diagnostic.source_line[diagnostic.column - 1 : diagnostic.end_column - 1]}
    result: dict[str, Any] = {
        "ruleId": diagnostic.rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": "\n".join(part for part in (diagnostic.message, diagnostic.hint) if part)},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}],
    }
    if diagnostic.rule in _RULES:
        result["ruleIndex"] = _RULES[diagnostic.rule]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix, diagnostic.hint, location)]
    return result


def _fix(fix: Fix, hint: str, location: dict[str, Any]) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": {"charOffset": edit.start, "charLength": edit.end - edit.start},
            "insertedContent": {"text": edit.text},
        }
        for edit in fix.edits
    ]
    return {
        "description": {"text": hint or ("Mend it." if fix.safe else "Mend it; read the change before you keep it.")},
        "artifactChanges": [{"artifactLocation": location, "replacements": replacements}],
    }


def _uri(path: str) -> str:
    """A reference as RFC 3986 has it: relative to the folder that the linter ran in, or a file URL."""
    pure = Path(path)
    quoted = quote(os.fsencode(pure.as_posix()), safe="/~")
    return f"file://{quoted}" if pure.is_absolute() else quoted
