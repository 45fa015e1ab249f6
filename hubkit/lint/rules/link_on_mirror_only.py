"""A link leads nowhere, but a mirror of this hub has what it names.

`hubkit fetch` tries the mirrors of the settings, so that the hub goes on working; a reader who clicks does not. What a
mirror alone has is one failure away from being lost.

Option: `mirrors` in the settings.

It is found out only where the network is asked: `hubkit links`, `hubkit lint --online`.

Bad:

    asset-link: https://gone.example/u2net.ckpt where a mirror of https://gone.example/ has it

Good:

    asset-link: https://download.mindspore.cn/models/r1.9/u2net.ckpt
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._reach import web_links

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict


def check(document: Document, verdicts: "Mapping[str, Verdict]") -> Iterator[Finding]:
    for link in web_links(document):
        verdict = verdicts.get(link.page)
        if verdict is not None and verdict.mirror:
            message = f"the link {verdict.reason}; the mirror {verdict.mirror} has it"
            yield Finding(link.start, link.end, message, "Publish it again where the link leads, or link to a copy.")


RULE = Rule("link-on-mirror-only", Category.LINKS, Severity.INFO, check_online=check)
