"""
The snippet that shows how to use the model loads another card.

Readers copy the snippet and run it. When a card is copied for the next version or renamed, the address in its snippet
is easily left behind: readers then get another model, or none. An address is a text such as
`"mindspore/1.9/u2net_dutstr"` in a block of code. A card that loads itself may load others too, and a translation
(`*_cn.md`) may load its original. The fix is unsafe: it changes code.

Bad:

    model = "mindspore/1.8/u2net_dutstr"     in mindspore/1.9/u2net_dutstr.md

Good:

    model = "mindspore/1.9/u2net_dutstr"
"""

import re
from collections.abc import Iterator

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

_UID = re.compile(r"""(?P<quote>["'])(?P<uid>(?:[\w.+-]+/){1,8}\d+\.\d+(?:\.\d+)*/[\w.+-]+)(?P=quote)""")
_VERSION = re.compile(r"\d+\.\d+(?:\.\d+)*")


def check(document: Document, context: Context) -> Iterator[Finding]:
    if ".load(" not in document.source.text:
        return
    own = [*context.path.parts[:-1], context.path.parts[-1].removesuffix(".md")]
    if len(own) < 2 or not _VERSION.fullmatch(own[-2]):
        return
    usual = "/".join(own[-3:])
    if any(f'"{usual}"' in fence.content for fence in document.body.fences if ".load(" in fence.content):
        return  # nearly all
    original = [*own[:-1], own[-1].removesuffix("_cn")]
    others: list[tuple[int, str, str]] = []
    for fence in document.body.fences:
        for match in _UID.finditer(fence.content) if ".load(" in fence.content else ():
            parts = match["uid"].split("/")
            if parts in (own[-len(parts) :], original[-len(parts) :]):
                return
            line = fence.content.count("\n", 0, match.start("uid")) + 1
            column = match.start("uid") - fence.content.rfind("\n", 0, match.start("uid"))
            others.append((fence.offset(line, column), match["uid"], "/".join(own[-len(parts) :])))
    for start, uid, meant in others:
        place = (start, start + len(uid))
        fix = Fix((Edit(*place, meant),), safe=False)
        yield Finding(*place, f"the snippet loads {shown(uid)}, which is not this card", f"Write {meant}.", fix)


RULE = Rule("snippet-uid", Category.BODY, Severity.WARNING, check, fix=FixKind.UNSAFE)
