"""Cards and receipts -> the typed contexts of the pages."""

from __future__ import annotations

from hubkit.card.model import Card
from hubkit.site.badges import STALE, badges, standing
from hubkit.site.catalogue import Catalogue
from hubkit.site.claims import Figure
from hubkit.site.evidence import asset_rows, file_rows, verification
from hubkit.site.families import TRANSLATED, Family
from hubkit.site.gather import Entry
from hubkit.site.markdown import render_body
from hubkit.site.metrics import metrics
from hubkit.site.pages import ModelPage, VersionLink
from hubkit.site.paths import HOME, root_of, url, web_link
from hubkit.site.snippets import snippets
from hubkit.site.tasks import field_label, field_of, field_slug, task_name


class Contexts:
    """Makes the contexts of the pages of one language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def model(self, entry: Entry, family: Family) -> ModelPage:
        """The page of one card of a family."""
        card, receipt = entry.card, entry.receipt
        frame = self._catalogue.frame(entry.page)
        text_card = (self._catalogue.translation(entry) or entry).card
        field = field_of(card.module_type)
        return ModelPage(
            frame=frame,
            title=card.title,
            uid=card.uid,
            crumbs=(
                Figure("", "Models", f"{frame.pages}{HOME}"),
                Figure("", field_label(field), f"{frame.pages}{HOME}#{field_slug(field)}"),
                Figure("", card.name),
            ),
            summary=card.summary,
            tags=tuple(tag for tag in (task_name(card.module_type) or field_label(field), card.train_dataset) if tag),
            standing=standing(entry),
            badges=badges(entry),
            note=receipt.note if receipt else "",
            stale=STALE if entry.stale else "",
            facts=tuple(fact for fact in _facts(card) if fact.value),
            metrics=metrics(card.evaluation),
            versions=tuple(_version(member, entry) for member in family.members),
            assets=asset_rows(card, receipt),
            files=file_rows(frame.root, receipt, self._catalogue.downloads),
            snippets=snippets(card, receipt),
            verification=verification(entry),
            body=render_body(text_card.body),
            body_language="zh-Hans" if text_card.name.endswith(TRANSLATED) else "en",
        )


def _version(member: Entry, current: Entry) -> VersionLink:
    digests = [asset.sha256 for asset in member.card.assets]
    return VersionLink(
        version=member.card.version or member.card.uid,
        url=root_of(current.page) + url(member.page),
        current=member is current,
        updated=member.card.update_time,
        metrics=metrics(member.card.evaluation),
        same_weights=bool(digests) and digests == [asset.sha256 for asset in current.card.assets],
        standing=standing(member),
    )


def _facts(card: Card) -> tuple[Figure, ...]:
    return (
        Figure("Publisher", card.publisher),
        Figure("Author", card.author),
        Figure("Field", field_label(field_of(card.module_type))),
        Figure("Task", task_name(card.module_type)),
        Figure("Data set", card.train_dataset),
        Figure("Backbone", card.backbone_name if card.backbone_name != card.model_name else ""),
        Figure("Accuracy", card.accuracy),
        Figure("Input shape", " × ".join(str(axis) for axis in card.input_shape)),
        Figure("Fine-tunable", "yes" if card.fine_tunable else "no"),
        Figure("Used for", card.used_for),
        Figure("Trained on", card.train_backend),
        Figure("Runs on", card.infer_backend),
        Figure("MindSpore", card.mindspore_version or card.version),
        Figure("Model version", card.model_version if card.model_version != card.mindspore_version else ""),
        Figure("MindSpore Lite", "yes" if card.mindspore_lite else ""),
        Figure("Licence", card.license),
        Figure("Updated", card.update_time),
        Figure("Code", card.repo_link.removeprefix("https://"), web_link(card.repo_link)),
    )
