"""A version is written so that YAML changes it.

YAML reads the plain text 1.10 as the number 1.1: another version, and nothing tells the reader. Quotes keep it. A plain
2 is a whole number and no version: which one it was before some program wrote 2.0 that way, nobody can tell.

Bad:

    mindspore-version: 1.10

Good:

    mindspore-version: "1.10"
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import yaml

from hubkit.card.parse import Document
from hubkit.lint.diagnostic import Edit, Finding, Fix, Severity
from hubkit.lint.rule import Category, Context, FixKind, Rule

_KEYS = ("model-version", "mindspore-version")
_VERSION = re.compile(r"[0-9]+\.[0-9]+")
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_MAY_BE_NUMBER = re.compile(r"[-+.\d][\w.:+-]{0,40}")


def check(document: Document, _context: Context) -> Iterator[Finding]:
    if document.front is None:
        return
    for key in _KEYS:
        value = document.front.scalar(key)
        if value is None or not value.plain or not _MAY_BE_NUMBER.fullmatch(value.text):
            continue
        if _WHOLE_NUMBER.fullmatch(value.text):
            message = f"YAML reads {key} {value.text} as a whole number, which is no version"
            hint = f'Write major and minor version between quotes, such as "{value.text}.0".'
            yield Finding(value.start, value.end, message, hint)
            continue
        read = _as_yaml_reads(value.text)
        if read == value.text:
            continue
        message = f"YAML reads {key} {value.text} as the number {read}"
        if _VERSION.fullmatch(value.text):
            quoted = f'"{value.text}"'
            fix = Fix((Edit(value.start, value.end, quoted),), safe=True)
            yield Finding(value.start, value.end, message, f"Write {quoted}.", fix)
        else:
            yield Finding(value.start, value.end, message, 'Write a version between quotes, such as "1.10".')


@lru_cache(maxsize=256)
def _as_yaml_reads(text: str) -> str:
    """The number that YAML 1.1 makes of a plain text; the text itself where it makes none."""
    try:
        number = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # ValueError: a day that no month has
        return text
    return repr(number) if isinstance(number, int | float) else text


RULE = Rule("version-changed-by-yaml", Category.VERSIONS, Severity.ERROR, check, fix=FixKind.SAFE)
