"""Figures as people read them."""

from __future__ import annotations

import pytest

from hubkit.site import text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (3.1e-6, "3.1e-6"),
        (1e-4, "1e-4"),
        (9.96e-7, "1e-6"),
        (1e-3, "1e-3"),
        (0.021, "0.021"),
        (3.4, "3.4"),
        (51_300.0, "5.1e4"),
        (float("inf"), "not finite"),
        (None, "not finite"),
    ],
)
def test_error(value: float | None, expected: str) -> None:
    assert text.error(value) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (6_790_000, "6.8 MB"), (176_385_024, "176 MB"),
     (999_600_000, "1.0 GB"), (5 * 10**15, "5,000 TB")],
)  # fmt: skip
def test_size(count: int, expected: str) -> None:
    assert text.size(count) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(7, "7"), (999, "999"), (1_691_904, "1.69 M"), (44_038_669, "44.0 M"), (175 * 10**9, "175 G")],
)
def test_short_number(count: int, expected: str) -> None:
    assert text.short_number(count) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.0004, "0.4 ms"), (0.012, "12 ms"), (0.93, "0.93 s"), (14.2, "14.2 s"), (125.0, "2 min 5 s")],
)
def test_seconds(value: float, expected: str) -> None:
    assert text.seconds(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(0.0, "0"), (0.42, "0.42"), (12.0, "12"), (51_300.4, "51,300")])
def test_per_million(value: float, expected: str) -> None:
    assert text.per_million(value) == expected


def test_plural() -> None:
    assert [text.plural(1, "file"), text.plural(2000, "file"), text.plural(2, "entry", "entries")] == [
        "1 file",
        "2,000 files",
        "2 entries",
    ]


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x7f", "\x85", "\u202e", "\u2067", "\ud800", "\ufdd0", "\U0001ffff"]
)
def test_what_no_page_may_hold_is_replaced(character: str) -> None:
    assert text.fit(f"a{character}b") == "a\ufffdb"


def test_what_a_page_may_hold_is_kept() -> None:
    kept = "a\tb\r\n模型 עברית \u200f \u00a0 😀"
    assert text.fit(kept) == kept
