"""
A link is no https URL.

Over http anyone on the way can change what is served. A URL without a host, with spaces, or with a password in it
either does not work or should not be published. In a body, links inside the page (`#section`), relative links and mail
addresses are fine.

Bad:

    asset-link: http://download.mindspore.cn/models/r1.9/u2net.ckpt

Good:

    asset-link: https://download.mindspore.cn/models/r1.9/u2net.ckpt
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._links import front_links

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BODY_SCHEMES = frozenset({"https", "mailto"})


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for key, value in front_links(document):
        problem = _wrong(bare_link(value.text))
        if problem:
            yield Finding(value.start, value.end, f"{key}: {problem[0]}", problem[1])
    for link in document.body.links:
        scheme = _SCHEME.match(link.target)
        if scheme and scheme[1].lower() not in _BODY_SCHEMES:
            problem = _wrong(link.target)
            if problem:
                yield Finding(link.start, link.end, problem[0], problem[1])


def _wrong(url: str) -> tuple[str, str] | None:
    """What is wrong with a URL, and how to mend it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # reading it checks it
    except ValueError as error:
        return f"not a URL: {error}", "Write https://host/path."
    if re.search(r"\s", url):
        return "the URL has white space in it", "Write %20 for a space."
    if parts.scheme == "http":
        return "the link uses http, which anyone on the way can change", f"Write https{url[4:]}."
    if parts.scheme != "https":
        found = f"the scheme {parts.scheme!r} is not allowed" if parts.scheme else "the link has no scheme"
        return found, "Write https://host/path."
    if not host:
        return "the URL has no host", "Write https://host/path."
    if parts.username is not None or parts.password is not None:
        return "the URL holds a user name or a password", "Remove it: a card is public."
    return None


RULE = Rule("link-form", Category.LINKS, Severity.ERROR, check, yields_to=frozenset({"empty-value", "placeholder"}))
