"""A link leads to a page, but the page has no place of the name behind the `#`.

The reader lands at the top of the page, and looks for what the card promised. HTML pages are searched for the `id` or
`name`, with and without the `user-content-` that code hosts put before it. Lines of files (`#L10`), routes of scripts
(`#/`) and what is no HTML are not looked at.

It is found out only where the network is asked: `hubkit links`, `hubkit lint --online`.

Bad:

    [set-up](https://docs.example/u2net.html#instal) where the page has no such place

Good:

    [set-up](https://docs.example/u2net.html#install)
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Rule
from hubkit.lint.rules._reach import web_links

if TYPE_CHECKING:
    from hubkit.links.verdict import Verdict


def check(document: Document, verdicts: "Mapping[str, Verdict]") -> Iterator[Finding]:
    for link in web_links(document):
        verdict = verdicts.get(link.page)
        if verdict is not None and verdict.fragments.get(link.fragment) is False:
            message = f"the page is there, but has no place called {shown(link.fragment)}"
            yield Finding(link.start, link.end, message, "Write the name of a heading of that page.")


RULE = Rule("link-fragment", Category.LINKS, Severity.WARNING, check_online=check)
