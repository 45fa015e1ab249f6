"""The page of a card: its context, from the card, its receipt and its family."""

from __future__ import annotations

from functools import lru_cache

from hubkit.card.model import Card
from hubkit.site import changes
from hubkit.site.badges import badges, stale_words, standing, weights_note
from hubkit.site.catalogue import Catalogue
from hubkit.site.citation import bibtex
from hubkit.site.claims import Figure, Standing
from hubkit.site.dates import day_of
from hubkit.site.evidence import asset_rows, file_rows, verification
from hubkit.site.families import TRANSLATED, Family
from hubkit.site.gather import Entry
from hubkit.site.i18n import N_, _
from hubkit.site.link_evidence import links_badge
from hubkit.site.listing_paths import FIELD_LISTING, TASK_LISTING, listing_url
from hubkit.site.markdown import render_body
from hubkit.site.metrics import metrics
from hubkit.site.model_charts import metric_charts, model_charts
from hubkit.site.pages import Cell, ChangeRow, Changes, Citation, ModelPage, VersionLink
from hubkit.site.paths import HOME, INDEX, bib_path, url, web_link
from hubkit.site.snippets import snippets
from hubkit.site.tasks import field_label, field_of, task_key, task_name

# What a row of versions shows: the head of the column, and the name of what is compared.
_COLUMNS = (
    (N_("Date"), "date"),
    (N_("Metric"), "metric"),
    (N_("Weights"), "weights"),
    (N_("Data set"), "data set"),
    (N_("Licence"), "licence"),
    (N_("Author"), "author"),
)
# To mark this in nearly every row would hide what did change.
_ALWAYS_ANOTHER = "date"
# The others are a field of the card each.
_FIELDS = {
    "date": "update_time",
    "data set": "train_dataset",
    "licence": "license",
    "author": "author",
}


def model_page(catalogue: Catalogue, entry: Entry, family: Family) -> ModelPage:
    """The page of one card of a family. That of the newest is the family's page too."""
    card, receipt = entry.card, entry.receipt
    is_newest = entry is family.newest
    frame = catalogue.frame(family.page if is_newest else entry.page, canonical=family.page)
    root = frame.pages
    translated = catalogue.translation(entry)
    text_card = (translated or entry).card
    field = field_label(field_of(card.module_type))
    versions = _versions(root, family, entry)
    return ModelPage(
        frame=frame,
        title=text_card.title,
        uid=card.uid,
        crumbs=(
            Figure("", _("Models"), root + HOME),
            Figure("", field, _field_url(root, card) or root + HOME),
            Figure("", card.name),
        ),
        summary=text_card.summary,
        tags=tuple(
            tag
            for tag in (
                Figure("", task_name(card.module_type) or field, _task_url(root, card)),
                Figure("", card.train_dataset, listing_url(root, "datasets", card.train_dataset)),
            )
            if tag.value
        ),
        standing=standing(entry),
        badges=(links_badge(entry), *badges(entry)),
        note=weights_note(receipt),
        stale=stale_words() if entry.stale else "",
        facts=_facts(card, root),
        metrics=metrics(card.evaluation),
        versions=versions,
        newest_url="" if is_newest else root + url(family.page),
        newest=changes.name_of(family.newest),
        tried=_tried(versions) if standing(entry) is Standing.NOT_VERIFIED else None,
        changes=_changes(family, versions) if is_newest and len(versions) > 1 else None,
        charts=model_charts(entry),
        citation=Citation(bibtex(card, catalogue.absolute(entry.page)), frame.root + url(bib_path(entry.page))),
        assets=asset_rows(card, receipt),
        files=file_rows(frame.root, receipt, catalogue.downloads),
        snippets=snippets(card, receipt, catalogue.absolute(INDEX)),
        verification=verification(entry),
        body=render_body(text_card.body),
        text_language="zh-Hans" if text_card.name.endswith(TRANSLATED) else "en",
    )


def _versions(root: str, family: Family, entry: Entry) -> tuple[VersionLink, ...]:
    place = next(index for index, member in enumerate(family.members) if member is entry)
    links = _links(root, family)
    link = links[place]
    return (*links[:place], VersionLink(link.version, link.url, True, link.standing), *links[place + 1 :])


def _tried(versions: tuple[VersionLink, ...]) -> VersionLink | None:
    return next((link for link in versions if link.standing is not Standing.NOT_VERIFIED), None)


@lru_cache(maxsize=16)  # one for each depth of folders and language; a family's pages are made one after the other
def _links(root: str, family: Family) -> tuple[VersionLink, ...]:
    """All versions as another page links to them."""
    pages = (family.page, *(member.page for member in family.members[1:]))
    return tuple(
        VersionLink(changes.name_of(member), root + url(page), False, standing(member))
        for member, page in zip(family.members, pages, strict=True)
    )


def _changes(family: Family, versions: tuple[VersionLink, ...]) -> Changes:
    rows = changes.family_changes(family)
    return Changes(
        summary=changes.summary(rows),
        heads=tuple(_(head) for head, _name in _COLUMNS),
        rows=tuple(
            ChangeRow(
                link,
                tuple(
                    Cell(_cell(row, name), name in row.changed and name != _ALWAYS_ANOTHER) for _head, name in _COLUMNS
                ),
            )
            for link, row in zip(versions, rows, strict=True)
        ),
        charts=metric_charts(family.members),
    )


def _cell(row: changes.Change, name: str) -> str:
    """What a column says of a version."""
    card = row.entry.card
    if name == "weights":
        if row.same_weights_since:
            return _("same since %(version)s") % {"version": row.same_weights_since}
        if row.weights_again:
            return _("as in %(version)s") % {"version": row.weights_again}
        if not card.assets:
            return _("no file")
        return _("first") if row.is_first else _("new")
    if name == "metric":
        return ", ".join(f"{item.name} {item.value}".strip() for item in metrics(card.evaluation)) or card.evaluation
    value: str = getattr(card, _FIELDS[name])
    return (name == "date" and day_of(value)) or value


def _field_url(root: str, card: Card) -> str:
    return listing_url(root, FIELD_LISTING, field_of(card.module_type))


def _task_url(root: str, card: Card) -> str:
    return listing_url(root, TASK_LISTING, task_key(card.module_type))


def _facts(card: Card, root: str) -> tuple[Figure, ...]:
    return tuple(Figure(_(label), value, link) for label, value, link in _front_matter(card, root) if value)


def _front_matter(card: Card, root: str) -> tuple[tuple[str, str, str], ...]:
    """Names in English, values, and where these lead."""
    version = card.mindspore_version or card.version
    return (
        (N_("Publisher"), card.publisher, listing_url(root, "publishers", card.publisher)),
        (N_("Author"), card.author, ""),
        (N_("Field"), field_label(field_of(card.module_type)), _field_url(root, card)),
        (N_("Task"), task_name(card.module_type), _task_url(root, card)),
        (N_("Data set"), card.train_dataset, listing_url(root, "datasets", card.train_dataset)),
        (N_("Backbone"), card.backbone_name if card.backbone_name != card.model_name else "", ""),
        (N_("Accuracy"), card.accuracy, ""),
        (N_("Input shape"), " × ".join(map(str, card.input_shape)), ""),
        (N_("Fine-tunable"), _("yes") if card.fine_tunable else _("no"), ""),
        (N_("Used for"), card.used_for, ""),
        (N_("Trained on"), card.train_backend, ""),
        (N_("Runs on"), card.infer_backend, ""),
        ("MindSpore", version, listing_url(root, "versions", card.version) if version == card.version else ""),
        (N_("Model version"), card.model_version if card.model_version != card.mindspore_version else "", ""),
        ("MindSpore Lite", _("yes") if card.mindspore_lite else "", ""),
        (N_("Licence"), card.license, ""),
        (N_("Updated"), day_of(card.update_time) or card.update_time, ""),
        (N_("Code"), card.repo_link.removeprefix("https://"), web_link(card.repo_link)),
    )
