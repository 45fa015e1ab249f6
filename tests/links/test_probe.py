"""What follows from an answer, where no server is needed to see it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hubkit.links.client import Answer, Failure, Problem
from hubkit.links.fragments import Search, can_be_checked
from hubkit.links.options import Limits
from hubkit.links.probe import Next, begin, judge, retry_after

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 50, 999_999_999.0),
        ("Thu, 01 Jan 2026 12:01:00 GMT", 60.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 12:01:00", 60.0),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@pytest.mark.parametrize(("header", "delay"), [("7", 7.0), ("86400", 60.0), ("soon", 1.0), ("", 1.0)])
def test_a_host_that_wants_to_be_left_alone_is_but_not_for_ever(header: str, delay: float) -> None:
    step = judge(begin("https://a.example/", frozenset(), ()), Answer(429, retry_after=header), Limits(), NOW)
    assert isinstance(step, Next)
    assert (step.delay, step.pause_host, step.probe.method) == (delay, True, "HEAD")


def test_waits_double() -> None:
    probe = begin("https://a.example/", frozenset(), ())
    delays = []
    while isinstance(step := judge(probe, Failure(Problem.CONNECTION, "was cut"), Limits(tries=5), NOW), Next):
        delays.append(step.delay)
        probe = step.probe
    assert delays == [1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize("problem", [Problem.INVALID, Problem.REFUSED, Problem.UNRESOLVED, Problem.TLS])
def test_what_will_not_change_is_tried_once(problem: Problem) -> None:
    step = judge(begin("https://a.example/", frozenset(), ()), Failure(problem, "is so"), Limits(), NOW)
    assert not isinstance(step, Next)


@pytest.mark.parametrize("fragment", ["", "top", "L10", "L10-L20", "L1C2-L3C4", "/route", "!/route", ":~:text=a"])
def test_fragments_that_no_page_names_are_not_looked_for(fragment: str) -> None:
    assert not can_be_checked(fragment)


@pytest.mark.parametrize("fragment", ["install", "Layers", "简介", "L", "user-content-x"])
def test_other_fragments_are(fragment: str) -> None:
    assert can_be_checked(fragment)


def test_a_place_is_found_wherever_the_pieces_of_a_page_are_cut() -> None:
    page = b"<p>" + b"x" * 700 + b'<h2 class="a" id="install">' + b"x" * 700
    for cut in range(1, len(page)):
        search = Search(["install", "instal"])
        search.feed(page[:cut])
        search.feed(page[cut:])
        assert search.missing == {"instal"}


def test_a_hostile_page_is_searched_in_bounded_steps() -> None:
    for piece in (b"id=" * 100_000, b"id   =" * 50_000, b"name=\\" * 50_000, b'id="' + b"x" * 300_000):
        search = Search(["install"])
        search.feed(piece)
        assert search.missing == {"install"}
