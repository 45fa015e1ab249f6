"""Reading gettext catalogues as translators write them: ``.po`` files, UTF-8.

They are read as they are, so that no compiled copy can be out of date. Source: GNU gettext manual, "The Format of PO
Files". What is marked fuzzy or not translated is left out; obsolete messages (``#~``) are comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hubkit.errors import SiteError

CONTEXT_SEPARATOR = "\x04"

_LINE = re.compile(r'(?:(?P<keyword>msgctxt|msgid_plural|msgid|msgstr(?:\[(?P<form>\d)\])?)[ \t]+)?"(?P<text>.*)"')
_ESCAPE = re.compile(r"\\(?P<letter>.)", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}


@dataclass
class _Message:
    fuzzy: bool = False
    fields: dict[str, str] = field(default_factory=dict)


def read_po(text: str, name: str) -> dict[str, tuple[str, ...]]:
    """Message id -> its translation, or all its plural forms; a context stands before the id, set apart by U+0004.

    The header (the message with an empty id) is left out. ``name`` is for messages.

    Raises SiteError where a line is none of a catalogue.
    """
    found: dict[str, tuple[str, ...]] = {}
    for message in _messages(text, name):
        msgid = message.fields.get("msgid", "")
        forms = tuple(value for keyword, value in sorted(message.fields.items()) if keyword.startswith("msgstr"))
        if msgid and forms and all(forms) and not message.fuzzy:
            context = message.fields.get("msgctxt")
            found[msgid if context is None else f"{context}{CONTEXT_SEPARATOR}{msgid}"] = forms
    return found


def _messages(text: str, name: str) -> Iterator[_Message]:
    message, keyword = _Message(), ""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        line = line.strip()
        if line.startswith("#"):
            if "msgstr" in "".join(message.fields):
                yield message
                message, keyword = _Message(), ""
            message.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None or not (match["keyword"] or keyword):
            raise SiteError(
                f"{name}:{number}: no line of a gettext catalogue: {line[:60]!r}",
                hint='Write msgid "…" and msgstr "…", each text in double quotes.',
            )
        if match["keyword"]:
            keyword = match["keyword"]
            if keyword in ("msgctxt", "msgid") and "msgstr" in "".join(message.fields):
                yield message
                message = _Message()
        message.fields[keyword] = message.fields.get(keyword, "") + _unescaped(match["text"])
    yield message


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: _LETTERS.get(match["letter"], match[0]), text) if "\\" in text else text
