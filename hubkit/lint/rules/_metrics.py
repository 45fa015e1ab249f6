"""The measurements of a card with their places in the file."""

from __future__ import annotations

from collections.abc import Iterator

from hubkit.card.metrics import Metric, parts
from hubkit.card.parse import Document


def measurements(document: Document) -> Iterator[tuple[int, int, str, Metric | None]]:
    """(start, end, text, measurement or None) of each part of ``evaluation``; an empty one or a dash gives none."""
    value = document.front.scalar("evaluation") if document.front else None
    if value is None or value.text.strip() in ("", "-"):
        return
    quote = 0 if value.plain else 1
    # Where the text is not as the file has it (escapes, several lines), its parts cannot be told apart there.
    exact = value.end - value.start == len(value.text) + 2 * quote
    for start, end, metric in parts(value.text):
        begin = value.start + quote
        place = (begin + start, begin + end) if exact else (value.start, value.end)
        yield *place, value.text[start:end], metric
