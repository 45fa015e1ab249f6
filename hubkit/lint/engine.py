"""Runs the rules over cards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hubkit.card.model import find_cards
from hubkit.card.parse import Document, parse_file
from hubkit.errors import CardError
from hubkit.lint.config import LintConfig
from hubkit.lint.diagnostic import Diagnostic, Report
from hubkit.lint.rule import Context, Rule
from hubkit.lint.rules import RULES

_LONGEST = 1_000  # characters of a message or a hint: both may quote the card


def lint(paths: Iterable[Path], config: LintConfig, *, rules: Sequence[Rule] = RULES) -> Report:
    """Lint the cards at ``paths``; a folder stands for every card below it.

    Raises CardError where a path does not exist or cannot be read.
    """
    diagnostics: list[Diagnostic] = []
    files = 0
    for path in collect(paths):
        files += 1
        try:
            document = parse_file(path)
        except OSError as error:
            raise CardError(f"{path}: cannot be read: {error.strerror or error}") from error
        diagnostics.extend(lint_document(document, Context(path.absolute(), config), rules))
    return Report(tuple(diagnostics), files)


def lint_document(document: Document, context: Context, rules: Sequence[Rule] = RULES) -> list[Diagnostic]:
    """The findings of one parsed card, by place and then by rule, each once."""
    found = dict.fromkeys((rule, finding) for rule in rules for finding in rule.check(document, context))
    places = {(rule.id, finding.start) for rule, finding in found}
    kept = [
        (rule, finding)
        for rule, finding in found
        if not any((other, finding.start) in places for other in rule.yields_to)
    ]
    kept.sort(key=lambda pair: (pair[1].start, pair[1].end, pair[0].id, pair[1].message))
    lines: dict[int, str] = {}  # findings on one line share its text: a line may be as long as the card
    diagnostics: list[Diagnostic] = []
    for rule, finding in kept:
        span = document.source.span(finding.start, finding.end)
        if span.line not in lines:
            lines[span.line] = document.source.line(span.line)
        diagnostics.append(
            Diagnostic(
                path=document.path,
                line=span.line,
                column=span.column,
                end_line=span.end_line,
                end_column=span.end_column,
                rule=rule.id,
                severity=rule.severity,
                message=_cut(finding.message),
                hint=_cut(finding.hint),
                source_line=lines[span.line],
                fix=finding.fix,
            )
        )
    return diagnostics


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."


def collect(paths: Iterable[Path]) -> Iterator[Path]:
    """The card files that ``paths`` stand for, each once, in order.

    Raises CardError where a path does not exist or a folder cannot be read.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise CardError(f"{path}: no such file or folder", hint="Name a card or a folder of cards.")
        for file in find_cards(path) if path.is_dir() else (path,):
            if file not in seen:
                seen.add(file)
                yield file
