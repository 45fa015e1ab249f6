"""A link leads nowhere.

The page is gone (404, 410), the host does not exist or does not answer, its TLS certificate cannot be verified, or its
redirects come to no end. A reader gets an error page in the place of the file or the paper that the card promises. A
request that fails is made three times before a link counts as dead; where a mirror of the hub has the page,
link-on-mirror-only says so instead.

It is found out only where the network is asked: `hubkit links`, `hubkit lint --online`.

Bad:

    [U2-Net](https://arxiv.org/abs/2005.0900) where the server answers 404

Good:

    [U2-Net](https://arxiv.org/abs/2005.09007)
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._reach import findings

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict


def check(document: Document, verdicts: "Mapping[str, Verdict]") -> Iterator[Finding]:
    return findings(document, verdicts, "dead", "Write where it is to be found now, or take the link out.")


RULE = Rule("link-dead", Category.LINKS, Severity.ERROR, check_online=check)
