"""Checks that repeat what reading the card already found."""

from __future__ import annotations

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding
from hubkit.lint.rule import Check, Context


def problems(rule: str) -> Check:
    """A check that yields the problems which the parser filed under ``rule``."""

    def check(document: Document, _context: Context) -> Iterator[Finding]:
        for problem in document.problems:
            if problem.rule == rule:
                yield Finding(problem.start, problem.end, problem.message, problem.hint)

    return check
