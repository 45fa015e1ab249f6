"""
A link of the body leads into the card's own repository, but not to the branch that `repo-link` names.

The reader is shown code of another state than the one that the card is about. A link to a commit is fine: it was
pinned on purpose. Branches that carry a MindSpore version (`r1.9`) are compared by `version-consistency`, and branches
that move (`master`) are found by `moving-branch`.

Bad:

    repo-link: https://github.com/mindspore-lab/mindcv/tree/v0.4.0/configs/hrnet

    See [its README](https://github.com/mindspore-lab/mindcv/blob/v0.3.0/configs/hrnet/README.md).

Good:

    See [its README](https://github.com/mindspore-lab/mindcv/blob/v0.4.0/configs/hrnet/README.md).
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._branches import MOVING, branch_link, branch_place, own_branch
from hubkit.lint.rules._links import body_links

_JUDGED_ELSEWHERE = re.compile(r"r\d+\.\d+(?:\.\d+)?|[0-9a-f]{7,40}")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    named = own_branch(document)
    if named is None:
        return
    own = named[0]
    for link in body_links(document):
        found = branch_link(link.target)
        if found is None or found.repository != own.repository or found.branch == own.branch:
            continue
        if found.branch.lower() not in MOVING and not _JUDGED_ELSEWHERE.fullmatch(found.branch):
            message = f"the link leads to the branch {found.branch}, but repo-link names {own.branch}"
            yield Finding(*branch_place(link, found), message, f"Write {own.branch}, or mend repo-link.")


RULE = Rule("foreign-branch", Category.LINKS, Severity.WARNING, check)
