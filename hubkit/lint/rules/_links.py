"""The links of a card, for the rules that look at them."""

from __future__ import annotations

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.values import Scalar


def front_links(document: Document) -> Iterator[tuple[str, Scalar]]:
    """(key, value) of each link in the front matter that is not empty."""
    front = document.front
    if front is None:
        return
    repository = front.scalar("repo-link")
    if repository is not None and repository.text:
        yield "repo-link", repository
    for asset in front.mappings("asset"):
        link = asset.scalar("asset-link")
        if link is not None and link.text:
            yield "asset-link", link
