"""
A placeholder of a template was never filled in.

`TBD`, `<your name>`, `model name here`, `xxx`, `{{ author }}`, `YYYY-MM-DD` and a digest of zeros look like values to
a machine. In the title and the body, only the words of `schema/vocab/placeholders.json` are looked for, outside of
code.

Bad:

    author: <your name>
    asset-sha256: 0000000000000000000000000000000000000000000000000000000000000000

Good:

    author: MindSpore team
    asset-sha256: c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from hubkit.card.parse import Document
from hubkit.card.text import shown
from hubkit.lint.diagnostic import Finding, Severity
from hubkit.lint.rule import Category, Context, Rule
from hubkit.lint.rules._values import field_types, scalars
from hubkit.lint.vocab import placeholder_words

_SLOT = (
    "(?:model|backbone|network|author|team|publisher|user|data|dataset|repo|repository|asset|summary|licen[cs]e|name"
    "|link|url|path|digest|hash|sha256|version|date|text|description)"
)
_WHOLE = re.compile(
    rf"""
      <[^<>:/]*>                                    # <your name>
    | \{{\{{.*\}}\}} | \$?\{{[\w .-]+\}}            # {{{{ author }}}}, ${{AUTHOR}}
    | (?:to-?do|tb[adc])\b.* | changeme | placeholder | lorem[ ]ipsum.*
    | x{{3,}} | \.{{3,}} | …+ | \?+
    | fill[ ](?:in|me|this|it)\b.* | to[ ]be[ ](?:filled|added|determined|defined)\b.*
    | (?:replace|change)[ ](?:me|this)
    | your[ _-]{_SLOT}(?:[ _-]{_SLOT})?
    | (?:an?[ ]|the[ ])?(?:{_SLOT}[ _-])+here
    | y{{4}}[-/.]?m{{1,2}}[-/.]?d{{1,2}} | 0000-0?0-0?0
    | x\.y(?:\.z)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NO_PLACEHOLDER = re.compile(r"<?https?:|[0-9a-f]{64}\Z")  # as most values that differ from card to card begin
_LONGEST = 80
_EMPTY_FILE = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
_SAMPLE_DIGEST = re.compile(r"(.)\1{7,}|(?:0123456789abcdef){1,4}|(?:deadbeef){1,8}|(?:1234567890){1,6}\d*")
_NAMED = frozenset({"model-name", "backbone-name", "train-dataset", "author", "user-id", "summary", "license"})
_HINT = "Write what belongs there."


def check(document: Document, _context: Context) -> Iterator[Finding]:
    known = field_types()
    if document.front is not None:
        for key, _, value in scalars(document.front):
            if key not in known:
                continue
            found = _in_value(key, value.text)
            if found is None:
                continue
            if found == (0, len(value.text)):
                yield Finding(value.start, value.end, f"{key} is a placeholder: {shown(value.text)}", _hint(key))
            else:
                word = value.text[slice(*found)]
                start = max(document.source.text.find(word, value.start, value.end), value.start)
                end = min(start + len(word), value.end)
                yield Finding(start, end, f"{key} holds a placeholder: {shown(word)}", _hint(key))
    yield from _in_prose(document)


def _hint(key: str) -> str:
    return "Run sha256sum on the file and copy its first column." if key == "asset-sha256" else _HINT


@lru_cache(maxsize=16384)
def _in_value(key: str, text: str) -> tuple[int, int] | None:
    """Where in a value a placeholder stands."""
    stripped = text.strip()
    if key == "asset-sha256" and (_SAMPLE_DIGEST.fullmatch(stripped.lower()) or stripped.lower() == _EMPTY_FILE):
        return 0, len(text)
    if key in _NAMED and re.sub(r"[ _]", "-", stripped.lower()) == key:
        return 0, len(text)
    if len(stripped) <= _LONGEST and not _NO_PLACEHOLDER.match(stripped) and _WHOLE.fullmatch(stripped):
        return 0, len(text)
    if ("<" in text and not text.startswith("<http")) or any(word in text for word in _inside_words()):
        inside = _inside().search(text)
        return inside.span() if inside else None
    return None


@cache
def _inside() -> re.Pattern[str]:
    return re.compile(
        r"<(?:your|the|my|insert)[ _-][^<>:/]*>|(?<![A-Za-z0-9])(?:x{3,}|X{3,})(?![A-Za-z0-9])"
        rf"|@example\.(?:com|org|net)\b|\b(?:{'|'.join(placeholder_words().marks)})\b"
    )


@cache
def _inside_words() -> tuple[str, ...]:
    """Unless one of them or a < stands in a value, there is nothing to search for."""
    return ("xxx", "xxx".upper(), "@example", *placeholder_words().marks)


@cache
def _prose() -> re.Pattern[str]:
    words = placeholder_words()
    phrases = [f"[{phrase[0]}{phrase[0].lower()}]{phrase[1:]}" for phrase in words.phrases]
    return re.compile(rf"(?<![\w`])(?:{'|'.join([*words.marks, *phrases])})(?![\w`])")


@cache
def _prose_words() -> tuple[str, ...]:
    """Unless one of them stands in a card, there is nothing to search for. Phrases that end alike count once."""
    words = placeholder_words()
    return (*words.marks, *{phrase.split(" ", 1)[1] for phrase in words.phrases})


def _in_prose(document: Document) -> Iterator[Finding]:
    """In the title and in the body, outside of code."""
    text = document.source.text
    if not any(word in text for word in _prose_words()):
        return
    apart = [document.front_span] + [
        (fence.start, fence.offset(len(fence.line_starts), len(fence.content)) + 1) for fence in document.body.fences
    ]
    for match in _prose().finditer(text):
        if not any(begin <= match.start() < after for begin, after in apart):
            yield Finding(match.start(), match.end(), f"a placeholder was left: {match[0]}", _HINT)


RULE = Rule("placeholder", Category.FRONT_MATTER, Severity.ERROR, check)
