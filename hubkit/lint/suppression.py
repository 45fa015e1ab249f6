"""Suppressions in cards: `<!-- hubkit: ignore rule-id -->` in Markdown, `# hubkit: ignore rule-id` in front matter.

On a line with other text a suppression is for that line. On a line of its own it is for what follows: in front matter
the next line that holds something, in the body the next block (up to an empty line, or to the end of fenced code).
`ignore-file` in the place of `ignore` is for the whole card. Several ids are separated by commas.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from hubkit.card.parse import Document
from hubkit.card.text import Source
from hubkit.card.values import Mapping, Scalar, Value
from hubkit.card.values import Sequence as ValueSequence
from hubkit.lint.diagnostic import Diagnostic, Edit, Finding, Fix
from hubkit.lint.rule import nearest_rule

MARK = "hubkit:"

# Both are bounded, and so are the lines that are searched for quotes: a card is text from anyone.
_HTML_COMMENT = re.compile(r"<!--[ \t]{0,9}hubkit:(?P<words>[^\r\n]{0,400}?)-->")
_YAML_COMMENT = re.compile(r"(?<!\S)#[ \t]*hubkit:(?P<words>[^\r\n]*)")
MAX_COMMENTS = 500
_MAX_LINE = 2000

_WORD = re.compile(r"[^\s,]+")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_FENCE = re.compile(r"[ \t]*(?P<mark>`{3,}|~{3,})")
_QUOTED = re.compile(r"""(?<![^\s\[{,:-])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_INSTRUCTIONS = ("ignore", "ignore-file")


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment that speaks to hubkit."""

    start: int
    """Offset of its first character."""
    end: int
    """Offset after its last one."""
    words: tuple[tuple[str, int], ...]
    """Its words after the mark, each with its offset; the first is the instruction."""
    lines: range
    """The lines, from 1, that it is for unless it is for the whole card."""
    removal: Edit | None
    """The edit that takes it out; None where that could change what the card shows."""


def apply(
    document: Document,
    diagnostics: Sequence[Diagnostic],
    known_rules: Collection[str],
    ran: Collection[str] | None = None,
) -> tuple[list[Diagnostic], list[Finding]]:
    """The findings that the card does not suppress, and a finding for each suppression that hides none.

    ``known_rules`` are the ids of all rules. A suppression of a rule that is not among those that ``ran`` may well be
    needed; it is left alone. Without ``ran``, all rules ran.
    """
    if MARK not in document.source.text:
        return list(diagnostics), []
    ran = known_rules if ran is None else ran
    hidden: set[int] = set()
    unused: list[Finding] = []
    for comment in _comments(document):
        instruction, rules = _parts(comment)
        hiding = {
            index: item.rule
            for index, item in enumerate(diagnostics if instruction in _INSTRUCTIONS else ())
            if item.rule in rules and (instruction == "ignore-file" or item.line in comment.lines)
        }
        hidden.update(hiding)
        unused += _findings(comment, frozenset(hiding.values()), known_rules, ran)
    return [item for index, item in enumerate(diagnostics) if index not in hidden], unused


def _parts(comment: _Comment) -> tuple[str, frozenset[str]]:
    words = [word for word, _ in comment.words]
    return (words[0], frozenset(words[1:])) if words else ("", frozenset())


def _findings(
    comment: _Comment, hiding: Collection[str], known_rules: Collection[str], ran: Collection[str]
) -> Iterator[Finding]:
    instruction, _ = _parts(comment)
    if instruction not in _INSTRUCTIONS:
        word, offset = comment.words[0] if comment.words else ("", comment.start)
        near = difflib.get_close_matches(word, _INSTRUCTIONS, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "Write ignore or ignore-file, and then the ids of rules."
        message = f"{MARK} is followed by {word!r}, which is no instruction" if word else f"nothing follows {MARK}"
        yield Finding(offset, offset + len(word) if word else comment.end, message, hint)
        return
    rules = comment.words[1:]
    if not rules:
        hint = "Name the rules, such as: hubkit: ignore link-host"
        yield Finding(comment.start, comment.end, f"{instruction} names no rule", hint, _without(comment, ()))
        return
    unknown = [word for word in rules if word[0] not in known_rules]
    useless = [word for word in rules if word[0] in ran and word[0] not in hiding and word not in unknown]
    for rule, offset in useless:
        fix = _without(comment, [word for word in rules if word not in useless])
        yield Finding(offset, offset + len(rule), f"nothing is left to suppress for {rule}", "Remove it.", fix)
    for rule, offset in unknown:
        meant = nearest_rule(rule, sorted(known_rules))
        hint = f"Did you mean {meant!r}?" if meant else "`hubkit rules` lists the rules."
        yield Finding(offset, offset + len(rule), f"there is no rule {rule!r} to suppress", hint)


def _without(comment: _Comment, left: Iterable[tuple[str, int]]) -> Fix | None:
    """The fix that leaves the comment with the rules ``left``; without any, it goes."""
    names = ", ".join(rule for rule, _ in left)
    if names:
        first, (last, offset) = comment.words[1][1], comment.words[-1]
        return Fix((Edit(first, offset + len(last), names),), safe=True)
    return Fix((comment.removal,), safe=True) if comment.removal else None


def _comments(document: Document) -> Iterator[_Comment]:
    """The comments that speak to hubkit, in front matter and then in Markdown; of each, MAX_COMMENTS at the most."""
    text, source = document.source.text, document.source
    start, end = document.front_span
    if MARK in text[start:end]:
        values = sorted(_scalars(document.front)) if document.front else None
        fields = _next_fields(document)
        for match in islice(_YAML_COMMENT.finditer(text, start, end), MAX_COMMENTS):
            if not _in_value(match.start(), values, source):
                line = source.span(match.start(), match.start()).line
                yield _comment(source, match, fields[line], in_body=False)
    code = _code_lines(document)
    places = [
        (match, line)
        for match in islice(_HTML_COMMENT.finditer(text), MAX_COMMENTS)
        if not start <= match.start() < end
        and (line := source.span(match.start(), match.start()).line) not in code
        and not _among(_CODE_SPAN, match.start(), source)
    ]
    blocks: dict[int, range] = {}
    for _, line in reversed(places):
        blocks[line] = _next_block(source, line, blocks)
    for match, line in places:
        yield _comment(source, match, blocks[line], in_body=True)


def _comment(source: Source, match: re.Match[str], following: range, *, in_body: bool) -> _Comment:
    number = source.span(match.start(), match.start()).line
    line, begin = source.line(number), source.line_start(number)
    before, after = line[: match.start() - begin], line[match.end() - begin :]
    alone = not before.strip() and not after.strip()
    words = tuple((word.group(), match.start("words") + word.start()) for word in _WORD.finditer(match["words"]))
    removal: Edit | None
    if alone:
        # A comment between two lines of text parts them: without it they would be one paragraph.
        parts = in_body and bool(_line(source, number - 1) and _line(source, number + 1))
        removal = None if parts else Edit(begin, source.line_start(number + 1), "")
    elif in_body and not before.strip():
        removal = None  # what stands behind the comment is raw HTML because of it
    else:
        removal = Edit(begin + len(before.rstrip()), match.end(), "")
    return _Comment(match.start(), match.end(), words, following if alone else range(number, number + 1), removal)


def _line(source: Source, number: int) -> str:
    """Line ``number`` without spaces around it; empty where there is no such line."""
    return source.line(number).strip() if 1 <= number <= _last_line(source) else ""


def _last_line(source: Source) -> int:
    return source.span(len(source.text), len(source.text)).line


def _next_block(source: Source, number: int, below: dict[int, range]) -> range:
    """The lines of the block after line ``number``; other comments, whose blocks are ``below``, are passed over."""
    last = _last_line(source)
    first = number + 1
    while first <= last and not _line(source, first):
        first += 1
    if first in below and _HTML_COMMENT.fullmatch(_line(source, first)):
        return below[first]
    fence = _FENCE.match(source.line(first)) if first <= last else None
    after = first + 1
    while after <= last:
        line = _line(source, after)
        after += 1
        if fence and line.startswith(fence["mark"]) and not line.strip(fence["mark"][0]):
            break
        if not fence and not line:
            break
    return range(first, after)


def _next_fields(document: Document) -> dict[int, range]:
    """Line of the front matter -> the next line below it that is neither empty nor a comment."""
    source = document.source
    first, after = (source.span(offset, offset).line for offset in document.front_span)
    below: dict[int, range] = {}
    following = range(after, after)
    for number in range(after - 1, first - 1, -1):
        below[number] = following
        line = _line(source, number)
        if line and not line.startswith("#"):
            following = range(number, number + 1)
    return below


def _code_lines(document: Document) -> frozenset[int]:
    """The lines of the body that are code, fenced or indented."""
    body = document.body
    if MARK not in body.text or body.problems:
        return frozenset()
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    first = document.source.span(body.start, body.start).line
    return frozenset(
        first + line
        for token in parser.parse(body.text)
        if token.type in ("fence", "code_block") and token.map
        for line in range(*token.map)
    )


def _in_value(offset: int, values: Sequence[tuple[int, int]] | None, source: Source) -> bool:
    """Whether a # belongs to a quoted or folded value. Where YAML could not be read, quotes on its line tell."""
    if values is None:
        return _among(_QUOTED, offset, source)
    index = bisect_right(values, (offset, len(source.text))) - 1
    if index < 0 or offset >= values[index][1]:
        return False
    start = values[index][0]
    # Behind the | or > that opens a block of text, on the same line, a comment may stand.
    return source.text[start] not in "|>" or source.span(start, start).line != source.span(offset, offset).line


def _among(pattern: re.Pattern[str], offset: int, source: Source) -> bool:
    """Whether ``offset`` lies inside a match of ``pattern`` on its line."""
    place = source.span(offset, offset)
    line = source.line(place.line)
    if len(line) > _MAX_LINE:
        return False
    return any(found.start() < place.column - 1 < found.end() for found in pattern.finditer(line))


def _scalars(value: Value) -> Iterator[tuple[int, int]]:
    """The places of all scalars below ``value``."""
    if isinstance(value, Scalar):
        yield value.start, value.end
    elif isinstance(value, Mapping):
        for entry in value.entries.values():
            yield from _scalars(entry.value)
    elif isinstance(value, ValueSequence):
        for item in value.items:
            yield from _scalars(item)
