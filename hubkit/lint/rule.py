"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from hubkit.card.parse import Document
from hubkit.card.text import nearest
from hubkit.card.values import Scalar
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.facts import CardFacts
from hubkit.lint.stamp import stamp_of
from hubkit.settings import Settings

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict


class Category(StrEnum):
    """What a rule is about."""

    FILE = "file"
    FRONT_MATTER = "front matter"
    NAMES = "names and vocabularies"
    VERSIONS = "versions"
    HASHES = "hashes"
    LINKS = "links"
    BODY = "body"
    CATALOGUE = "catalogue"


class FixKind(StrEnum):
    """Whether a rule can mend what it finds."""

    NONE = "none"
    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True)
class Context:
    """What a rule may know beside the card."""

    path: Path
    """Where the card lies, absolute."""
    config: Settings
    """The settings."""
    around: dict[str, str] = field(default_factory=dict)
    """Other files that rules looked at, each with its stamp: when one changes, the card is checked again."""

    def exists(self, path: Path | str) -> bool:
        """Whether ``path`` is there. Rules ask this way, so that the answer is not kept for longer than it holds."""
        stamp = stamp_of(path)
        self.around[str(path)] = stamp
        return bool(stamp)


@dataclass(frozen=True, slots=True)
class CatalogueFinding:
    """What a rule over the whole catalogue yields."""

    path: str
    """The card's path, as its facts give it."""
    place: Scalar
    """Where in that card."""
    finding: Finding
    """What is wrong; its offsets are those of ``place``."""


Check: TypeAlias = Callable[[Document, Context], Iterator[Finding]]
CatalogueCheck: TypeAlias = Callable[[Sequence[CardFacts], Settings], Iterator[CatalogueFinding]]
OnlineCheck: TypeAlias = "Callable[[Document, Mapping[str, Verdict]], Iterator[Finding]]"


@dataclass(frozen=True)
class Rule:
    """A rule: its id is its module's name with hyphens, its manual is its module's docstring.

    It has a check of one card, one of the whole catalogue, or one that needs to know how links fare.
    """

    id: str
    """The id that reports and settings name."""
    category: Category
    """What it is about."""
    severity: Severity
    """How bad its findings are."""
    check: Check | None = None
    """Yields the findings of one card."""
    check_catalogue: CatalogueCheck | None = None
    """Yields the findings of all cards together, given in the order of their paths."""
    check_online: OnlineCheck | None = None
    """Yields the findings of one card, given page -> verdict of its links; runs only where they were asked for."""
    fix: FixKind = FixKind.NONE
    """Whether its findings carry fixes, and whether those may be applied unread."""
    yields_to: frozenset[str] = field(default=frozenset())
    """Rules that say the same more precisely: where one of them reports a place, this one is silent there."""


def in_catalogue(card: CardFacts, place: Scalar, message: str, hint: str = "") -> CatalogueFinding:
    """A finding at ``place`` of ``card``."""
    return CatalogueFinding(card.path, place, Finding(place.start, place.end, message, hint))


def nearest_rule(name: str, ids: Sequence[str]) -> str:
    """The one of ``ids`` that ``name`` most probably means; empty where none is near. Words of an id stand for it."""
    runs: dict[str, str] = {}
    for rule in ids:
        parts = rule.split("-")
        for first, last in combinations(range(len(parts) + 1), 2):
            runs.setdefault("-".join(parts[first:last]), rule)
    return runs.get(nearest(name, runs), "")
