"""Cards and receipts -> the typed contexts of the pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from hubkit.card.model import Card
from hubkit.site import text
from hubkit.site.badges import FORMATS, STALE, badges, standing, tried_conversion
from hubkit.site.catalogue import Catalogue
from hubkit.site.claims import Figure, Standing
from hubkit.site.evidence import asset_rows, file_rows, verification
from hubkit.site.families import TRANSLATED, Family
from hubkit.site.gather import Entry
from hubkit.site.markdown import render_body
from hubkit.site.metrics import metrics
from hubkit.site.pages import HomePage, ModelPage, ModelSummary, TaskGroup, VersionLink
from hubkit.site.paths import HOME, root_of, url, web_link
from hubkit.site.snippets import snippets

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

    def model(self, entry: Entry, family: Family) -> ModelPage:
        """The page of one card of a family."""
        card, receipt = entry.card, entry.receipt
        frame = self._catalogue.frame(entry.page)
        text_card = (self._catalogue.translation(entry) or entry).card
        group = _group(card)
        return ModelPage(
            frame=frame,
            title=card.title,
            uid=card.uid,
            crumbs=(
                Figure("", "Models", f"{frame.pages}{HOME}"),
                Figure("", group, f"{frame.pages}{HOME}#{_slug(group)}"),
                Figure("", card.name),
            ),
            summary=card.summary,
            tags=tuple(tag for tag in (_task(card) or group, card.train_dataset) if tag),
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
    page = url(entry.page)
    return ModelSummary(
        title=card.title,
        name=card.name,
        url=page,
        versions_url=f"{page}#{VERSIONS_ANCHOR}",
        task=_task(card),
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


def _task(card: Card) -> str:
    """The task without its field: "cv-object_detection" -> "object detection"."""
    return card.module_type.partition("-")[2].replace("_", " ")


def _slug(label: str) -> str:
    return "task-" + _NOT_IN_A_SLUG.sub("-", label.lower())


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
        Figure("Field", _group(card)),
        Figure("Task", _task(card)),
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
