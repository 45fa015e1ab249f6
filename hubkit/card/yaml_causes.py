"""Why front matter is not valid YAML: the parser's reason, told as an author would look for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

LONE_DASH = (
    "a lone dash as a value is not valid YAML",
    'Leave the value empty if there is none; to mean a dash, quote it: "-".',
)
"""Message and hint for ``evaluation: -``."""

FULL_WIDTH_COLON = "\uff1a"
_QUOTE_VALUE = "Put the whole value between quotes."


@dataclass(frozen=True, slots=True)
class _Cause:
    reason: str
    """How the parser's reason begins."""
    message: str
    """What to tell the author."""
    hint: str
    """How to mend it."""
    line: re.Pattern[str] | None = None
    """What the line concerned looks like, where one reason has several causes."""
    at_opening: bool = False
    """Whether the place to show is where the parser began (an opening quote), not where it gave up."""


# The first row that fits counts.
_CAUSES: tuple[_Cause, ...] = (
    _Cause("block sequence entries are not allowed", *LONE_DASH, line=re.compile(r":[ \t]+-[ \t]*(?:#|$)")),
    _Cause(
        "block sequence entries are not allowed",
        "a list item's dash stands where a value is expected",
        "Begin the list on a line of its own, or put the value between quotes.",
    ),
    _Cause(
        "found a tab character",
        "a tab is used for indentation, which YAML forbids",
        "Use spaces.",
    ),
    _Cause(
        "found character",
        "a tab is used for indentation, which YAML forbids",
        "Use spaces.",
        line=re.compile(r"^[^:#]*:?[ ]*\t"),
    ),
    _Cause(
        "found character",
        "the value begins with a character that YAML reserves",
        _QUOTE_VALUE,
    ),
    _Cause(
        "did not find expected node content",
        "the value begins with a character that YAML reserves",
        _QUOTE_VALUE,
    ),
    _Cause(
        "mapping values are not allowed",
        "a second colon in a value makes YAML read it as another key",
        _QUOTE_VALUE,
        line=re.compile(r":[ \t].*:(?:[ \t]|$)"),
    ),
    _Cause(
        "mapping values are not allowed",
        "YAML reads this line as a part of the value above it",
        "Begin every field in the same column, and write a space after the colon of the line above.",
    ),
    _Cause(
        "could not find expected ':'",
        f"the full-width colon {FULL_WIDTH_COLON} does not separate a key from its value in YAML",
        "Write a colon and a space.",
        line=re.compile(FULL_WIDTH_COLON),
        at_opening=True,
    ),
    _Cause(
        "could not find expected ':'",
        "no space stands after the colon, so YAML sees no key here",
        "Write it as key: value.",
        line=re.compile(r"^[^\s:]+:\S"),
        at_opening=True,
    ),
    _Cause(
        "could not find expected ':'",
        "a line without a colon stands among the fields",
        "Write it as key: value, or put a text of several lines between quotes.",
        at_opening=True,
    ),
    _Cause(
        "found unexpected end of stream",
        "a quote is opened and never closed",
        "Close the quote.",
        at_opening=True,
    ),
    _Cause(
        "found unexpected document indicator",
        "a quote is opened and never closed",
        "Close the quote.",
        at_opening=True,
    ),
    _Cause(
        "found unknown escape character",
        "a backslash between double quotes begins an escape that YAML does not know",
        "Write \\\\ for a backslash, or use single quotes.",
    ),
    _Cause(
        "did not find expected ',' or ']'",
        "a [ is opened and never closed",
        "Close the bracket, or put the value between quotes.",
        at_opening=True,
    ),
    _Cause(
        "did not find expected ',' or '}'",
        "a { is opened and never closed",
        "Close the brace, or put the value between quotes.",
        at_opening=True,
    ),
    _Cause(
        "did not find expected key",
        "this is neither a field nor a part of the value before it",
        "If a quote or a bracket closes too early, put the whole value between quotes; else check the indentation.",
    ),
    _Cause(
        "did not find expected '-' indicator",
        "a line that is no item stands in a list",
        "Begin it with a dash, or indent it.",
    ),
    _Cause(
        "did not find expected comment or line break",
        "text stands after the | or > that begins a text of several lines",
        "Begin the text on the next line, or put it between quotes.",
    ),
    _Cause(
        "found undefined alias",
        "the value begins with *, which YAML reads as an alias",
        _QUOTE_VALUE,
    ),
    _Cause(
        "did not find expected alphabetic or numeric character",
        "the value begins with * or &, which YAML reads as an alias or an anchor",
        _QUOTE_VALUE,
    ),
    _Cause(
        "second occurrence",
        "anchors and aliases (&name, *name) are not allowed",
        "Write the value out; to begin a text with &, put it between quotes.",
    ),
    _Cause(
        "but found another document",
        "a line that begins with --- starts a second document",
        "Remove it: the front matter ends with a line of --- alone.",
    ),
    _Cause(
        "did not find expected <document start>",
        "this line begins in another column than the first field, or a line of ... ends the front matter before it",
        "Begin every field in the same column, and remove a line of dots.",
    ),
    _Cause(
        "found unknown directive",
        "the line begins with %, which YAML reads as a directive",
        "Remove it.",
        at_opening=True,
    ),
)


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    """(offset in ``text``, what is wrong, how to mend it) of an error that the YAML parser raised on ``text``."""
    reason = error.problem or "the front matter is not valid YAML"
    for cause in _CAUSES:
        if not reason.startswith(cause.reason):
            continue
        offset = _offset(error, opening=cause.at_opening)
        if cause.line is None or cause.line.search(_line_at(text, offset)):
            return offset, cause.message, cause.hint
    return _offset(error, opening=False), reason, "Check the quotes and the indentation."


def _offset(error: yaml.MarkedYAMLError, *, opening: bool) -> int:
    marks = (error.context_mark, error.problem_mark) if opening else (error.problem_mark, error.context_mark)
    return next((mark.index for mark in marks if mark is not None), 0)


def _line_at(text: str, offset: int) -> str:
    """The line in which ``offset`` lies, without its line end."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    ends = [end for end in (text.find("\n", offset), text.find("\r", offset)) if end >= 0]
    return text[start : min(ends, default=len(text))]
