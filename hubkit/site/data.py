"""A model for machines: ``models/<uid>.json`` by ``schema/model.schema.json``, with everything that its page says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from hubkit.card.model import TEXT_FIELDS, Card
from hubkit.receipts import to_json
from hubkit.site.badges import badges, standing
from hubkit.site.catalogue import Catalogue, File
from hubkit.site.families import TRANSLATED, Family
from hubkit.site.gather import Entry
from hubkit.site.index import model_data
from hubkit.site.metrics import metrics
from hubkit.site.paths import data_path, url
from hubkit.site.snippets import snippets
from hubkit.site.text import fit

FORMAT = 1


def model_files(catalogue: Catalogue) -> Iterator[File]:
    """The data of every card."""
    translations = {original: uid for uid, original in catalogue.originals.items()}
    for family in (*catalogue.families, *catalogue.translation_families):
        others = tuple(member.outline for member in family.members)
        for entry in family.members:
            translation = translations.get(entry.card.uid, "")
            yield File(
                path=data_path(entry.card.uid),
                content=partial(_model_json, catalogue, entry, family, translation),
                depends=(entry.digest, *others, translation),
            )


def _model_json(catalogue: Catalogue, entry: Entry, family: Family, translation: str) -> bytes:
    card, receipt = entry.card, entry.receipt
    data = {
        "format": FORMAT,
        "generator": catalogue.generator,
        **model_data(entry, catalogue.downloads),
        "card": _front_matter(card),
        "metrics": [{"name": fit(metric.name), "value": fit(metric.value)} for metric in metrics(card.evaluation)],
        "original": fit(catalogue.original(entry)),
        "translation": fit(translation),
        "versions": [_version(member, entry) for member in family.members],
        "badges": [
            {
                "slug": badge.slug,
                "label": fit(badge.label),
                "mark": badge.mark.value,
                "value": fit(badge.value),
                "qualifier": fit(badge.qualifier),
                "reason": fit(badge.reason),
                "date": fit(badge.date),
            }
            for badge in badges(entry)
        ],
        "snippets": [
            {"label": fit(snippet.label), "language": snippet.language, "code": fit(snippet.code)}
            for snippet in snippets(card, receipt)
        ],
        "receipt": to_json(receipt) if receipt else None,
        "body": fit(card.body),
        "body_language": "zh-Hans" if card.name.endswith(TRANSLATED) else "en",
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _front_matter(card: Card) -> dict[str, Any]:
    return {
        **{key: fit(getattr(card, field)) for field, key in TEXT_FIELDS.items()},
        "repo-link": fit(card.repo_link),
        "fine-tunable": card.fine_tunable,
        "mindspore-lite": card.mindspore_lite,
        "input-shape": list(card.input_shape),
    }


def _version(member: Entry, current: Entry) -> dict[str, Any]:
    digests = [asset.sha256 for asset in member.card.assets]
    return {
        "uid": fit(member.card.uid),
        "version": fit(member.card.version),
        "data": url(data_path(member.card.uid)),
        "updated": fit(member.card.update_time),
        "status": standing(member).value,
        "same_weights": bool(digests) and digests == [asset.sha256 for asset in current.card.assets],
    }
