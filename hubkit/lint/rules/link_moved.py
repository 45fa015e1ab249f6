"""A link leads to a page that has moved for good.

The server answers with a permanent redirect (301, 308). Hosts take such redirects away after some years, and then the
link is dead. Redirects that are called temporary (302, 303, 307) are no findings. The fix writes the new address; it is
an unsafe one, because that address is the word of a server that nobody here controls: a domain that was sold redirects
all its pages to its new owner's.

It is found out only where the network is asked: `hubkit links`, `hubkit lint --online`.

Bad:

    [code](https://gitee.com/mindspore/old-name) where the server answers 301

Good:

    [code](https://gitee.com/mindspore/models)
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, FixKind, Rule
from hubkit.lint.rules._reach import WebLink, web_links

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict

# What can stand in Markdown and in YAML as it is. The address comes from a server: anything else is left to a reader.
_PLAIN = re.compile(r"https://[A-Za-z0-9._-]+(?::\d+)?(?:/[A-Za-z0-9._~/%?&=+@,;-]*)?")


def check(document: Document, verdicts: "Mapping[str, Verdict]") -> Iterator[Finding]:
    for link in web_links(document):
        verdict = verdicts.get(link.page)
        if verdict is not None and verdict.moved_to:
            address = verdict.moved_to + link.url[len(link.page) :]
            fix = _fix(document, link, verdict.moved_to, address)
            yield Finding(link.start, link.end, f"the link {verdict.reason}", f"Write {address}", fix)


def _fix(document: Document, link: WebLink, page: str, address: str) -> Fix | None:
    if not _PLAIN.fullmatch(page) or document.source.text[link.start : link.end] != link.url:
        return None
    return Fix((Edit(link.start, link.end, address),), safe=False)


RULE = Rule("link-moved", Category.LINKS, Severity.WARNING, check_online=check, fix=FixKind.UNSAFE)
