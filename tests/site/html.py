"""Looking at pages as a browser does: a strict HTML parser, and what the pages link to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib

_LINK = re.compile(r'\s(?:href|src)="([^"]*)"')
_ID = re.compile(r'\sid="([^"]*)"')


@dataclass(frozen=True)
class Links:
    """What a page holds to link to, and what it links to."""

    ids: tuple[str, ...]
    """The ids of its elements, in order."""
    targets: tuple[str, ...]
    """All values of href and src, as they are written but for entities."""


def parse(html: str) -> Element:
    """The tree of a page. Raises html5lib's ParseError where the page is not as the standard wants it."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


def elements(tree: Element, tag: str) -> list[Element]:
    """All elements with this name."""
    return [element for element in tree.iter() if element.tag == tag]


def words(element: Element) -> str:
    """The text of an element and all below, with single spaces and one between two elements."""
    return " ".join(" ".join(element.itertext()).split())


def links(html: str) -> Links:
    """The ids and links of a page, found fast: the pages quote every attribute, and escape quotes in all texts."""
    text = [target.replace("&amp;", "&").replace("&#39;", "'") for target in _LINK.findall(html)]
    return Links(tuple(_ID.findall(html)), tuple(text))


def broken_links(site: Path) -> Iterator[str]:
    """Every link of a site that leads nowhere, and every id that is there twice."""
    # What is a link of the file system may lead out of the site.
    files = (path for path in site.rglob("*") if path.is_file() and not path.is_symlink())
    there = {path.relative_to(site).as_posix() for path in files}
    pages = {name: links((site / name).read_text(encoding="utf-8")) for name in sorted(there) if name.endswith(".html")}
    ids = {page: frozenset(found.ids) for page, found in pages.items()}
    for page, found in pages.items():
        if len(ids[page]) != len(found.ids):
            yield f"{page}: an id is there twice"
        for target in set(found.targets):
            parts = urlsplit(target)
            if parts.scheme:
                if parts.scheme not in ("http", "https", "mailto"):
                    yield f"{page}: {target}: a scheme that no page may use"
                continue
            # From the root only on the page for missing pages.
            folder = "" if parts.path.startswith("/") else posixpath.dirname(page)
            path = posixpath.normpath(posixpath.join(folder, unquote(parts.path).lstrip("/"))) if parts.path else page
            if f"{path}/".startswith("../"):
                yield f"{page}: {target}: leads out of the site"
            elif path not in there:
                yield f"{page}: {target}: no such file"
            elif parts.fragment and unquote(parts.fragment) not in ids.get(path, ()):
                yield f"{page}: {target}: no such anchor"
