"""A link in the front matter stands between angle brackets.

`<https://...>` is Markdown. YAML takes the brackets as part of the value, so every reader has to know that they must
be taken off. hubkit does; others do not.

Bad:

    repo-link: <https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net>

Good:

    repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net
"""

import re
from collections.abc import Iterator

from hubkit.card.model import bare_link
from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.lint.rules._links import front_links

# URLs that are the same with and without quotes, in any place of a YAML text.
_PLAIN = re.compile(r"https?://[^\s<>,\[\]{}\"'\\]*[^\s<>,\[\]{}\"'\\:]")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    for key, value in front_links(document):
        bare = bare_link(value.text)
        if bare != value.text.strip():
            fix = Fix((Edit(value.start, value.end, bare),), safe=True) if _PLAIN.fullmatch(bare) else None
            message = f"{key} stands between angle brackets, which YAML takes as part of the value"
            yield Finding(value.start, value.end, message, f"Write {bare}", fix)


RULE = Rule(
    "link-brackets", Category.LINKS, Severity.WARNING, check, fix=FixKind.SAFE, yields_to=frozenset({"placeholder"})
)
