"""``python -m tests.bench.without_search site build ...``: hubkit that makes sites without a search."""

from __future__ import annotations

import sys

import hubkit.site.gather
import hubkit.site.making
from hubkit.cli import main
from hubkit.site.catalogue import Catalogue
from hubkit.site.search import SearchData
from hubkit.site.search_cards import search_data


def _no_search(_: Catalogue) -> SearchData:
    return search_data([])


def _no_words(_: str) -> list[str]:
    return []


def _load() -> None:
    _loaded()
    import hubkit.site.kinds

    hubkit.site.kinds.search_of = _no_search


if __name__ == "__main__":
    _loaded = hubkit.site.making._load  # as a build does, while cards are read
    hubkit.site.making._load = _load
    hubkit.site.gather.words = _no_words
    sys.argv[0] = "hubkit"
    main()
