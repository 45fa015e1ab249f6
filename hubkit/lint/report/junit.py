"""Findings as JUnit XML, which continuous integration servers show as tests: a suite a card, a failure a finding.

Source: the JUnit schema that Jenkins and GitLab read. A card without findings is not named; where there is none at
all, one passed test says so, because an empty report counts as a failed upload.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from hubkit.lint.diagnostic import Diagnostic, Report

_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def write(report: Report) -> str:
    """A ``testsuites`` document; characters that XML cannot hold are shown as a replacement character."""
    total = len(report.diagnostics)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<testsuites name="hubkit lint" tests="{max(total, 1)}" failures="{total}">',
            *_suites(report),
            "</testsuites>\n",
        ]
    )


def _suites(report: Report) -> Iterator[str]:
    if not report.diagnostics:
        name = f"{report.files} card{'s' * (report.files != 1)} without findings"
        yield '  <testsuite name="hubkit lint" tests="1" failures="0">'
        yield f'    <testcase classname="hubkit" name={_quoted(name)}/>'
        yield "  </testsuite>"
    for path, group in groupby(report.diagnostics, key=lambda diagnostic: diagnostic.path):
        diagnostics = list(group)
        count = len(diagnostics)
        yield f'  <testsuite name={_quoted(path)} tests="{count}" failures="{count}">'
        for diagnostic in diagnostics:
            yield from _case(diagnostic)
        yield "  </testsuite>"


def _case(diagnostic: Diagnostic) -> Iterator[str]:
    place = f"{diagnostic.line}:{diagnostic.column}"
    text = "\n".join(
        part
        for part in (
            f"{diagnostic.path}:{place}: {diagnostic.severity.value}[{diagnostic.rule}] {diagnostic.message}",
            diagnostic.source_line,
            diagnostic.hint,
        )
        if part
    )
    name, path = _quoted(f"{diagnostic.rule} {place}"), _quoted(diagnostic.path)
    kind, message = _quoted(diagnostic.severity.value), _quoted(diagnostic.message)
    yield f'    <testcase classname={path} name={name} file={path} line="{diagnostic.line}">'
    yield f"      <failure type={kind} message={message}>{_text(text)}</failure>"
    yield "    </testcase>"


def _quoted(text: str) -> str:
    return f'"{_text(text)}"'


def _text(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text).translate(_ESCAPES)
