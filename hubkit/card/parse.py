"""Reading a card: bytes -> text -> front matter with positions. Bad input never raises; it becomes problems.

A card is Markdown with YAML front matter between two ``---`` lines. A ``# title`` may stand before the first one, as
in most published cards. Sources: YAML 1.1 as libyaml reads it, CommonMark for the body.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from hubkit.card.body import Body
from hubkit.card.front_matter import Problem, parse_front_matter
from hubkit.card.text import Source
from hubkit.card.values import Mapping

MAX_CARD_BYTES = 1024 * 1024
MAX_FRONT_MATTER_CHARACTERS = 64 * 1024

_FENCE = re.compile(r"---(?<![^\r\n]---)[ \t]*(?![^\r\n])")
_BEFORE_FENCE = re.compile(r"(?>(?:(?:[ \t]*|#[^\r\n]*|<!--[^\r\n]*-->[ \t]*)(?:\r\n?|\n))*)")
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class Document:
    """A parsed card file: everything that the linter looks at."""

    path: str
    """The path as the user named it."""
    source: Source
    """The text with its positions; a byte order mark is taken off."""
    front: Mapping | None
    """The front matter; None where there is none that could be read."""
    front_span: tuple[int, int]
    """Offsets of the front matter's text, between its two fences; (0, 0) where there is none."""
    body: Body
    """The Markdown after the front matter."""
    problems: tuple[Problem, ...] = field(default=())
    """What was wrong with the file's form, in the file's order."""
    byte_order_mark: bool = False
    """Whether the file began with one, which is taken off."""


def parse_file(path: Path, *, shown_as: str | None = None) -> Document:
    """Read and parse the card at ``path``.

    A file that cannot be opened raises OSError; whatever its content is, the answer is a Document.
    """
    name = shown_as or str(path)
    with path.open("rb", buffering=0) as stream:  # a buffer for each of thousands of cards takes a while
        size = os.fstat(stream.fileno()).st_size
        content = stream.read(min(size, MAX_CARD_BYTES) + 1)
        while len(content) not in (size, MAX_CARD_BYTES + 1):  # it is no plain file, or is being written
            more = stream.read(MAX_CARD_BYTES + 1 - len(content))
            if not more:
                break
            content += more
    return parse_bytes(content, name, size=size)


def read_document(path: Path) -> Document:
    """The same, but a file that cannot be opened is a Document too, whose problem says why."""
    try:
        return parse_file(path)
    except OSError as error:
        return _empty(str(path), _unreadable(path, error))


def _unreadable(path: Path, error: OSError) -> Problem:
    if path.is_symlink() and not os.path.exists(path):  # noqa: PTH110 (never raises, as for a link to itself)
        message, hint = "it is a symbolic link that leads nowhere", "Make it lead to a card, or remove it."
    elif os.path.isdir(path):  # noqa: PTH112 (the same)
        message = f"the folder cannot be read, nor the cards in it: {error.strerror or error}"
        hint = "Check who may read it (ls -ld), or leave it out."
    else:
        message, hint = (
            f"it cannot be read: {error.strerror or error}",
            "Check who may read it (ls -l), or leave it out.",
        )
    return Problem("card-unreadable", 0, 0, message, hint)


def parse_bytes(content: bytes, path: str, *, size: int | None = None) -> Document:
    """Parse a card's bytes; ``path`` is only used in messages, ``size`` is the file's if ``content`` is cut."""
    if len(content) > MAX_CARD_BYTES:
        problem = Problem(
            "card-size",
            0,
            0,
            f"the card has {max(size or 0, len(content)):,} bytes; it may have {MAX_CARD_BYTES:,} (1 MiB)",
            "Keep prose in the card and move data, images and logs into files of their own.",
        )
        return _empty(path, problem)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        readable = content[: error.start].decode("utf-8")
        return _empty(
            path,
            Problem(
                "text-encoding",
                len(readable),
                len(readable),
                f"byte {error.start} (0x{content[error.start]:02x}) is not valid UTF-8",
                "Save the file as UTF-8.",
            ),
            text=readable,
        )
    document = parse_text(text.removeprefix("\ufeff"), path)
    return replace(document, byte_order_mark=True) if text.startswith("\ufeff") else document


def parse_text(text: str, path: str) -> Document:
    """Parse a card's text; ``path`` is only used in messages."""
    source = Source(text)
    start, end, body_start, problem = _find_front_matter(text)
    if problem is None and end - start > MAX_FRONT_MATTER_CHARACTERS:
        message = f"the front matter has {end - start:,} characters; it may have {MAX_FRONT_MATTER_CHARACTERS:,}"
        problem = Problem("card-size", start, start, message, "Move long texts into the body.")
    front, problems = (None, (problem,)) if problem else parse_front_matter(source, start, end)
    body = Body(source, body_start)
    return Document(path, source, front, (start, end), body, (*problems, *body.problems))


def _find_front_matter(text: str) -> tuple[int, int, int, Problem | None]:
    """Offsets of the front matter's start and end and of the body's start, or what is wrong."""
    if not text.strip():
        hint = "Write the front matter between two lines of ---, then the body."
        return 0, 0, 0, Problem("front-matter-missing", 0, 0, "the file is empty", hint)
    before = _BEFORE_FENCE.match(text)
    opening = _FENCE.match(text, before.end() if before else 0)
    if opening is None:
        hint = "Begin the card with a line of ---, then the fields, then another --- (a # title may stand before)."
        return 0, 0, 0, Problem("front-matter-missing", 0, 0, "the card has no front matter", hint)
    start = _after_line(text, opening.end())
    if text.startswith("\ufeff", start):  # a byte order mark left by joining files; YAML does not count it
        start += 1
    closing = _FENCE.search(text, start)
    if closing is None:
        message = "the front matter has no end: its second --- line is missing"
        hint = "Write a line of --- after the last field."
        return 0, 0, len(text), Problem("front-matter-missing", opening.start(), opening.end(), message, hint)
    return start, closing.start(), _after_line(text, closing.end()), None


def _after_line(text: str, offset: int) -> int:
    match = _LINE_END.match(text, offset)
    return match.end() if match else offset


def _empty(path: str, problem: Problem, text: str = "") -> Document:
    source = Source(text)
    return Document(path, source, None, (0, 0), Body(source, len(text)), (problem,))
