"""
A link of the body leads to a branch that moves, such as master.

What stands on `master` today is not what the weights were trained with: files are changed, moved and removed, and the
link shows something else or nothing. A release branch, a tag or a commit stays.

The branch of `repo-link` is the business of another rule.

Bad:

    See [the code](https://gitee.com/mindspore/models/tree/master/research/cv/u2net).

Good:

    See [the code](https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net).
"""

from collections.abc import Iterator

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._branches import MOVING, branch_link, branch_place


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for link in document.body.links:
        found = branch_link(link.target)
        if found is not None and found.branch.lower() in MOVING:
            own = branch_link(bare_link(document.front.text("repo-link"))) if document.front is not None else None
            pinned = "the release branch, the tag or the commit that the card is about"
            if own is not None and own.repository == found.repository and own.branch.lower() not in MOVING:
                pinned = f"{own.branch}, as repo-link does"
            message = f"the link leads to the branch {found.branch} of {found.repository}, which moves"
            yield Finding(*branch_place(link, found), message, f"Name {pinned}.")


RULE = Rule("moving-branch", Category.LINKS, Severity.WARNING, check)
