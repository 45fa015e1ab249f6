"""The Atom feed, by RFC 4287, and the dates in it."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

import pytest

from hubkit.site.dates import day_of
from hubkit.site.feed import FeedEntry, atom

NAME = "{http://www.w3.org/2005/Atom}"
EVIL = "\"'<&>]]>\x00\u202e\ud800"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2023-02-17", "2023-02-17"),
        ("2023-2-7", "2023-02-07"),
        (" 2023-2-17T08:15:00Z", "2023-02-17"),
        ("2023-02-30", ""),
        ("2023-2-175", ""),
        ("17.2.2023", ""),
        ("", ""),
        ("0000-01-01", ""),
    ],
)
def test_the_day_of_a_date(written: str, day: str) -> None:
    assert day_of(written) == day


def entry(**fields: str) -> FeedEntry:
    given = {"identifier": "urn:x:a", "title": "A", "url": "a.html", "day": "2023-02-17", "summary": "It is.",
             "author": "Lab", "category": "cv"}  # fmt: skip
    return FeedEntry(**{**given, **fields})


def test_a_feed_has_all_that_the_standard_wants() -> None:
    feed = atom(
        "Models", "urn:x", "https://hub.example/feed.xml", "index.html", "en", [entry(), entry(day="2022-01-01")]
    )
    tree = fromstring(feed)
    assert tree.tag == f"{NAME}feed"
    assert tree.findtext(f"{NAME}id") == "urn:x"
    assert tree.findtext(f"{NAME}updated") == "2023-02-17T00:00:00Z"
    assert [link.get("rel") for link in tree.findall(f"{NAME}link")] == ["self", "alternate"]
    for found in tree.findall(f"{NAME}entry"):
        for name in ("title", "id", "updated", "summary"):
            assert found.findtext(f"{NAME}{name}"), name
        assert found.find(f"{NAME}link") is not None
        assert found.findtext(f"{NAME}author/{NAME}name") == "Lab"


def test_hostile_texts_are_text() -> None:
    tree = fromstring(
        atom(EVIL, "urn:x", "", EVIL, "en", [entry(title=EVIL, summary=EVIL, author=EVIL, category=EVIL)])
    )
    assert tree.findtext(f"{NAME}entry/{NAME}title") == "\"'<&>]]>\ufffd\ufffd\ufffd"
    assert tree.find(f"{NAME}link").get("rel") == "alternate"  # type: ignore[union-attr]


def test_a_feed_without_entries_is_valid_too() -> None:
    assert b"<updated>1970-01-01T00:00:00Z</updated>" in atom("Models", "urn:x", "", "index.html", "en", [])
