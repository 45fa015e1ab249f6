"""
A link leads to a branch that moves, such as master.

What stands on `master` today is not what the weights were trained with: files are changed, moved and removed, and the
link shows something else or nothing. A release branch, a tag or a commit stays. Looked at are `repo-link`, which moves
too where it names a repository and no branch, and the links of the body.

Bad:

    repo-link: https://gitee.com/mindspore/models/tree/master/research/cv/u2net

Good:

    repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net
"""

import re
from collections.abc import Iterator

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._branches import MOVING, BranchLink, branch_link, branch_place, own_branch
from hubkit.lint.rules._links import body_links

_REPOSITORY = re.compile(r"https?://(?:www\.)?(?:gitee|github|gitcode|gitlab)\.com/[^/?#\s]+/[^/?#\s]+/?")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    own = own_branch(document)
    if own is None or _moves(own[0]):
        yield from _in_front_matter(document, own)
    for link in body_links(document):
        found = branch_link(link.target)
        if found is not None and _moves(found):
            pinned = "the release branch, the tag or the commit that the card is about"
            if own is not None and own[0].repository == found.repository and not _moves(own[0]):
                pinned = f"{own[0].branch}, as repo-link does"
            message = f"the link leads to the branch {found.branch} of {found.repository}, which moves"
            yield Finding(*branch_place(link, found), message, f"Name {pinned}.")


def _in_front_matter(document: Document, own: tuple[BranchLink, tuple[int, int]] | None) -> Iterator[Finding]:
    value = document.front.scalar("repo-link") if document.front is not None else None
    if document.front is None or value is None:
        return
    version = document.front.text("mindspore-version").strip()
    hint = f"Name the branch r{version}." if version else "Name the branch of the MindSpore version."
    if own is not None:
        yield Finding(*own[1], f"repo-link leads to the branch {own[0].branch}, which moves", hint)
    elif _REPOSITORY.fullmatch(bare_link(value.text)):
        yield Finding(value.start, value.end, "repo-link names no branch, so it leads to the one that moves", hint)


def _moves(found: BranchLink) -> bool:
    return found.branch.lower() in MOVING


RULE = Rule("moving-branch", Category.LINKS, Severity.WARNING, check)
