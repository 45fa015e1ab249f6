"""Whether an HTML page has the place that a link's fragment names.

Source: the HTML Standard, "scroll to the fragment": an element's ``id``, or the ``name`` of an ``a``. Code hosts put
``user-content-`` before the ids of what users wrote, and find them without it. A page is searched, not parsed: what is
taken for a place though it stands in a script or a comment does less harm than one that is overlooked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from urllib.parse import unquote

_PLACE = re.compile(
    rb"""(?<![\w-])(?:id|name)\s{0,3}=\s{0,3}(?:\\?["']([^"'\\<>]{1,500}+)\\?["']|([^\s"'\\<>]{1,500}+)(?=[\s>"']))""",
    re.IGNORECASE,
)
_OVERLAP = 600
_USER_PREFIX = "user-content-"

# Places that scripts make (lines of a file, routes, text to highlight), and the page's top: no page names them.
_NOT_IN_A_PAGE = re.compile(r"|top|L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?|lines-\d+.*|[!/].*|:~:.*", re.IGNORECASE)


def can_be_checked(fragment: str) -> bool:
    """Whether a page's HTML would name this fragment."""
    return not _NOT_IN_A_PAGE.fullmatch(fragment)


class Search:
    """Looks for fragments in a page that comes in pieces."""

    def __init__(self, fragments: Iterable[str]) -> None:
        self.missing = set(fragments)
        """The fragments, as they are written, that were not found so far."""
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Look through the next piece of the page, in UTF-8."""
        text = self._rest + piece
        places = {_shown(match[1] or match[2]) for match in _PLACE.finditer(text)}
        self.missing -= {fragment for fragment in self.missing if places & _spellings(fragment)}
        self._rest = text[-_OVERLAP:]


def _spellings(fragment: str) -> set[str]:
    plain = {fragment, unquote(fragment)}
    return plain | {_USER_PREFIX + name for name in plain} | {name.removeprefix(_USER_PREFIX) for name in plain}


def _shown(name: bytes) -> str:
    return unescape(name.decode("utf-8", "replace"))
