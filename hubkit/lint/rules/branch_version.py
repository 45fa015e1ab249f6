"""
The branch of `repo-link` is not that of the card's MindSpore version.

The code that the weights fit stands in the branch `r` and the version, such as `r1.9`. A tag of another project's own
counting (`v0.4.0`) stays where it is, but says nothing of MindSpore: whoever reads the card has to look up which
version it is for. A branch of this form but of another version is reported by version-consistency, and a link that
moves, by moving-branch.

Bad:

    mindspore-version: 1.9
    repo-link: https://gitee.com/mindspore/models/tree/v0.4.0/research/cv/u2net

Good:

    mindspore-version: 1.9
    repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._branches import MOVING, own_branch

_RELEASE = re.compile(r"r\d+\.\d+(?:\.\d+)?")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    own = own_branch(document)
    if own is None or document.front is None:
        return
    branch = own[0].branch
    if branch.lower() not in MOVING and not _RELEASE.fullmatch(branch):
        message = f"repo-link's branch {branch} is not that of a MindSpore version"
        version = document.front.text("mindspore-version").strip()
        hint = f"Right where the code is counted otherwise; else name the branch r{version or ' and the version'}."
        yield Finding(*own[1], message, hint)


RULE = Rule("branch-version", Category.VERSIONS, Severity.INFO, check)
