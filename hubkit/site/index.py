"""The catalogue for machines: ``index.json`` by ``schema/index.schema.json``.

A catalogue of more than 5,000 cards has an ``index.json`` by ``schema/sharded-index.schema.json`` instead. It names all
uids and the files that hold their models, each of which is an index by ``schema/index.schema.json``. Which file a model
is in, the first letters of its uid decide, so that a changed card changes one of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

from hubkit.receipts import ModelFile
from hubkit.site.badges import standing
from hubkit.site.catalogue import Catalogue, File
from hubkit.site.gather import Entry
from hubkit.site.paths import INDEX, url
from hubkit.site.text import fit

FORMAT = 1
SHARDED_FORMAT = 2
MOST_IN_ONE = 5_000
MOST_IN_A_SHARD = 1_000
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))
INDEX_FOLDER = "index"
_NONE: Mapping[str, bytes] = {}


def index_files(catalogue: Catalogue) -> Iterator[File]:
    """The index of all cards, in order, one model a line.

    It holds no time and no path of the machine: the same cards and receipts give the same bytes.
    """
    if len(catalogue.entries) <= MOST_IN_ONE:
        whole = partial(index_json, catalogue.entries, catalogue.downloads, catalogue.generator, catalogue.index_lines)
        yield File(INDEX, whole, (catalogue.outline,))
        return
    rows = []
    for prefix, entries in shards(catalogue.entries):
        content = index_json(entries, catalogue.downloads, catalogue.generator, catalogue.index_lines)
        sha256 = hashlib.sha256(content).hexdigest()
        path = f"{INDEX_FOLDER}/{sha256[:16]}.json"
        rows.append(
            {
                "prefix": fit(prefix),
                "path": path,
                "sha256": sha256,
                "size": len(content),
                "uids": [fit(entry.card.uid) for entry in entries],
            }
        )
        yield File(path, partial(bytes, content), (sha256,))
    lines = ",\n".join(map(_dumps, rows))
    frame = f'{{"format":{SHARDED_FORMAT},"generator":{_dumps(catalogue.generator)},"shards":[\n{lines}\n]}}\n'
    yield File(INDEX, partial(str.encode, frame), (catalogue.outline,))


def shards(entries: Sequence[Entry], prefix: str = "") -> Iterator[tuple[str, Sequence[Entry]]]:
    """The entries, which are in order, in parts of at most MOST_IN_A_SHARD, each by the first letters of its uids."""
    if len(entries) <= MOST_IN_A_SHARD:
        yield prefix, entries
        return
    for start, group in groupby(entries, key=lambda entry: entry.card.uid[: len(prefix) + 1]):
        if start == prefix:  # a uid that ends here
            yield prefix, list(group)
        else:
            yield from shards(list(group), start)


def index_json(
    entries: Iterable[Entry], downloads: Mapping[str, str], generator: str, known: Mapping[str, bytes] = _NONE
) -> bytes:
    """An index of these cards. ``downloads`` is as for file_rows, ``known`` as Catalogue.index_lines."""
    lines = [known.get(entry.card.uid) or _dumps(index_entry(entry, downloads)).encode() for entry in entries]
    start = f'{{"format":{FORMAT},"generator":{_dumps(generator)},"models":['.encode()
    return b"%b%b]}\n" % (start, b"\n" + b",\n".join(lines) + b"\n" if lines else b"")


def read_lines(root: Path) -> list[bytes]:
    """The line of each card in the index of the site in ``root``, in order. Raises OSError or ValueError."""
    content = (root / INDEX).read_bytes()
    if b'"shards":[' not in content.partition(b"\n")[0]:
        return _lines(content)
    return [line for row in json.loads(content)["shards"] for line in _lines((root / row["path"]).read_bytes())]


def _lines(content: bytes) -> list[bytes]:
    start, end = content.index(b"[\n") + 2, content.rindex(b"\n]")
    return content[start:end].split(b",\n") if start < end else []


def _dumps(data: object) -> str:
    return _ENCODER.encode(data)


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
    if not "".join(texts.values()).isprintable():
        texts = {key: fit(text) for key, text in texts.items()}
    return {
        **texts,
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
