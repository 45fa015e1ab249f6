"""A card for machines: ``models/<uid>.json`` by ``schema/model.schema.json``, with everything that its page says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hubkit.receipts import to_json
from hubkit.site.badges import badges
from hubkit.site.catalogue import Catalogue
from hubkit.site.families import Family
from hubkit.site.gather import Entry
from hubkit.site.index import index_entry
from hubkit.site.link_evidence import links_badge
from hubkit.site.metrics import metrics
from hubkit.site.paths import url
from hubkit.site.snippets import snippets
from hubkit.site.text import fit

_FORMAT = 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def model_json(catalogue: Catalogue, entry: Entry, family: Family, translation: str) -> bytes:
    """The data of a card. ``translation`` is the uid of the card that translates it; empty where there is none.

    They hold no time and no path of the machine: the same card and receipt give the same bytes.
    """
    card = entry.card
    data = {
        "format": _FORMAT,
        "generator": catalogue.generator,
        "model": {
            **index_entry(entry, catalogue.downloads),
            "metrics": [{"name": metric.name, "value": metric.value} for metric in metrics(card.evaluation)],
            "backbone": card.backbone_name,
            "accuracy": card.accuracy,
            "input_shape": list(card.input_shape),
            "fine_tunable": card.fine_tunable,
            "used_for": card.used_for,
            "train_backend": card.train_backend,
            "infer_backend": card.infer_backend,
            "mindspore_lite": card.mindspore_lite,
            "repository": card.repo_link,
            "body": card.body,
            "original": catalogue.original(entry),
            "translation": translation,
        },
        "versions": [
            {"uid": member.card.uid, "version": member.card.version, "page": url(member.page)}
            for member in family.members
        ],
        "badges": [
            {
                "slug": badge.slug,
                "label": badge.label,
                "mark": badge.mark.value,
                "value": badge.value,
                "qualifier": badge.qualifier,
                "reason": badge.reason,
                "date": badge.date,
            }
            for badge in (*badges(entry), links_badge(entry))
        ],
        "links": [
            {"url": check.url, "state": check.state, "date": check.day, "reason": check.reason} for check in entry.links
        ],
        "snippets": [
            {"label": snippet.label, "language": snippet.language, "code": snippet.code}
            for snippet in snippets(card, entry.receipt)
        ],
        "receipt": to_json(entry.receipt) if entry.receipt else None,
    }
    text = _dumps(data)
    if not text.isprintable() or "\\u00" in text:  # such as a control character, which JSON escapes
        text = _dumps(_fit(data))
    return text.encode("utf-8") + b"\n"


def _dumps(data: object) -> str:
    return _ENCODER.encode(data)


def _fit(data: Any) -> Any:
    """The data with each text fit for a page, since pages show them."""
    if isinstance(data, str):
        return fit(data)
    if isinstance(data, Mapping):
        return {key: _fit(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [_fit(value) for value in data]
    return data
