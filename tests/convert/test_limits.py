"""Amounts of memory in messages."""

from __future__ import annotations

import pytest

from hubkit.convert.limits import memory_words


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (5, "5 B"), (999, "999 B"), (4096, "4.1 kB"), (200_000_000, "200.0 MB"), (2_500_000_000, "2.5 GB")],
)
def test_an_amount_of_memory_has_the_unit_that_suits_it(count: int, words: str) -> None:
    assert memory_words(count) == words
