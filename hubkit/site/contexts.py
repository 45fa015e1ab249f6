"""Cards and receipts -> the typed contexts of the pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from hubkit.card.model import Card
from hubkit.site import text
from hubkit.site.badges import FORMATS, badges, standing, tried_conversion
from hubkit.site.catalogue import Catalogue
from hubkit.site.claims import Figure, Standing
from hubkit.site.families import Family
from hubkit.site.metrics import metrics
from hubkit.site.pages import HomePage, ModelSummary, TaskGroup
from hubkit.site.paths import HOME, url
from hubkit.site.tasks import task_name

VERSIONS_ANCHOR = "versions"

# The field of module-type -> how people call it, in the order of the home page.
_FIELDS: dict[str, str] = {
    "cv": "Computer vision",
    "nlp": "Natural language",
    "audio": "Audio",
    "recommend": "Recommendation",
    "gnn": "Graph learning",
    "mm": "Multimodal",
    "rl": "Reinforcement learning",
    "hpc": "Scientific computing",
}
_OTHER = "Other"

_NOT_IN_A_SLUG = re.compile(r"[^\w-]+")


class Contexts:
    """Makes the contexts of the pages of one language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def home(self, families: Sequence[Family]) -> HomePage:
        """The list of all models."""
        cards = sum(len(family.members) for family in families)
        standings = [standing(family.newest) for family in families]
        converted = sum(len(family.newest.receipt.models) for family in families if family.newest.receipt)
        counts = (
            ("model" if len(families) == 1 else "models", len(families)),
            ("versions", cards if cards > len(families) else 0),
            ("verified", standings.count(Standing.VERIFIED)),
            ("partly verified", standings.count(Standing.PARTIAL)),
            ("failed", standings.count(Standing.FAILED)),
            ("outdated", standings.count(Standing.STALE)),
            ("converted files", converted),
        )
        figures = tuple(Figure(label, text.number(count)) for label, count in counts if count)
        return HomePage(self._catalogue.frame(HOME), figures, _groups(families))


def _groups(families: Sequence[Family]) -> tuple[TaskGroup, ...]:
    members: dict[str, list[Family]] = defaultdict(list)
    for family in families:
        members[_group(family.newest.card)].append(family)
    known = [*_FIELDS.values()]
    order = sorted(members, key=lambda label: (known.index(label) if label in known else len(known), label))
    return tuple(_task_group(label, members[label]) for label in order)


def _task_group(label: str, families: Sequence[Family]) -> TaskGroup:
    ordered = sorted(families, key=lambda family: (family.newest.card.title.casefold(), family.key))
    evidenced = tuple(_summary(family) for family in ordered if tried_conversion(family.newest))
    listed = tuple(_summary(family) for family in ordered if not tried_conversion(family.newest))
    return TaskGroup(_slug(label), label, evidenced, listed)


def _summary(family: Family) -> ModelSummary:
    entry = family.newest
    card, receipt = entry.card, entry.receipt
    figures = (
        Figure("params", text.short_number(receipt.parameters) if receipt and receipt.parameters else ""),
        *(
            Figure(FORMATS[model.format][0], text.size(model.size))
            for model in (receipt.models if receipt else ())
            if model.format in FORMATS
        ),
    )
    page = url(family.page)
    return ModelSummary(
        title=card.title,
        name=card.name,
        url=page,
        versions_url=f"{page}#{VERSIONS_ANCHOR}",
        task=task_name(card.module_type),
        dataset=card.train_dataset,
        metrics=metrics(card.evaluation),
        version=card.version,
        others=len(family.members) - 1,
        standing=standing(entry),
        note=receipt.note if receipt else "",
        badges=badges(entry) if tried_conversion(entry) else (),
        figures=tuple(figure for figure in figures if figure.value),
    )


def _group(card: Card) -> str:
    field = card.module_type.partition("-")[0]
    return _FIELDS.get(field, field) or _OTHER


def _slug(label: str) -> str:
    return "task-" + _NOT_IN_A_SLUG.sub("-", label.lower())
