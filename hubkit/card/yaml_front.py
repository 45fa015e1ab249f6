"""YAML front matter -> values with positions, by libyaml's C parser.

libyaml composes deep nesting recursively and overflows the C stack at some ten thousand levels, so the depth is
checked by events before anything is composed; aliases are refused, as a few lines of them stand for gigabytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from hubkit.card.values import Entry, Mapping, Scalar, Sequence, Value

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # a PyYAML built without libyaml: slower, same answers
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

MAX_DEPTH = 20
FULL_WIDTH_COLON = "\uff1a"

_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_LONE_DASH = re.compile(r"(?<=[:：])([ \t]+)-(?=[ \t]*(?:\r|\n|\Z))")

# What libyaml says, by its beginning -> what to tell an author, and how to mend it.
_CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        "found a tab character",
        "a tab is used for indentation, which YAML forbids",
        "Use spaces.",
    ),
    (
        "found character '\\t'",
        "a tab is used for indentation, which YAML forbids",
        "Use spaces.",
    ),
    (
        "block sequence entries are not allowed",
        "a list item's dash stands where a value is expected",
        'Write the value, or leave it empty; to mean a dash, quote it: "-".',
    ),
    (
        "mapping values are not allowed",
        "a second colon in a value makes YAML read it as another key",
        "Put the whole value between quotes.",
    ),
    (
        "found unexpected end of stream",
        "a quote is opened and never closed",
        "Close the quote.",
    ),
    (
        "found unexpected document indicator",
        "a quote is opened and never closed",
        "Close the quote.",
    ),
    (
        "found character that cannot start any token",
        "the value begins with a character that YAML reserves",
        "Put the value between quotes.",
    ),
    (
        "did not find expected ',' or ']'",
        "a [ is opened and never closed",
        "Close the bracket, or put the value between quotes.",
    ),
    (
        "did not find expected ',' or '}'",
        "a { is opened and never closed",
        "Close the brace, or put the value between quotes.",
    ),
    (
        "could not find expected ':'",
        "a line without a colon stands among the fields",
        "Write it as key: value, or put a text of several lines between quotes.",
    ),
    (
        "did not find expected <document start>",
        "the front matter ends before its last field",
        "Remove the line that ends it.",
    ),
    (
        "found undefined alias",
        "the value begins with *, which YAML reads as an alias",
        "Put the value between quotes.",
    ),
)
_ALIAS_HINT = "Write the value out; to begin a text with & or *, put it between quotes."


class _Loader(_SafeLoader):
    """Composes nodes without guessing types: the text is kept, so the guess would be thrown away."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        return "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a card's form, found while reading it."""

    rule: str
    """The id of the lint rule that reports it."""
    start: int
    """Offset of the first character concerned."""
    end: int
    """Offset after the last one."""
    message: str
    """What is wrong."""
    hint: str
    """How to mend it."""


def parse_front_matter(text: str, base: int) -> tuple[Mapping | None, tuple[Problem, ...]]:
    """Parse ``text``; every offset is counted from ``base``, the place of the text in its file."""
    problems: list[Problem] = []
    nested = _nested_too_deep(text, base)
    if nested:
        return None, (nested,)
    node, failure = _compose(text, base)
    if failure:
        problems.append(failure)
        # A lone dash as a value is by far the most frequent error. Read as an empty value of the same length,
        # it lets the rest of the card be checked in the same run.
        mended = _LONE_DASH.sub(r"\1~", text)
        if mended != text:
            node, second = _compose(mended, base)
            if second is None:
                problems[0] = _lone_dash(text, base)
            elif second != failure:
                problems.append(second)
    if node is None:
        if not failure:
            problems.append(
                Problem("front-matter-missing", base, base, "the front matter is empty", "Write the card's fields.")
            )
        return None, tuple(problems)
    if not isinstance(node, yaml.MappingNode):
        problems.append(_no_mapping(text, base))
        return None, tuple(problems)
    converter = _Converter(text, base, problems)
    front = converter.mapping(node)
    return front, tuple(sorted(problems, key=lambda problem: problem.start))


def _compose(text: str, base: int) -> tuple[yaml.Node | None, Problem | None]:
    try:
        return yaml.compose(text, _Loader), None
    except yaml.reader.ReaderError as error:
        start = base + error.position
        message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
        return None, Problem("front-matter-syntax", start, start + 1, message, "Remove it.")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        start = base + (mark.index if mark else 0)
        reason = error.problem or "the front matter is not valid YAML"
        for beginning, cause, hint in _CAUSES:
            if reason.startswith(beginning):
                return None, Problem("front-matter-syntax", start, start + 1, cause, hint)
        return None, Problem("front-matter-syntax", start, start + 1, reason, "Check the quotes and the indentation.")


def _nested_too_deep(text: str, base: int) -> Problem | None:
    brackets = text.count("[") + text.count("{")
    if brackets + text.count("  ") + text.count("- ") + text.count("? ") < MAX_DEPTH:
        return None
    depth = 0
    try:
        for event in yaml.parse(text, _Loader):
            if isinstance(event, _OPENING):
                depth += 1
                if depth > MAX_DEPTH:
                    start = base + event.start_mark.index
                    message = f"the front matter is nested deeper than {MAX_DEPTH} levels"
                    return Problem("front-matter-syntax", start, start + 1, message, "Make it flat.")
            elif isinstance(event, _CLOSING):
                depth -= 1
    except yaml.YAMLError:
        return None  # composing reports it
    return None


def _lone_dash(text: str, base: int) -> Problem:
    match = _LONE_DASH.search(text)
    if match is None:
        raise AssertionError("called only where a lone dash was replaced")
    start = base + match.end() - 1
    return Problem(
        "front-matter-syntax",
        start,
        start + 1,
        "a lone dash as a value is not valid YAML",
        'Leave the value empty if there is none; to mean a dash, quote it: "-".',
    )


def _no_mapping(text: str, base: int) -> Problem:
    colon = text.find(FULL_WIDTH_COLON)
    if colon >= 0:
        count = text.count(FULL_WIDTH_COLON)
        message = f"the full-width colon {FULL_WIDTH_COLON} does not separate a key from its value in YAML"
        hint = f"Write a colon and a space, here and at the other {count - 1} places." if count > 1 else ""
        hint = hint or "Write a colon and a space."
        return Problem("front-matter-syntax", base + colon, base + colon + 1, message, hint)
    start = base + len(text) - len(text.lstrip())
    message = "the front matter is no list of fields"
    return Problem("front-matter-syntax", start, start, message, "Write each field as key: value.")


class _Converter:
    """Turns composed nodes into values, and tells what a card may not use."""

    def __init__(self, text: str, base: int, problems: list[Problem]) -> None:
        self._text = text
        self._base = base
        self._problems = problems
        self._may_alias = "*" in text and "&" in text
        self._seen: set[int] = set()

    def mapping(self, node: yaml.MappingNode) -> Mapping:
        base = self._base
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._report("front-matter-syntax", key_node, "a key must be a text", "Write it as key: value.")
                continue
            key = self._scalar(key_node)
            if key.text == "<<":
                self._report("front-matter-syntax", key_node, "merge keys (<<) are not allowed", "Write the fields out.")
                continue
            if key.text in entries:
                first = entries.pop(key.text)
                line = self._text.count("\n", 0, first.key.start - base) + 1
                message = f"the key {key.text!r} stands twice (first on line {line} of the front matter)"
                self._report("duplicate-key", key_node, message, "Keep one of them; readers take the last.")
            entries[key.text] = Entry(key, self._value(value_node))
        return Mapping(entries, base + node.start_mark.index, base + node.end_mark.index)

    def _value(self, node: yaml.Node) -> Value:
        scalar = isinstance(node, yaml.ScalarNode)
        if scalar and not self._may_alias:
            return self._scalar(node)
        if id(node) in self._seen:
            self._report("front-matter-syntax", node, "aliases (&name, *name) are not allowed", _ALIAS_HINT)
            return Scalar("", self._base + node.start_mark.index, self._base + node.start_mark.index, True)
        self._seen.add(id(node))
        if scalar:
            return self._scalar(node)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        items = tuple([self._value(item) for item in node.value])
        return Sequence(items, self._base + node.start_mark.index, self._base + node.end_mark.index)

    def _scalar(self, node: yaml.ScalarNode) -> Scalar:
        base = self._base
        start = node.start_mark.index
        end = node.end_mark.index
        text: str = node.value
        plain = node.style is None or node.style == ""
        if plain and text == "~" and self._text[start:end] == "-":
            text = "-"
        return Scalar(text, base + start, base + end, plain)

    def _report(self, rule: str, node: yaml.Node, message: str, hint: str) -> None:
        start = self._base + node.start_mark.index
        problem = Problem(rule, start, max(start + 1, self._base + node.end_mark.index), message, hint)
        if problem not in self._problems:
            self._problems.append(problem)
