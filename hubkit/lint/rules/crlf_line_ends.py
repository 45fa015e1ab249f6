r"""Every line of the card ends with CRLF.

Cards are shared through git, and there lines end with LF. A card that was committed with CRLF is shown as changed from
end to end as soon as an editor saves it with LF. Where git turns line ends round on this machine alone
(`core.autocrlf`), there is nothing to do: turn the rule off. The fix is unsafe, as it touches every line.

Bad: a card saved on Windows and committed as it was.

Good: the same card with LF after every line.
"""

from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule


def check(document: Document, _context: Context) -> Iterator[Finding]:
    text = document.source.text
    first = text.find("\r\n")
    if first < 0 or not text.count("\r\n") == text.count("\n") == text.count("\r"):
        return
    edits, position = [], first
    while position >= 0:
        edits.append(Edit(position, position + 2, "\n"))
        position = text.find("\r\n", position + 2)
    fix = Fix(tuple(edits), safe=False)
    yield Finding(first, first + 2, "the card's lines end with CRLF", "End every line with LF.", fix)


RULE = Rule("crlf-line-ends", Category.FILE, Severity.INFO, check, fix=FixKind.UNSAFE)
