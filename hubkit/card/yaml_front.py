"""YAML front matter -> values with positions, by libyaml's C parser.

libyaml composes deep nesting recursively and overflows the C stack at some ten thousand levels, so the depth is
checked by events before anything is composed. Anchors, aliases and tags are refused: a few lines of aliases stand for
gigabytes, and none of them has a use in a card.
"""

from __future__ import annotations

import re
from sys import intern

import yaml

from hubkit.card.chinese_keys import CHINESE_KEYS
from hubkit.card.front_matter import Problem
from hubkit.card.text import Source, shown
from hubkit.card.values import Entry, Mapping, Scalar, Sequence, Value
from hubkit.card.yaml_causes import FULL_WIDTH_COLON, LONE_DASH, explain

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # a PyYAML built without libyaml: slower, same answers
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

MAX_DEPTH = 20
MAX_VALUES = 5_000

_OPENING = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_CLOSING = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_LONE_DASH = re.compile(r"(?<=:)([ \t]+)-(?=[ \t]+#|[ \t]*(?:[\r\n]|\Z))")
_MARKER = re.compile(r"([&!])[^\s,\[\]{}]*")
_MARKERS = {
    "&": (
        "anchors and aliases (&name, *name) are not allowed",
        "Write the value out; to begin a text with &, put it between quotes.",
    ),
    "!": (
        "tags (!name) are not allowed",
        "Remove it; to begin a text with !, put it between quotes.",
    ),
}
_STAND_IN = "\ue000"  # a private character, valid in YAML, that stands for a lone dash while the rest is read
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _TooManyValuesError(Exception):
    """The front matter holds more values than any card needs."""


class _Loader(_SafeLoader):
    """Composes nodes without guessing types: the text is kept, so the guess would be thrown away."""

    def resolve(self, kind: type[yaml.Node], value: object, implicit: object) -> str:
        return "tag:yaml.org,2002:str"


def parse_yaml(source: Source, start: int, end: int) -> tuple[Mapping | None, tuple[Problem, ...]]:
    """Parse ``source.text[start:end]``; what cannot be read is None, and its problems say why."""
    text = source.text[start:end]
    node, failure = _compose(text, start)
    problems = [failure] if failure else []
    dashes = 0
    if failure and _STAND_IN not in text:
        # A lone dash as a value is by far the most frequent error. With another character of the same length in its
        # place, the rest of the card is checked in the same run.
        mended, dashes = _LONE_DASH.subn(rf"\1{_STAND_IN}", text)
        if dashes:
            node, second = _compose(mended, start)
            if second is None:
                problems = []  # the conversion finds each dash
            elif second != failure:
                problems.append(second)
    if isinstance(node, yaml.MappingNode):
        converter = _Converter(source, start, end, mended=dashes > 0)
        try:
            front = converter.mapping(node)
        except _TooManyValuesError:
            message = f"the front matter has more than {MAX_VALUES:,} fields and list items"
            return None, (Problem("card-size", start, start, message, "Move long lists into the body or into a file."),)
        problems.extend(converter.problems)
        return front, tuple(sorted(problems, key=lambda problem: problem.start))
    if not problems:
        problems.append(_no_fields(text, start, empty=node is None))
    return None, tuple(problems)


def _compose(text: str, base: int) -> tuple[yaml.Node | None, Problem | None]:
    """The tree of nodes, or why there is none; None and None where the text holds no value."""
    try:
        nested = _nested_too_deep(text, base)
        return (None, nested) if nested else (yaml.compose(text, _Loader), None)
    except (yaml.reader.ReaderError, UnicodeEncodeError):
        wrong = _NOT_YAML.search(text)
        start = base + (wrong.start() if wrong else 0)
        name = f"the character U+{ord(wrong.group()):04X}" if wrong else "a character"
        return None, Problem("front-matter-syntax", start, start + 1, f"{name} is not allowed in YAML", "Remove it.")
    except yaml.MarkedYAMLError as error:
        offset, message, hint = explain(error, text)
        return None, Problem("front-matter-syntax", base + offset, base + offset + 1, message, hint)


def _nested_too_deep(text: str, base: int) -> Problem | None:
    """Raises what the YAML parser raises, but never nests deeper than the limit itself."""
    if sum(map(text.count, ("[", "{", "  ", "- ", "? "))) < MAX_DEPTH:
        return None
    depth = 0
    for event in yaml.parse(text, _Loader):
        if isinstance(event, _OPENING):
            depth += 1
            if depth > MAX_DEPTH:
                mark = event.start_mark
                start = base + (mark.index if mark else 0)
                message = f"the front matter is nested deeper than {MAX_DEPTH} levels"
                return Problem("front-matter-syntax", start, start + 1, message, "Make it flat.")
        elif isinstance(event, _CLOSING):
            depth -= 1
    return None


def _no_fields(text: str, base: int, *, empty: bool) -> Problem:
    if empty:
        return Problem("front-matter-missing", base, base, "the front matter is empty", "Write the card's fields.")
    colon = text.find(FULL_WIDTH_COLON)
    if colon >= 0:
        message = f"the full-width colon {FULL_WIDTH_COLON} does not separate a key from its value in YAML"
        several = text.count(FULL_WIDTH_COLON) > 1
        hint = "Write a colon and a space" + (", here and after every other key." if several else ".")
        english = CHINESE_KEYS.get(text[:colon].rpartition("\n")[2].strip())
        if english:
            hint += f" Keys are English, also in a Chinese card: {english!r} here."
        return Problem("front-matter-syntax", base + colon, base + colon + 1, message, hint)
    start = base + len(text) - len(text.lstrip())
    message = "the front matter is no list of fields"
    return Problem("front-matter-syntax", start, start + 1, message, "Write each field as key: value.")


class _Converter:
    """Turns composed nodes into values, and tells what a card may not use."""

    def __init__(self, source: Source, start: int, end: int, *, mended: bool) -> None:
        self.problems: list[Problem] = []
        """What was found, in the order of the nodes."""
        self._source = source
        self._text = source.text
        self._base = start
        self._mended = mended
        self._values = 0
        self._may_mark = self._text.find("&", start, end) >= 0 or self._text.find("!", start, end) >= 0
        self._may_alias = self._text.find("*", start, end) >= 0 and self._text.find("&", start, end) >= 0
        self._is_ordinary = not (self._may_mark or mended)
        self._seen: set[int] = set()
        self._marked: set[int] = set()

    def mapping(self, node: yaml.MappingNode) -> Mapping:
        base = self._base
        entries: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._report("front-matter-syntax", key_node, "a key must be a text", "Write it as key: value.")
                continue
            key = self._scalar(key_node)
            if key.text == "<<" and key.plain:
                message, hint = "merge keys (<<) are not allowed", "Write the fields out."
                self._report("front-matter-syntax", key_node, message, hint)
                continue
            if key.text in entries:
                before = entries.pop(key.text).key
                line = self._source.span(before.start, before.start).line
                message = f"the key {shown(key.text)} stands already on line {line}"
                self._report("duplicate-key", key_node, message, "Keep one of the two; most readers take the last.")
            entries[key.text] = Entry(key, self._value(value_node))
        return Mapping(entries, base + node.start_mark.index, base + node.end_mark.index)

    def _value(self, node: yaml.Node) -> Value:
        self._values += 1
        if self._values > MAX_VALUES:
            raise _TooManyValuesError
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        start, end = self._base + node.start_mark.index, self._base + node.end_mark.index
        if self._may_alias:
            if id(node) in self._seen:  # an alias: its anchor is reported
                return Scalar("", start, start, plain=True)
            self._seen.add(id(node))
        self._after_markers(start, end)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node)
        return Sequence(tuple([self._value(item) for item in node.value]), start, end)

    def _scalar(self, node: yaml.ScalarNode) -> Scalar:
        start, end = self._base + node.start_mark.index, self._base + node.end_mark.index
        text: str = node.value
        plain = not node.style
        if self._is_ordinary and plain:  # nearly all
            # Most texts stand in many cards: interned, each is kept once, and sent once to another process.
            return Scalar(intern(text), start, end, plain)
        if node.style in ("|", ">"):  # its end is the next field's beginning
            end = start + len(self._text[start:end].rstrip())
        if self._mended and _STAND_IN in text:
            if plain and text == _STAND_IN:
                self._report("front-matter-syntax", node, *LONE_DASH)
            text = text.replace(_STAND_IN, "-")
        if self._may_mark:
            start = self._after_markers(start, end)
        return Scalar(text, start, end, plain)

    def _after_markers(self, start: int, end: int) -> int:
        """Where the value of a node begins. Its text begins with & or ! only where an anchor or a tag stands before."""
        while marker := _MARKER.match(self._text, start, end):
            if start not in self._marked:
                self._marked.add(start)
                message, hint = _MARKERS[marker[1]]
                self.problems.append(Problem("front-matter-syntax", start, marker.end(), message, hint))
            rest = self._text[marker.end() : end]
            start = end - len(rest.lstrip())
        return start

    def _report(self, rule: str, node: yaml.Node, message: str, hint: str) -> None:
        start = self._base + node.start_mark.index
        self.problems.append(Problem(rule, start, max(start + 1, self._base + node.end_mark.index), message, hint))
