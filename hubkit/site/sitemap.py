"""The list of pages for search engines, by https://www.sitemaps.org and Google's addition for languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hubkit.site.xml_text import escape, quoted

# The protocol's limit for one file.
MOST = 50_000


@dataclass(frozen=True, slots=True)
class Address:
    """A page under one URL for each language."""

    urls: tuple[tuple[str, str], ...]
    """Its languages, each as BCP 47 writes it and with the absolute URL."""
    day: str
    """When it was changed last, as 2023-02-17; empty where that is not known."""


def sitemap(addresses: Sequence[Address]) -> bytes:
    """One file with all URLs; there must not be more than MOST."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        *(line for address in addresses for line in _lines(address)),
        "</urlset>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def sitemap_index(urls: Iterable[str]) -> bytes:
    """The file that names all others, where one cannot hold all pages."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
        *(f"<sitemap><loc>{escape(url)}</loc></sitemap>" for url in urls),
        "</sitemapindex>",
    ]
    return ("\n".join(lines) + "\n").encode("utf-8")


def robots(sitemap_url: str) -> bytes:
    """What tells search engines that they are welcome, and where the list of pages lies."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {sitemap_url}\n".encode()


def _lines(address: Address) -> Iterator[str]:
    changed = f"<lastmod>{address.day}</lastmod>" if address.day else ""
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoted(language)} href={quoted(url)}/>'
        for language, url in address.urls
    )
    for _, url in address.urls:
        yield f"<url><loc>{escape(url)}</loc>{changed}{alternates}</url>"
