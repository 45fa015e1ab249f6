"""The pages that models are found and chosen on: home, with every model once by field, and the comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from hubkit.site import facets, text
from hubkit.site.badges import FORMATS, badges, standing, tried_conversion, weights_note
from hubkit.site.catalogue import Catalogue
from hubkit.site.claims import Figure, Standing
from hubkit.site.dates import day_of
from hubkit.site.families import Family
from hubkit.site.gather import Entry
from hubkit.site.i18n import _, ngettext
from hubkit.site.link_evidence import links_badge
from hubkit.site.listing_paths import FIELD_LISTING, listing_url
from hubkit.site.metrics import metrics
from hubkit.site.pages import ComparePage, HomePage, ModelSummary, SearchFrame, TaskGroup
from hubkit.site.paths import COMPARE, HOME, url
from hubkit.site.reasons import translations
from hubkit.site.search import SEARCH
from hubkit.site.tasks import FIELDS, TASKS, field_label, field_of, field_slug, task_name

_VERSIONS_ANCHOR = "versions"
# So many models of a field, with evidence and without, are on the home page: it stays small however many there are.
_SHOWN = 12


def home_page(catalogue: Catalogue) -> HomePage:
    """The list of all models."""
    frame = catalogue.frame(HOME)
    labels = facets.labels(catalogue.entries)
    search = SearchFrame(
        index=frame.root + SEARCH,
        facets=facets.names(),
        labels=labels,
        spoken=facets.spoken(labels["task"], catalogue.texts),
        marks=facets.marks(),
    )
    return HomePage(frame, _figures(catalogue.families), _groups(catalogue, frame.pages), search)


def links_shown(catalogue: Catalogue) -> str:
    """What the list of all models says of links, which changes without the cards."""
    shown = map(_shown, catalogue.families)
    return repr([entry.links for entry in shown if entry.links and tried_conversion(entry)])


def _shown(family: Family) -> Entry:
    """The version that stands for a model: the newest whose conversion was tried, else the newest."""
    return next(filter(tried_conversion, family.members), family.newest)


def compare_page(catalogue: Catalogue) -> ComparePage:
    """The page that compares models, which says nothing of any model itself."""
    return ComparePage(
        frame=catalogue.frame(COMPARE),
        fields={field: _(label) for field, label in FIELDS.items()},
        tasks={task: _(label) for task, label in TASKS.items()},
        labels=facets.labels(()),
        marks=facets.marks(),
        reasons=translations(),
    )


def _figures(families: Sequence[Family]) -> tuple[Figure, ...]:
    """The catalogue in numbers, without those that are none."""
    cards = sum(len(family.members) for family in families)
    shown = [_shown(family) for family in families]
    standings = [standing(entry) for entry in shown]
    converted = sum(len(entry.receipt.models) for entry in shown if entry.receipt)
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


def _groups(catalogue: Catalogue, root: str) -> tuple[TaskGroup, ...]:
    members: dict[str, list[Family]] = defaultdict(list)
    for family in catalogue.families:
        members[field_of(family.newest.card.module_type)].append(family)
    known = [*FIELDS]
    order = sorted(members, key=lambda field: (known.index(field) if field in known else len(known), field))
    return tuple(_group(field, members[field], root) for field in order)


def _group(field: str, families: Sequence[Family], root: str) -> TaskGroup:
    # Models without a field have no page of their own that could list them all.
    most = _SHOWN if field else len(families)
    evidenced = _first([family for family in families if tried_conversion(_shown(family))], most)
    listed = _first([family for family in families if not tried_conversion(_shown(family))], most)
    return TaskGroup(
        slug=field_slug(field),
        label=field_label(field),
        evidenced=tuple(map(_summary, evidenced)),
        listed=tuple(map(_summary, listed)),
        count=len(families),
        url=listing_url(root, FIELD_LISTING, field) if len(evidenced) + len(listed) < len(families) else "",
    )


def _first(families: Sequence[Family], most: int) -> list[Family]:
    """The families by name; where they are more than ``most``, those that were updated last."""
    ordered = sorted(families, key=lambda family: (family.newest.card.title.casefold(), family.key))
    if len(ordered) <= most:
        return ordered
    return sorted(ordered, key=lambda family: day_of(family.newest.card.update_time), reverse=True)[:most]


def _summary(family: Family) -> ModelSummary:
    entry = _shown(family)
    card, receipt = entry.card, entry.receipt
    figures = (
        Figure(_("params"), text.short_number(receipt.parameters) if receipt and receipt.parameters else ""),
        *(
            Figure(FORMATS[model.format][0], text.size(model.size))
            for model in (receipt.models if receipt else ())
            if model.format in FORMATS
        ),
    )
    whole = url(family.page)
    return ModelSummary(
        title=card.title,
        name=card.name,
        url=whole if entry is family.newest else url(entry.page),
        versions_url=f"{whole}#{_VERSIONS_ANCHOR}",
        task=task_name(card.module_type),
        dataset=card.train_dataset,
        metrics=metrics(card.evaluation),
        version=card.version,
        others=len(family.members) - 1,
        standing=standing(entry),
        note=weights_note(receipt),
        badges=(*((links_badge(entry),) if entry.links else ()), *badges(entry)) if tried_conversion(entry) else (),
        figures=tuple(figure for figure in figures if figure.value),
    )
