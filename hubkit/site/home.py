"""The pages that models are found and chosen on: home, with every model once by field, and the comparison."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from hubkit.site import facets, text
from hubkit.site.badges import FORMATS, RUNTIMES, badges, runtime, standing, tried_conversion, weights_note
from hubkit.site.catalogue import Catalogue
from hubkit.site.claims import Figure, Standing
from hubkit.site.dates import day_of
from hubkit.site.families import Family
from hubkit.site.gather import Entry
from hubkit.site.i18n import _, ngettext
from hubkit.site.link_evidence import links_badge
from hubkit.site.list_pages import ComparePage, HomePage, ModelSummary, SearchFrame, TaskGroup
from hubkit.site.listing_paths import FIELD_LISTING, listing_url
from hubkit.site.metrics import metrics
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
    groups = tuple(_group(chosen, frame.pages) for chosen in _chosen(catalogue.families))
    return HomePage(frame, _figures(catalogue.families), groups, search)


def home_depends(catalogue: Catalogue) -> tuple[str, ...]:
    """Digests of all that decides what the list of all models says."""
    chosen = [family for group in _chosen(catalogue.families) for family in (*group.evidenced, *group.listed)]
    return (
        repr(_counts(catalogue.families)),
        repr([(group.field, len(group.evidenced), group.count) for group in _chosen(catalogue.families)]),
        repr(sorted({entry.card.module_type for entry in catalogue.entries})),
        *(
            f"{family.page} {entry is family.newest} {len(family.members)} {entry.page} {entry.outline} "
            f"{entry.links if tried_conversion(entry) else ''}"
            for family, entry in ((family, _shown(family)) for family in chosen)
        ),
    )


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
        runtimes={name: runtime(name) for name in RUNTIMES},
    )


def _figures(families: tuple[Family, ...]) -> tuple[Figure, ...]:
    """The catalogue in numbers, without those that are none."""
    models, cards, verified, partly, failed, outdated, converted = _counts(families)
    counts = (
        (ngettext("model", "models", models), models),
        (_("versions"), cards if cards > models else 0),
        (_("verified"), verified),
        (_("partly verified"), partly),
        (_("failed"), failed),
        (_("outdated"), outdated),
        (_("converted files"), converted),
    )
    return tuple(Figure(label, text.number(count)) for label, count in counts if count)


@lru_cache(maxsize=2)  # they are the same in all languages
def _counts(families: tuple[Family, ...]) -> tuple[int, ...]:
    """How many models and cards there are, how many models stand in each way, and their converted files."""
    shown = [_shown(family) for family in families]
    standings = [standing(entry) for entry in shown]
    return (
        len(families),
        sum(len(family.members) for family in families),
        *map(standings.count, (Standing.VERIFIED, Standing.PARTIAL, Standing.FAILED, Standing.STALE)),
        sum(len(entry.receipt.models) for entry in shown if entry.receipt),
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The models of one field, and which of them are shown."""

    field: str
    """The field; empty for models without one."""
    evidenced: tuple[Family, ...]
    """Those whose conversion was tried; where they are many, the newest."""
    listed: tuple[Family, ...]
    """All others; where they are many, the newest."""
    count: int
    """How many models the field has."""


@lru_cache(maxsize=2)  # as above
def _chosen(families: tuple[Family, ...]) -> tuple[_Chosen, ...]:
    """The models of each field, in the order of fields."""
    members: dict[str, list[Family]] = defaultdict(list)
    for family in families:
        members[field_of(family.newest.card.module_type)].append(family)
    known = [*FIELDS]
    order = sorted(members, key=lambda field: (known.index(field) if field in known else len(known), field))
    return tuple(_choice(field, members[field]) for field in order)


def _choice(field: str, families: Sequence[Family]) -> _Chosen:
    # Models without a field have no page of their own that could list them all.
    most = _SHOWN if field else len(families)
    evidenced = _first([family for family in families if tried_conversion(_shown(family))], most)
    listed = _first([family for family in families if not tried_conversion(_shown(family))], most)
    return _Chosen(field, tuple(evidenced), tuple(listed), len(families))


def _group(chosen: _Chosen, root: str) -> TaskGroup:
    shown = len(chosen.evidenced) + len(chosen.listed)
    return TaskGroup(
        slug=field_slug(chosen.field),
        label=field_label(chosen.field),
        evidenced=tuple(map(_summary, chosen.evidenced)),
        listed=tuple(map(_summary, chosen.listed)),
        count=chosen.count,
        url=listing_url(root, FIELD_LISTING, chosen.field) if shown < chosen.count else "",
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
