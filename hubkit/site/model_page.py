"""The page of a card: its context, from the card, its receipt and its family."""

from __future__ import annotations

from hubkit.card.model import Card
from hubkit.site import changes
from hubkit.site.badges import badges, stale_words, standing
from hubkit.site.catalogue import Catalogue
from hubkit.site.citation import bibtex
from hubkit.site.claims import Figure
from hubkit.site.evidence import asset_rows, file_rows, verification
from hubkit.site.families import TRANSLATED, Family
from hubkit.site.gather import Entry
from hubkit.site.i18n import N_, _
from hubkit.site.link_evidence import links_badge
from hubkit.site.listings import listing_url
from hubkit.site.markdown import render_body
from hubkit.site.metrics import metrics
from hubkit.site.model_charts import metric_charts, model_charts
from hubkit.site.pages import Cell, ChangeRow, Changes, Citation, ModelPage, VersionLink
from hubkit.site.paths import HOME, INDEX, bib_path, url, web_link
from hubkit.site.snippets import snippets
from hubkit.site.tasks import field_label, field_of, task_name

# What a row of versions shows: the head of the column, and the name of what is compared.
_COLUMNS = (
    (N_("Date"), "date"),
    (N_("Metric"), "metric"),
    (N_("Weights"), "weights"),
    (N_("Data set"), "data set"),
    (N_("Licence"), "licence"),
    (N_("Author"), "author"),
)


def model_page(catalogue: Catalogue, entry: Entry, family: Family) -> ModelPage:
    """The page of one card of a family. That of the newest is the family's page too."""
    card, receipt = entry.card, entry.receipt
    is_newest = entry is family.newest
    frame = catalogue.frame(family.page if is_newest else entry.page, canonical=family.page)
    root = frame.pages
    translated = catalogue.translation(entry)
    text_card = (translated or entry).card
    field = field_label(field_of(card.module_type))
    versions = tuple(_link(root, member, entry, family) for member in family.members)
    return ModelPage(
        frame=frame,
        title=text_card.title,
        uid=card.uid,
        crumbs=(
            Figure("", _("Models"), root + HOME),
            Figure("", field, listing_url(root, "tasks", card.module_type) or root + HOME),
            Figure("", card.name),
        ),
        summary=text_card.summary,
        tags=tuple(
            tag
            for tag in (
                Figure("", task_name(card.module_type) or field, listing_url(root, "tasks", card.module_type)),
                Figure("", card.train_dataset, listing_url(root, "datasets", card.train_dataset)),
            )
            if tag.value
        ),
        standing=standing(entry),
        badges=(links_badge(entry), *badges(entry)),
        note=receipt.note if receipt else "",
        stale=stale_words() if entry.stale else "",
        facts=tuple(fact for fact in _facts(card, root) if fact.value),
        metrics=metrics(card.evaluation),
        versions=versions,
        newest_url="" if is_newest else root + url(family.page),
        newest=changes.name_of(family.newest),
        changes=_changes(family, versions) if is_newest and len(versions) > 1 else None,
        charts=model_charts(entry),
        citation=Citation(bibtex(card, catalogue.absolute(entry.page)), frame.root + url(bib_path(entry.page))),
        assets=asset_rows(card, receipt),
        files=file_rows(frame.root, receipt, catalogue.downloads),
        snippets=snippets(card, receipt, catalogue.absolute(INDEX)),
        verification=verification(entry),
        body=render_body(text_card.body),
        body_language="zh-Hans" if text_card.name.endswith(TRANSLATED) else "en",
    )


def _link(root: str, member: Entry, current: Entry, family: Family) -> VersionLink:
    page = family.page if member is family.newest else member.page
    return VersionLink(changes.name_of(member), root + url(page), member is current, standing(member))


def _changes(family: Family, versions: tuple[VersionLink, ...]) -> Changes:
    rows = changes.changes(family.members)
    return Changes(
        summary=changes.summary(rows),
        heads=tuple(_(head) for head, _name in _COLUMNS),
        rows=tuple(
            ChangeRow(link, tuple(Cell(_cell(row, name), name in row.changed) for _head, name in _COLUMNS))
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
        if not card.assets:
            return _("no file")
        return _("first") if row.is_first else _("new")
    return {
        "date": card.update_time,
        "metric": card.evaluation,
        "data set": card.train_dataset,
        "licence": card.license,
        "author": card.author,
    }[name]


def _facts(card: Card, root: str) -> tuple[Figure, ...]:
    version = card.mindspore_version or card.version
    return (
        Figure(_("Publisher"), card.publisher, listing_url(root, "publishers", card.publisher)),
        Figure(_("Author"), card.author),
        Figure(_("Field"), field_label(field_of(card.module_type))),
        Figure(_("Task"), task_name(card.module_type), listing_url(root, "tasks", card.module_type)),
        Figure(_("Data set"), card.train_dataset, listing_url(root, "datasets", card.train_dataset)),
        Figure(_("Backbone"), card.backbone_name if card.backbone_name != card.model_name else ""),
        Figure(_("Accuracy"), card.accuracy),
        Figure(_("Input shape"), " × ".join(str(axis) for axis in card.input_shape)),
        Figure(_("Fine-tunable"), _("yes") if card.fine_tunable else _("no")),
        Figure(_("Used for"), card.used_for),
        Figure(_("Trained on"), card.train_backend),
        Figure(_("Runs on"), card.infer_backend),
        Figure("MindSpore", version, listing_url(root, "versions", card.version) if version == card.version else ""),
        Figure(_("Model version"), card.model_version if card.model_version != card.mindspore_version else ""),
        Figure("MindSpore Lite", _("yes") if card.mindspore_lite else ""),
        Figure(_("Licence"), card.license),
        Figure(_("Updated"), card.update_time),
        Figure(_("Code"), card.repo_link.removeprefix("https://"), web_link(card.repo_link)),
    )
