"""The pages that explain rules, operators and badges: what each may say, by the same terms as those of ``pages``."""

from __future__ import annotations

from markupsafe import Markup

from hubkit.site.claims import Figure, Mark, Standing
from hubkit.site.page_context import page_context
from hubkit.site.pages import Frame


@page_context
class RuleRow:
    """A rule of the linter in the list of all."""

    id: str
    """Its id."""
    url: str
    """Its page."""
    severity: str
    """How bad its findings are, in words."""
    fix: str
    """Whether it can mend them, in words."""
    summary: str
    """What it finds, in English."""


@page_context
class RuleGroup:
    """The rules about one thing."""

    slug: str
    """Names the group in a link."""
    label: str
    """What they are about."""
    rows: tuple[RuleRow, ...]
    """The rules."""


@page_context
class RulesPage:
    """All rules of the linter."""

    frame: Frame
    """What stands around it."""
    crumbs: tuple[Figure, ...]
    """The way from the home page; the last is the page itself."""
    count: str
    """How many they are, with the noun."""
    groups: tuple[RuleGroup, ...]
    """The rules by what they are about."""


@page_context
class RulePage:
    """The manual of a rule."""

    frame: Frame
    """What stands around it."""
    crumbs: tuple[Figure, ...]
    """The way from the home page; the last is the page itself."""
    rule: RuleRow
    """What is to be known at a glance."""
    category: str
    """What it is about."""
    manual: Markup
    """The rest of its manual, in English."""


@page_context
class OperatorEntry:
    """An operator that hubkit can express in ONNX."""

    name: str
    """Its name in MindIR."""
    signature: str
    """Its arguments."""
    onnx: str
    """What it becomes."""
    notes: str
    """What it computes and what is refused, in English; may be empty."""


@page_context
class OperatorFamily:
    """Operators of one kind."""

    slug: str
    """Names the family in a link."""
    label: str
    """Its name."""
    rows: tuple[OperatorEntry, ...]
    """The operators by name."""


@page_context
class OperatorsPage:
    """The operators that hubkit can express in ONNX."""

    frame: Frame
    """What stands around it."""
    crumbs: tuple[Figure, ...]
    """The way from the home page; the last is the page itself."""
    count: str
    """How many they are, with the noun."""
    groups: tuple[OperatorFamily, ...]
    """The operators by family."""


@page_context
class MarkMeaning:
    """What a mark means."""

    mark: Mark
    """The mark."""
    meaning: str
    """What it says of a claim, in a sentence."""


@page_context
class StandingMeaning:
    """What the standing of a whole card means."""

    standing: Standing
    """The standing."""
    meaning: str
    """When a card has it, in a sentence."""


@page_context
class BadgesPage:
    """What the badges mean."""

    frame: Frame
    """What stands around it."""
    crumbs: tuple[Figure, ...]
    """The way from the home page; the last is the page itself."""
    marks: tuple[MarkMeaning, ...]
    """The marks of claims."""
    standings: tuple[StandingMeaning, ...]
    """The standings of cards."""
    claims: tuple[Figure, ...]
    """The claims, each with how it is checked; the anchor of each is its url."""
    statuses: tuple[Figure, ...]
    """How a conversion can end."""
