"""
A link to a heading, of this card or of another file beside it, names one that is not there.

A heading's anchor is made of its words: in lower case, with `-` for a space, without punctuation (`## 1. How to use`
is `#1-how-to-use`, `## 用法` is `#用法`); a second heading with the same words gets `-1`. When a heading is renamed,
links to it lead nowhere and nothing tells. An anchor of raw HTML (`<a name="use">`) counts too; runs of `-` count as
one, since sites differ there. Of other files, those ending in `.md` are looked at that lie in the hub's folder (the one
that holds its settings), or in the card's where there is none.

Bad:

    See [below](#how-to-use-it).

    ## How to use

Good:

    See [below](#how-to-use).

    ## How to use
"""

import difflib
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from hubkit.card.elements import anchor_of
from hubkit.card.parse import Document, parse_file
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._links import body_links
from hubkit.lint.rules._titles import titles

_HTML_ANCHOR = re.compile(r"""\b(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)
_HTML_HEADING = re.compile(r"<h([1-6])(?=[\s>])[^<>]*>((?>(?:[^<]|<(?!/h))*))</h\1>", re.IGNORECASE)
_HTML_TAG = re.compile(r"<[^<>]*>")
_HYPHENS = re.compile(r"-+")
_IN_A_FILE = re.compile(r"(?![A-Za-z][A-Za-z0-9+.-]*:|/)(?P<path>[^?#]+\.md)(?:\?[^#]*)?#(?P<name>.+)", re.IGNORECASE)
_MAX_PATH = 4096


def check(document: Document, context: Context) -> Iterator[Finding]:
    own: tuple[str, ...] | None = None
    for link in body_links(document):
        if "#" not in link.target:
            continue
        if link.target.startswith("#"):
            own = _anchors(document) if own is None else own
            found, name, where = own, link.target[1:], "the card"
        else:
            match = _IN_A_FILE.fullmatch(link.target)
            other = _anchors_of_file(unquote(match["path"]), context) if match else None
            if match is None or other is None:
                continue
            found, name, where = other, match["name"], match["path"]
        name = unquote(name)
        if _key(name) not in {"", "top", *map(_key, found)}:
            nearest = difflib.get_close_matches(name.lower()[:100], found, n=1)
            hint = (
                f"Did you mean #{nearest[0]}?" if nearest else "Write the heading's words in lower case, with hyphens."
            )
            message = f"no heading of {where} has the anchor {shown(f'#{name}')}"
            yield Finding(link.start, link.end, message, hint)


def _anchors_of_file(name: str, context: Context) -> tuple[str, ...] | None:
    """The anchors of the Markdown file ``name`` beside the card; None where there is none that may be read."""
    if len(name) > _MAX_PATH or "\0" in name:
        return None
    path = Path(os.path.normpath(context.path.parent / name))
    if not context.exists(path):
        return None  # relative-link reports it
    settings = context.config.file
    hub = settings.parent if settings and context.path.is_relative_to(settings.parent) else context.path.parent
    try:
        real = path.resolve()
        if not real.is_relative_to(hub.resolve()) or not real.is_file():
            return None
        stat = real.stat()
        return _read(real, stat.st_mtime_ns, stat.st_size)
    except OSError:
        return None


@lru_cache(maxsize=256)
def _read(path: Path, _mtime: int, _size: int) -> tuple[str, ...] | None:
    document = parse_file(path)
    return None if document.body.problems or document.front_span == (0, 0) else _anchors(document)


def _anchors(document: Document) -> tuple[str, ...]:
    """All anchors of a card."""
    before = [anchor_of(title.text) for title in titles(document) if title.start < document.front_span[0]]
    headings = [*before, *(heading.anchor for heading in document.body.headings), *_html_headings(document)]
    named = (match[1] for found in document.body.html for match in _HTML_ANCHOR.finditer(found.text))
    return tuple(dict.fromkeys((*_numbered(headings), *named)))


def _numbered(headings: Iterable[str]) -> Iterator[str]:
    """The anchors of headings, those with the same words told apart by a number.

    Where a heading is called "Use-1" itself, sites differ: some go on to the next number that is free (as
    https://github.com/Flet/github-slugger does), others count the headings alone. Both count.
    """
    seen: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    for anchor in headings:
        yield f"{anchor}-{seen[anchor]}" if seen[anchor] else anchor
        seen[anchor] += 1
        free = anchor
        while free in numbers:
            numbers[anchor] += 1
            free = f"{anchor}-{numbers[anchor]}"
        numbers[free] = 0
        yield free


def _html_headings(document: Document) -> Iterator[str]:
    for found in document.body.html:
        for match in _HTML_HEADING.finditer(found.text):
            yield anchor_of(_HTML_TAG.sub("", match[2]))


def _key(anchor: str) -> str:
    return _HYPHENS.sub("-", anchor.lower())


RULE = Rule("anchor", Category.LINKS, Severity.WARNING, check)
