"""Links into a branch of a repository, for the rules that look at them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hubkit.card.elements import Link
from hubkit.card.model import bare_link
from hubkit.card.parse import Document

MOVING = frozenset({"master", "main", "develop", "dev", "trunk", "head"})

_IN_A_BRANCH = re.compile(
    r"https?://(?P<host>[^/?#\s]+)/(?P<path>[^/?#\s]+/[^/?#\s]+)"
    r"/(?:-/)?(?:tree|blob|raw|edit|blame|commits)/(?P<branch>[^/?#\s]+)",
    re.IGNORECASE,
)
_RAW = re.compile(
    r"https?://raw\.githubusercontent\.com/(?P<path>[^/?#\s]+/[^/?#\s]+)/(?:refs/heads/)?(?P<branch>[^/?#\s]+)/",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class BranchLink:
    """A link into a branch, a tag or a commit of a repository."""

    repository: str
    """Host, owner and name, in lower case."""
    branch: str
    """The branch, as the link has it; of one with a slash, what stands before it."""
    start: int
    """Where the branch begins in the link's target."""


@lru_cache(maxsize=1024)
def branch_link(target: str) -> BranchLink | None:
    """What a link says of a repository; None where it does not lead into a branch."""
    match = _IN_A_BRANCH.match(target)
    if match:
        return BranchLink(f"{match['host']}/{match['path']}".lower(), match["branch"], match.start("branch"))
    match = _RAW.match(target)
    return BranchLink(f"github.com/{match['path']}".lower(), match["branch"], match.start("branch")) if match else None


# Several rules ask for the branch of one card, one after the other: the last answer is kept.
_last: tuple[Document | None, tuple[BranchLink, tuple[int, int]] | None] = (None, None)


def own_branch(document: Document) -> tuple[BranchLink, tuple[int, int]] | None:
    """The branch that ``repo-link`` names, and its place in the file; None where it names none."""
    global _last
    asked, found = _last
    if asked is not document:
        found = _own_branch(document)
        _last = (document, found)
    return found


def _own_branch(document: Document) -> tuple[BranchLink, tuple[int, int]] | None:
    value = document.front.scalar("repo-link") if document.front is not None else None
    url = bare_link(value.text) if value is not None else ""
    found = branch_link(url)
    if value is None or found is None:
        return None
    start = value.start + max(value.text.find(url), 0) + (0 if value.plain else 1) + found.start
    return found, (start, start + len(found.branch))


def branch_place(link: Link, found: BranchLink) -> tuple[int, int]:
    """Offsets of the branch in the file; of the whole target where that is written with escapes."""
    if link.end - link.start != len(link.target):
        return link.start, link.end
    start = link.start + found.start
    return start, start + len(found.branch)
