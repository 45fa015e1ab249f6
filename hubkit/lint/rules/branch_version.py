"""
The branch of `repo-link` is not that of the card's MindSpore version.

The code that the weights fit stands in the branch `r` and the version, such as `r1.9`. A tag of another project's own
counting says nothing of MindSpore, and a branch such as `master` moves on. Where the branch is one of this form but of
another version, version-consistency reports it.

Bad:

    mindspore-version: 1.9
    repo-link: https://gitee.com/mindspore/models/tree/master/research/cv/u2net

Good:

    mindspore-version: 1.9
    repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net
"""

import re
from collections.abc import Iterator

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._branches import MOVING, branch_link

_RELEASE = re.compile(r"r\d+\.\d+(?:\.\d+)?")
_REPOSITORY = re.compile(r"https?://(?:www\.)?(?:gitee|github|gitcode|gitlab)\.com/[^/?#\s]+/[^/?#\s]+/?")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    value = document.front.scalar("repo-link") if document.front else None
    if document.front is None or value is None:
        return
    url = bare_link(value.text)
    found = branch_link(url)
    version = document.front.text("mindspore-version").strip()
    hint = f"Name the branch r{version}." if version else "Name the branch of the MindSpore version."
    if found is not None:
        if not _RELEASE.fullmatch(found.branch):
            start = value.start + max(value.text.find(url), 0) + (0 if value.plain else 1) + found.start
            moves = ", and it moves" if found.branch.lower() in MOVING else ""
            message = f"repo-link's branch {found.branch} is not that of a MindSpore version{moves}"
            yield Finding(start, start + len(found.branch), message, hint)
    elif _REPOSITORY.fullmatch(url):
        yield Finding(value.start, value.end, "repo-link names no branch, so it leads to the one that moves", hint)


RULE = Rule("branch-version", Category.VERSIONS, Severity.INFO, check)
