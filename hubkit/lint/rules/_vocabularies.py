"""The fields whose values are terms of a vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.values import Scalar

VOCABULARIES = {
    "train-dataset": "datasets",
    "module-type": "module-types",
    "train-backend": "backends",
    "infer-backend": "backends",
    "file-format": "file-formats",
}
"""Key -> the vocabulary of its values."""


def terms(document: Document) -> Iterator[tuple[str, str, Scalar]]:
    """(key, vocabulary, value) of each field whose value is a term and not empty."""
    front = document.front
    if front is None:
        return
    for key, name in VOCABULARIES.items():
        value = front.scalar(key)
        if value is not None and value.text.strip():
            yield key, name, value
    for asset in front.mappings("asset"):
        value = asset.scalar("file-format")
        if value is not None and value.text.strip():
            yield "file-format", VOCABULARIES["file-format"], value
