"""A link is no https URL.

Over http anyone on the way can change what is served. A URL without a host, with spaces, or with a password in it
either does not work or should not be published. In a body, links inside the page (`#section`), relative links and mail
addresses are fine, and so is http to the reader's own machine (`http://localhost:8080`).

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
from hubkit.lint.rules._links import body_links, front_links

# What nearly all links look like; the others are looked at part by part.
_SOUND = re.compile(r"https://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/[!-;=?-~]*)?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+-]*):")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FORM = "Write https://host/path."


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for key, value in front_links(document):
        problem = _wrong(bare_link(value.text))
        if problem:
            yield Finding(value.start, value.end, f"{key}: {problem[0]}", problem[1])
    for link in body_links(document):
        scheme = _SCHEME.match(link.target)
        if scheme and scheme[1].lower() != "mailto":
            problem = _wrong(link.target)
            if problem:
                yield Finding(link.start, link.end, problem[0], problem[1])


def _wrong(url: str) -> tuple[str, str] | None:
    """What is wrong with a URL, and how to mend it."""
    if _SOUND.fullmatch(url):
        return None
    if url.startswith("<") or url.endswith(">"):
        return "the angle brackets are not around the whole link and nothing else", "Write the URL alone."
    if re.search(r"\s", url):
        return "the URL has white space in it", "Write %20 for a space."
    if not url.isprintable():
        return "the URL has a character that cannot be seen", "Type it anew."
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # reading it checks it
    except ValueError as error:
        return f"not a URL: {error}", _FORM
    if parts.scheme == "http" and host not in _LOOPBACK:
        return "the link uses http, which anyone on the way can change", f"Write https{url[4:]}."
    if parts.scheme not in ("https", "http"):
        return f"the scheme {parts.scheme!r} is not allowed" if parts.scheme else "the link has no scheme", _FORM
    if not url.startswith(parts.scheme):
        return "the scheme is written in capitals", f"Write {parts.scheme}{url[len(parts.scheme) :]}."
    if not host:
        return "the URL has no host", _FORM
    if parts.username is not None or parts.password is not None:
        return "the URL holds a user name or a password", "Remove it: a card is public."
    return None


RULE = Rule("link-form", Category.LINKS, Severity.ERROR, check, yields_to=frozenset({"empty-value", "placeholder"}))
