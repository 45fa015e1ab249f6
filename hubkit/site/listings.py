"""Lists of models by what cards have in common: a page for each publisher, task, data set and MindSpore version."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from hubkit.card.model import Card
from hubkit.card.uid import version_order
from hubkit.site import text
from hubkit.site.badges import standing
from hubkit.site.catalogue import Catalogue, Page
from hubkit.site.claims import Figure
from hubkit.site.families import Family
from hubkit.site.gather import Entry
from hubkit.site.i18n import N_, _, ngettext
from hubkit.site.list_pages import ListingPage, ListingsPage, ModelRow
from hubkit.site.listing_paths import FIELD_LISTING, TASK_LISTING, key_of, listing_index, listing_path, listing_url
from hubkit.site.metrics import metrics
from hubkit.site.paths import HOME, url
from hubkit.site.tasks import field_label, field_of, task_key, task_name

_METRICS = 2


@dataclass(frozen=True, slots=True)
class Listing:
    """A way to list models."""

    folder: str
    """Where its pages lie."""
    title: str
    """What it lists, in English."""
    of: Callable[[Card], str]
    """What a card is listed under; empty for nothing."""
    words: Callable[[str], str]
    """That in words."""
    by_version: bool = False
    """Whether its pages are in the order of versions, the newest first, rather than by name."""


def _task_words(module_type: str) -> str:
    field, task = field_label(field_of(module_type)), task_name(module_type)
    if not task or task.casefold().startswith(field.casefold()):  # "Natural language understanding" says its field
        return task or field
    return _("%(field)s: %(task)s") % {"field": field, "task": task}


LISTINGS: dict[str, Listing] = {
    "publishers": Listing("publishers", N_("Publishers"), lambda card: card.publisher, str),
    FIELD_LISTING: Listing(FIELD_LISTING, N_("Fields"), lambda card: field_of(card.module_type), field_label),
    TASK_LISTING: Listing(TASK_LISTING, N_("Tasks"), lambda card: task_key(card.module_type), _task_words),
    "datasets": Listing("datasets", N_("Data sets"), lambda card: card.train_dataset, str),
    "versions": Listing(
        "versions",
        N_("MindSpore versions"),
        lambda card: card.version,
        lambda version: f"MindSpore {version}",
        by_version=True,
    ),
}


def listing_pages(catalogue: Catalogue) -> Iterator[Page]:
    """All pages of all listings, and an index of each."""
    for listing in LISTINGS.values():
        groups = _groups(catalogue.families, listing)
        index = listing_index(listing.folder)
        yield Page(
            path=index,
            template="listings.html",
            context=partial(_index, catalogue, listing, groups, index),
            depends=(repr([(group.name, len(group.members)) for group in groups]),),
        )
        for group in groups:
            path = listing_path(listing.folder, group.name)
            yield Page(
                path=path,
                template="listing.html",
                context=partial(_page, catalogue, listing, group, path),
                depends=(group.name, group.said),
            )


# A card with the page that stands for it, its own or its family's, and all that decides what a row says of it.
_Member = tuple[Entry, str, str]


@dataclass(frozen=True, slots=True)
class _Group:
    """The cards that are listed under one name."""

    name: str
    """The name, as most cards write it."""
    members: list[_Member]
    """The cards, the newest of each family."""
    said: str
    """All that the page says of them."""


@lru_cache(maxsize=8)  # they are the same in all languages
def _groups(families: tuple[Family, ...], listing: Listing) -> list[_Group]:
    """The groups in the order of their index."""
    found: dict[str, list[_Member]] = defaultdict(list)
    keys: dict[str, str] = {}
    for members in _members(families):
        here: set[str] = set()
        for member in members:
            name = listing.of(member[0].card)
            key = keys.get(name)
            if key is None:
                key = keys[name] = key_of(name)
            if key and key not in here:
                here.add(key)
                found[key].append(member)
    groups = [
        _Group(_usual(listing, group), group, "\n".join(said for _, _, said in group)) for group in found.values()
    ]
    if listing.by_version:
        return sorted(groups, key=lambda group: version_order(group.name), reverse=True)
    return sorted(groups, key=lambda group: (key_of(group.name), group.name))


@lru_cache(maxsize=2)  # they are the same in all listings
def _members(families: tuple[Family, ...]) -> list[list[_Member]]:
    """The cards of each family."""
    return [
        [_member(entry, family.page if entry is family.newest else entry.page) for entry in family.members]
        for family in families
    ]


def _member(entry: Entry, page: str) -> _Member:
    card = entry.card
    said = (card.uid, page, card.title, card.module_type, card.train_dataset, card.evaluation, standing(entry).value)
    return entry, page, repr(said)


def _usual(listing: Listing, group: list[_Member]) -> str:
    counts = Counter(listing.of(entry.card).strip() for entry, _page, _said in group)
    return min(counts, key=lambda name: (-counts[name], name))


def _index(catalogue: Catalogue, listing: Listing, groups: list[_Group], path: str) -> ListingsPage:
    frame = catalogue.frame(path)
    return ListingsPage(
        frame=frame,
        title=_(listing.title),
        crumbs=(Figure("", _("Models"), frame.pages + HOME), Figure("", _(listing.title))),
        items=tuple(
            Figure(
                listing.words(group.name),
                text.number(len(group.members)),
                listing_url(frame.pages, listing.folder, group.name),
            )
            for group in groups
        ),
    )


def _page(catalogue: Catalogue, listing: Listing, group: _Group, path: str) -> ListingPage:
    frame = catalogue.frame(path)
    words = listing.words(group.name)
    number = len(group.members)
    count = ngettext("%(count)s model", "%(count)s models", number) % {"count": text.number(number)}
    ordered = sorted(group.members, key=lambda member: (member[0].card.title.casefold(), member[0].card.uid))
    return ListingPage(
        frame=frame,
        title=words,
        count=count,
        crumbs=(
            Figure("", _("Models"), frame.pages + HOME),
            Figure("", _(listing.title), frame.pages + listing_index(listing.folder)),
            Figure("", words),
        ),
        rows=tuple(_row(frame.pages, entry, page) for entry, page, _said in ordered),
    )


def _row(root: str, entry: Entry, page: str) -> ModelRow:
    card = entry.card
    return ModelRow(
        title=card.title,
        name=card.name,
        url=root + url(page),
        task=task_name(card.module_type) or field_label(field_of(card.module_type)),
        dataset=card.train_dataset,
        metrics=metrics(card.evaluation)[:_METRICS],
        version=card.version,
        standing=standing(entry),
    )
