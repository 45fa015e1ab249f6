"""Whether a link leads somewhere could not be found out.

Some hosts answer 403, 418 or 429 to programs that they take for robots, and show the page to a reader; some pages ask
for a login. Such a link is not called dead, and is not called sound either: open it yourself. The same is said of a
link that was not asked for, because hubkit was offline and knows no recent answer.

It is found out only where the network is asked: `hubkit links`, `hubkit lint --online`.

Bad:

    [U2-Net](https://journals.example/u2net) where the server answers 403

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
    return findings(document, verdicts, "uncertain skipped", "Open it in a browser.")


RULE = Rule("link-uncertain", Category.LINKS, Severity.INFO, check_online=check)
