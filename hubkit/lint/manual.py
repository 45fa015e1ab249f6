"""The manuals of rules: the docstrings of their modules."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from hubkit.lint.rule import FixKind, Rule


@dataclass(frozen=True, slots=True)
class Manual:
    """What is to be known of a rule."""

    summary: str
    """One sentence that says what it finds."""
    text: str
    """Why that matters, the options, and what is bad and good, as Markdown; the summary is not repeated."""


@cache
def manual(rule_id: str) -> Manual:
    """The manual of the rule."""
    module = import_module(f"hubkit.lint.rules.{rule_id.replace('-', '_')}")
    summary, _, text = inspect.cleandoc(module.__doc__ or "").partition("\n\n")
    return Manual(" ".join(summary.split()), text.strip())


def record(rule: Rule) -> dict[str, str]:
    """What ``hubkit rules --format json`` tells of a rule: id, severity, category, fix, summary, manual."""
    text = manual(rule.id)
    return {
        "id": rule.id,
        "severity": rule.severity.value,
        "category": rule.category.value,
        "fix": rule.fix.value,
        "summary": text.summary,
        "manual": text.text,
    }


# How the kinds of fix are told to people.
FIX_WORDS: dict[FixKind, str] = {FixKind.NONE: "", FixKind.SAFE: "safe", FixKind.UNSAFE: "unsafe"}
