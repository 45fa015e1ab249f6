"""
A relative link or image leads to nothing beside the card.

A relative link is looked for from the card's folder. Where no file is there, the reader gets an error page, or the
picture is missing. A link that leaves the hub's folder works on the author's machine only, and one that begins with `/`
leads to a different place on every site. A URL in a second pair of brackets is taken for a path, too. The hub's folder
is the one that holds its settings, hubkit.toml or pyproject.toml.

Bad:

    ![The network](../../imgs/u2net.png) where there is no such file
    [its page](gitee.com/mindspore/models)

Good:

    ![The network](../../images/u2net.png) where the file is there
    [its page](https://gitee.com/mindspore/models)
"""

import os.path
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from hubkit.card.elements import Link
from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule
from hubkit.lint.rules._links import body_links

_NOT_RELATIVE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|#")
_NO_PATH = re.compile(r"[?#]")
_LIKE_A_HOST = re.compile(r"www\.|[\w-]+(?:\.[\w-]+)*\.(?:com|cn|org|net|io|ai|edu)(?:[/?#:]|$)", re.IGNORECASE)
_WRAPPED_URL = re.compile(r"[(\[\"'<\s]+(https?://[^\s()\[\]\"'<>]+)[)\]\"'>\s]+")
_MAX_PATH = 4096


def check(document: Document, context: Context) -> Iterator[Finding]:
    for link in body_links(document):
        if _NOT_RELATIVE.match(link.target):
            continue
        place = (link.start, link.end) if link.end > link.start else (link.whole_start, link.whole_end)
        wrapped = _WRAPPED_URL.fullmatch(link.target)
        if wrapped:
            fix = Fix((Edit(*place, wrapped[1]),), safe=True) if _is_verbatim(link) else None
            yield Finding(*place, "the link's target stands between more than its brackets", f"Write {wrapped[1]}", fix)
        elif problem := _wrong(link.target, context):
            yield Finding(*place, *problem)


def _is_verbatim(link: Link) -> bool:
    """Whether the target stands in the file as it is, without escapes or entities."""
    return link.end - link.start == len(link.target)


def _wrong(target: str, context: Context) -> tuple[str, str] | None:
    """What is wrong with a link that names no scheme, and how to mend it."""
    if not target.strip():
        return "the link leads nowhere: its target is empty", "Write where it leads, or keep the words without a link."
    if target.startswith("//"):
        return "the link has no scheme", f"Write https:{target}."
    if target.startswith("/"):
        hint = "Write https://host/path, or the path from the card's folder."
        return "the link begins with /, which is another place on every site", hint
    path = unquote(_NO_PATH.split(target, maxsplit=1)[0])
    if not path:
        return None  # the card itself, with a query
    if len(path) > _MAX_PATH:
        return f"the relative link has {len(path):,} characters", "Write the path of a file beside the card."
    there = Path(os.path.normpath(context.path.parent / path))
    root = context.config.file.parent if context.config.file else None
    if root is not None and context.path.is_relative_to(root) and not there.is_relative_to(root):
        return f"the relative link {shown(target)} leaves the hub's folder", "Bring the file into the hub's folder."
    if context.exists(there):
        return None
    if _LIKE_A_HOST.match(target):
        return f"there is no file {shown(path)} beside the card", f"Did you mean https://{target}?"
    hint = "Add the file, or write the path of one that is there, from the card's folder."
    return f"there is no file {shown(path)} beside the card", hint


RULE = Rule("relative-link", Category.LINKS, Severity.ERROR, check, fix=FixKind.SAFE)
