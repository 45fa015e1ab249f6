"""Where everything lies in the site, and how its pages link to each other.

A card's page is ``models/<uid>.html``: it opens from ``file://`` without a server that knows of index files, needs
no folder of its own, and leaves ``models/<uid>.json`` free for the same card's data. All links are relative, so a
site works under any sub-path.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from hubkit.errors import SiteError

HOME = "index.html"
COMPARE = "compare.html"
INDEX = "index.json"
NOT_FOUND = "404.html"
FEED = "feed.xml"
SITEMAP = "sitemap.xml"
ROBOTS = "robots.txt"
STATIC = "static"
MODELS = "models"
FILES = "files"

# The limit of ext4, APFS and NTFS for one name, in bytes of UTF-8.
_MAX_NAME_BYTES = 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOT_IN_A_LINK = re.compile(r"[\x00-\x20\x7f-\xa0<>\"\\^`{|}]")


def page_path(uid: str) -> str:
    """The page of the card ``uid``, from the site's root.

    Raises SiteError where the uid cannot name a file inside the site.
    """
    return _checked(f"{MODELS}/{uid}.html", uid)


def data_path(uid: str) -> str:
    """All that its page says of the card ``uid``, for machines, from the site's root."""
    return f"{MODELS}/{uid}.json"


def file_path(model_path: str) -> str:
    """Where the site keeps a converted file, from the path ``models/...`` of its receipt.

    Raises SiteError where the path would leave the site.
    """
    return _checked(f"{FILES}/{model_path.removeprefix('models/')}", model_path)


def _checked(path: str, name: str) -> str:
    problem = ""
    parts = path.split("/")
    try:
        longest = max(len(part.encode("utf-8")) for part in parts)
    except UnicodeEncodeError:
        problem = "it is not UTF-8"
    else:
        if any(part in ("", ".", "..") for part in parts):
            problem = "it leads out of its folder"
        elif _CONTROL.search(path):
            problem = "it holds a control character"
        elif longest > _MAX_NAME_BYTES:
            problem = f"a part of it has {longest} bytes as a page's name; a file system allows {_MAX_NAME_BYTES}"
    if problem:
        raise SiteError(f"{name!r} cannot be published: {problem}", hint="Give the file a plain name.")
    return path


def bib_path(page: str) -> str:
    """Where the citation of the card at ``page`` lies: beside it."""
    return f"{page.removesuffix('.html')}.bib"


def root_of(path: str) -> str:
    """The relative link from the page at ``path`` to the site's root: "" or "../" as often as needed."""
    return "../" * path.count("/")


@lru_cache(maxsize=65536)
def url(path: str) -> str:
    """A path of the site as the path of a URL: UTF-8, percent-encoded."""
    return quote(path, safe="/")


@lru_cache(maxsize=65536)
def web_link(text: str) -> str:
    """``text`` where it is a sound http or https URL, else an empty text.

    Anything else that a card may hold (``javascript:``, ``data:``, ``//host``, a path) is not to be linked.
    """
    if _NOT_IN_A_LINK.search(text):
        return ""
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:  # such as an unfinished IPv6 address
        return ""
    return text if parts.scheme in ("http", "https") and host else ""


@lru_cache(maxsize=16384)
def last_part(link: str) -> str:
    """The file name in an http(s) link, without its query; may be empty."""
    path = link.split("?", 1)[0].split("#", 1)[0].partition("://")[2].partition("/")[2]
    return next((part for part in reversed(path.split("/")) if part not in ("", ".")), "")
