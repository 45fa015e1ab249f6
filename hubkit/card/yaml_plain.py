"""Front matter in the plainest form, as nearly all cards have it, read without a YAML parser.

That is a line ``key: value`` for each field, in which a key may have, in place of a value, a list of such fields, each
of its items behind a ``-`` at the beginning of a line. Keys and values are of letters that mean nothing else in YAML.
What is read is what libyaml makes of it, places included; any other text is left to libyaml.
"""

from __future__ import annotations

import re
from sys import intern

from hubkit.card.values import Entry, Mapping, Scalar, Sequence

# Classes of letters far from ASCII take milliseconds to compile, so the alphabet is asked for once, before the form.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_ALPHABET = r"[\n -~\u4e00-\u9fff\uff01-\uff5e]*+"
_KEY = r"[A-Za-z][A-Za-z0-9_-]{0,60}+"
# Within a value a colon before a space would end a key, and a # after one begin a comment.
_VALUE = r"(?:[A-Za-z0-9<(/._]|[^\x00-\x7f\uff01-\uff5e])(?>(?:[^\n :]++|:(?=[^\n :])| (?=[^\n :])(?!\#))*)"
_FIRST = r"-(?: ++|\n++ ++)"
_FIELD = re.compile(
    rf"\n*+(?P<key>{_KEY}):(?: (?P<value>{_VALUE})\n|"
    rf"\n++(?P<items>(?>(?:{_FIRST}{_KEY}: {_VALUE}\n++(?>(?: ++{_KEY}: {_VALUE}\n++)*))+)))"
)
_LINE = re.compile(rf"(?>(?P<first>{_FIRST})?)(?P<indent> *+)(?P<key>{_KEY}): (?P<value>{_VALUE})\n++")
_MOST_LINES = 1000


def parse_plain(text: str, base: int) -> Mapping | None:
    """The fields of a front matter whose text begins at ``base`` of the file; None where it is not so plain."""
    if text.count("\n") > _MOST_LINES or not _is_plain(text):
        return None
    entries: dict[str, Entry] = {}
    position = 0
    while match := _FIELD.match(text, position):
        position = match.end()
        name, value, items = match.groups()
        if name in entries:
            return None
        key = _scalar(name, base + match.start("key"))
        if items is None:
            entries[name] = Entry(key, _scalar(value, base + match.start("value")))
            continue
        found = _items(text, *match.span("items"), base)
        if found is None:
            return None
        entries[name] = Entry(key, found)
    if not entries or text[position:].strip("\n"):
        return None
    return _mapping(entries, base + len(text))


def _is_plain(text: str) -> bool:
    """Whether all of it is ASCII that can be seen, Chinese, or a full-width form."""
    return not _CONTROL.search(text) if text.isascii() else re.fullmatch(_ALPHABET, text) is not None


def _items(text: str, start: int, end: int, base: int) -> Sequence | None:
    """The list between ``start`` and ``end``; None where its fields are not one below the other."""
    items: list[Mapping] = []
    entries: dict[str, Entry] = {}
    column = 0
    for match in _LINE.finditer(text, start, end):
        first, indent, name, value = match.groups()
        at = match.start("key")
        if first:
            if entries:
                items.append(_mapping(entries, base + match.start()))
            entries = {}
            column = at - text.rfind("\n", 0, at)
        elif column != len(indent) + 1:
            return None
        if name in entries:
            return None
        entries[name] = Entry(_scalar(name, base + at), _scalar(value, base + match.start("value")))
    return Sequence((*items, _mapping(entries, base + end)), base + start, base + end)


def _mapping(entries: dict[str, Entry], end: int) -> Mapping:
    return Mapping(entries, next(iter(entries.values())).key.start, end)


def _scalar(text: str, start: int) -> Scalar:
    # Most texts stand in many cards: interned, each is kept once, and sent once to another process.
    return Scalar(intern(text), start, start + len(text), True)
