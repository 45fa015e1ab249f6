"""The catalogue for machines: ``index.json`` by ``schema/index.schema.json``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hubkit.receipts import ModelFile
from hubkit.site.badges import standing
from hubkit.site.gather import Entry
from hubkit.site.paths import url
from hubkit.site.text import fit

FORMAT = 1


def index_json(entries: Iterable[Entry], downloads: Mapping[str, str], generator: str) -> bytes:
    """The index of all cards, in the given order, one model a line. ``downloads`` is as for file_rows.

    It holds no time and no path of the machine: the same cards and receipts give the same bytes.
    """
    lines = ",\n".join(_dumps(index_entry(entry, downloads)) for entry in entries)
    models = f"[\n{lines}\n]" if lines else "[]"
    return f'{{"format":{FORMAT},"generator":{_dumps(generator)},"models":{models}}}\n'.encode()


def _dumps(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def index_entry(entry: Entry, downloads: Mapping[str, str]) -> dict[str, Any]:
    """A card's entry in the index."""
    card, receipt = entry.card, entry.receipt
    sizes = {check.sha256: check.size for check in receipt.assets} if receipt else {}
    texts = {
        "uid": card.uid,
        "name": card.name,
        "title": card.title,
        "summary": card.summary,
        "task": card.module_type,
        "dataset": card.train_dataset,
        "evaluation": card.evaluation,
        "version": card.version,
        "publisher": card.publisher,
        "author": card.author,
        "network": card.network.builder if card.network else card.model_name,
        "license": card.license,
        "updated": card.update_time,
        "page": url(entry.page),
        "status": standing(entry).value,
        "weights": receipt.weights if receipt else "none",
        "note": receipt.note if receipt else "",
        "verified_at": receipt.created if receipt else "",
    }
    return {
        **{key: fit(text) for key, text in texts.items()},
        "assets": [
            {
                "format": fit(asset.file_format),
                "link": fit(asset.link),
                "sha256": fit(asset.sha256),
                "size": sizes.get(asset.sha256, 0),
            }
            for asset in card.assets
        ],
        "files": [_file(model, downloads) for model in receipt.models] if receipt else [],
    }


def _file(model: ModelFile, downloads: Mapping[str, str]) -> dict[str, Any]:
    return {
        "format": model.format,
        "path": url(downloads[model.path]) if model.path in downloads else "",
        "sha256": model.sha256,
        "size": model.size,
    }
