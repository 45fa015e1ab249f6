"""The pages that models are found and chosen on: home, with every model once by field, and the comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from hubkit.site import facets, text
from hubkit.site.badges import FORMATS, badges, standing, tried_conversion
from hubkit.site.catalogue import Catalogue
from hubkit.site.claims import Figure, Standing
from hubkit.site.families import Family
from hubkit.site.i18n import _, ngettext
from hubkit.site.metrics import metrics
from hubkit.site.pages import ComparePage, HomePage, ModelSummary, SearchFrame, TaskGroup
from hubkit.site.paths import COMPARE, HOME, url
from hubkit.site.search import SEARCH
from hubkit.site.tasks import FIELDS, TASKS, field_label, field_of, field_slug, task_name

_VERSIONS_ANCHOR = "versions"


def home_page(catalogue: Catalogue) -> HomePage:
    """The list of all models."""
    frame = catalogue.frame(HOME)
    search = SearchFrame(frame.root + SEARCH, facets.names(), facets.labels(catalogue.entries), facets.marks())
    return HomePage(frame, _figures(catalogue.families), _groups(catalogue.families), search)


def compare_page(catalogue: Catalogue) -> ComparePage:
    """The page that compares models, which says nothing of any model itself."""
    return ComparePage(
        frame=catalogue.frame(COMPARE),
        fields={field: _(label) for field, label in FIELDS.items()},
        tasks={task: _(label) for task, label in TASKS.items()},
        labels=facets.labels(()),
        marks=facets.marks(),
    )


def _figures(families: Sequence[Family]) -> tuple[Figure, ...]:
    """The catalogue in numbers, without those that are none."""
    cards = sum(len(family.members) for family in families)
    standings = [standing(family.newest) for family in families]
    converted = sum(len(family.newest.receipt.models) for family in families if family.newest.receipt)
    counts = (
        (ngettext("model", "models", len(families)), len(families)),
        (_("versions"), cards if cards > len(families) else 0),
        (_("verified"), standings.count(Standing.VERIFIED)),
        (_("partly verified"), standings.count(Standing.PARTIAL)),
        (_("failed"), standings.count(Standing.FAILED)),
        (_("outdated"), standings.count(Standing.STALE)),
        (_("converted files"), converted),
    )
    return tuple(Figure(label, text.number(count)) for label, count in counts if count)


def _groups(families: Sequence[Family]) -> tuple[TaskGroup, ...]:
    members: dict[str, list[Family]] = defaultdict(list)
    for family in families:
        members[field_of(family.newest.card.module_type)].append(family)
    known = [*FIELDS]
    order = sorted(members, key=lambda field: (known.index(field) if field in known else len(known), field))
    return tuple(_task_group(field, members[field]) for field in order)


def _task_group(field: str, families: Sequence[Family]) -> TaskGroup:
    ordered = sorted(families, key=lambda family: (family.newest.card.title.casefold(), family.key))
    evidenced = tuple(_summary(family) for family in ordered if tried_conversion(family.newest))
    listed = tuple(_summary(family) for family in ordered if not tried_conversion(family.newest))
    return TaskGroup(field_slug(field), field_label(field), evidenced, listed)


def _summary(family: Family) -> ModelSummary:
    entry = family.newest
    card, receipt = entry.card, entry.receipt
    figures = (
        Figure(_("params"), text.short_number(receipt.parameters) if receipt and receipt.parameters else ""),
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
        versions_url=f"{page}#{_VERSIONS_ANCHOR}",
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
