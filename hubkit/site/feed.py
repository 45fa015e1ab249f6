"""The feed of new and changed models: Atom, RFC 4287.

Its dates are those of the cards and receipts, so that the same catalogue gives the same feed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hubkit.site.text import fit
from hubkit.site.xml_text import escape, quoted

# What a feed without an entry gives as its date, since it must give one.
_NEVER = "1970-01-01"


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """A model as a feed tells of it."""

    identifier: str
    """A URI that is the model's for good, wherever the site lies."""
    title: str
    """The model's name."""
    url: str
    """Its page: absolute, or relative to the feed."""
    day: str
    """When it was changed last, as 2023-02-17."""
    summary: str
    """One sentence; may be empty."""
    author: str
    """Who made it; may be empty."""
    category: str
    """Its task; may be empty."""


def atom(title: str, identifier: str, url: str, home: str, language: str, entries: Iterable[FeedEntry]) -> bytes:
    """A feed of the entries, in their order.

    Args:
        title: the feed's name.
        identifier: a URI that is the feed's for good.
        url: the feed itself; empty where its URL is not known.
        home: the page that it belongs to: absolute, or relative to the feed.
        language: its language, as BCP 47 writes it.
        entries: the newest first.
    """
    known = tuple(entries)
    updated = max((entry.day for entry in known), default=_NEVER)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={_attribute(language)}>',
        f"<title>{_text(title)}</title>",
        f"<id>{_text(identifier)}</id>",
        f"<updated>{_time(updated)}</updated>",
        *([f'<link rel="self" type="application/atom+xml" href={_attribute(url)}/>'] if url else []),
        f'<link rel="alternate" type="text/html" href={_attribute(home)}/>',
        f"<author><name>{_text(title)}</name></author>",
        *(line for entry in known for line in _entry(entry)),
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _entry(entry: FeedEntry) -> Iterable[str]:
    yield "<entry>"
    yield f"<title>{_text(entry.title)}</title>"
    yield f"<id>{_text(entry.identifier)}</id>"
    yield f"<updated>{_time(entry.day)}</updated>"
    yield f'<link rel="alternate" type="text/html" href={_attribute(entry.url)}/>'
    if entry.author.strip():
        yield f"<author><name>{_text(entry.author)}</name></author>"
    if entry.category:
        yield f"<category term={_attribute(entry.category)}/>"
    # Atom wants a summary or a content, and the title is all that some cards say.
    yield f"<summary>{_text(entry.summary or entry.title)}</summary>"
    yield "</entry>"


def _time(day: str) -> str:
    return f"{day}T00:00:00Z"


def _text(text: str) -> str:
    return escape(fit(text))


def _attribute(text: str) -> str:
    return quoted(fit(text))
