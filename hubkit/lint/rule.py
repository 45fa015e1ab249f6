"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from hubkit.card.parse import Document
from hubkit.lint.config import LintConfig
from hubkit.lint.diagnostic import Finding, Severity


@dataclass(frozen=True)
class Context:
    """What a rule may know beside the card."""

    path: Path
    """Where the card lies, absolute."""
    config: LintConfig
    """The settings."""


Check: TypeAlias = Callable[[Document, Context], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule: its id is its module's name with hyphens, its manual is its module's docstring."""

    id: str
    """The id that reports and settings name."""
    severity: Severity
    """How bad its findings are."""
    check: Check
    """Yields the findings of one card."""
    yields_to: frozenset[str] = field(default=frozenset())
    """Rules that say the same more precisely: where one of them reports a place, this one is silent there."""
