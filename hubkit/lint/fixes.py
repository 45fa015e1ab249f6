"""Mending cards: edits at positions, so that comments, order, line ends and untouched bytes stay as they were.

A file is replaced in one step by one written beside it. Whatever happens on the way (the disk is full, the process is
killed), the card is the old one or the new one, whole.
"""

from __future__ import annotations

import difflib
import errno
import os
import re
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from hubkit.card.parse import Document, parse_bytes
from hubkit.errors import CardError
from hubkit.lint.diagnostic import Diagnostic, Edit

MAX_ROUNDS = 50

_BOM = b"\xef\xbb\xbf"
_TAKE_OFF_BOM = Edit(0, 0, "")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


@dataclass(frozen=True, slots=True)
class FixResult:
    """What mending a card came to."""

    changed: bool
    """Whether anything was mended."""
    applied: int
    """How many findings were mended."""
    remaining: tuple[Diagnostic, ...]
    """The findings of the card as it is afterwards."""
    before: str
    """The card's text as it was, a byte order mark included; what is no UTF-8 stands as surrogates (PEP 383)."""
    after: str
    """The card's text as it is now, likewise."""
    refused: tuple[str, ...] = ()
    """Ids of the rules whose fixes would have left a card that cannot be read; then nothing was changed."""


def fix_text(text: str, diagnostics: Iterable[Diagnostic], *, unsafe: bool) -> str:
    """``text`` with the fixes of ``diagnostics`` applied; unsafe ones only with ``unsafe``.

    Offsets are those of ``text``. Of fixes that overlap the first one is applied: lint again to find the others anew.
    """
    return _apply(text, _choose(diagnostics, unsafe=unsafe))


def mend(
    content: bytes, lint_once: Callable[[bytes], list[Diagnostic]], *, unsafe: bool, path: str = "card"
) -> FixResult:
    """Lint and fix the bytes of a card until nothing fixable is left; nothing is written.

    ``lint_once`` gives the findings of a card's bytes. A fix after which the card cannot be read any more is refused,
    and then the card is left as it was. Two fixes that undo each other end at the text that they began with.
    """
    start = content
    found = lint_once(content)
    before = tuple(found)
    document = parse_bytes(content, path)
    seen = {content}
    applied = 0
    for _ in range(MAX_ROUNDS):
        chosen = _choose(found, unsafe=unsafe)
        if not chosen:
            break
        changed = _edited(content, chosen)
        mended = parse_bytes(changed, path)
        if _is_worse(document, mended):
            rules = tuple(sorted({diagnostic.rule for diagnostic in chosen}))
            return FixResult(False, 0, before, _decoded(start), _decoded(start), rules)
        if changed == content:
            break
        content, document = changed, mended
        applied += len(chosen)
        found = lint_once(content)
        if content in seen:
            break
        seen.add(content)
    return FixResult(content != start, applied, tuple(found), _decoded(start), _decoded(content))


def fix_file(
    path: Path, lint_once: Callable[[bytes], list[Diagnostic]], *, unsafe: bool, write: bool = True
) -> FixResult:
    """Lint and fix the card at ``path``; without ``write`` only tell what would be done.

    Raises CardError where the file cannot be read or written; then it is as it was.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CardError(f"{path}: cannot be read: {error.strerror or error}") from error
    result = mend(content, lint_once, unsafe=unsafe, path=str(path))
    if result.changed and write:
        try:
            replace_file(path, result.after.encode("utf-8", "surrogateescape"))
        except OSError as error:
            message = f"{path}: cannot be written: {error.strerror or error}"
            raise CardError(message, hint="The card is as it was.") from error
    return result


def replace_file(path: Path, content: bytes) -> None:
    """Replace the file at ``path`` in one step, keeping its mode and, where that is allowed, its owner.

    A symbolic link stays; the file that it leads to is replaced. Raises OSError; then the file is as it was.
    """
    target = Path(os.path.realpath(path))
    status = target.stat()
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    beside = Path(name)
    try:
        with open(descriptor, "wb") as stream:  # noqa: PTH123 (a descriptor, no path)
            stream.write(content)
            stream.flush()
            with suppress(PermissionError):
                os.fchown(descriptor, status.st_uid, status.st_gid)
            os.fchmod(descriptor, status.st_mode & 0o7777)
            os.fsync(descriptor)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def unified_diff(before: str, after: str, path: str) -> str:
    """The difference of two texts as `patch` and `git apply` read it; line ends are kept as they are."""
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(_LINE.findall(before), _LINE.findall(after), path, path)
    )


def _edited(content: bytes, chosen: Iterable[Diagnostic]) -> bytes:
    """Offsets count from behind a byte order mark, which is kept unless an edit of nothing at 0 takes it off."""
    chosen = list(chosen)
    mark = _BOM if content.startswith(_BOM) else b""
    kept = b"" if any(edit == _TAKE_OFF_BOM for found in chosen for edit in _edits(found)) else mark
    return kept + _apply(content[len(mark) :].decode("utf-8"), chosen).encode("utf-8")


def _decoded(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _is_worse(before: Document, after: Document) -> bool:
    """Whether a card that could be read cannot be read any more.

    In one that could not be read, mending the first problem may well show the next one.
    """
    if before.front is None:
        return False
    return after.front is None or len(after.problems) > len(before.problems)


def _apply(text: str, chosen: Iterable[Diagnostic]) -> str:
    edits = sorted((edit for diagnostic in chosen for edit in _edits(diagnostic)), key=lambda edit: edit.start)
    pieces: list[str] = []
    position = 0
    for edit in edits:
        pieces += (text[position : edit.start], edit.text)
        position = edit.end
    return "".join([*pieces, text[position:]])


def _choose(diagnostics: Iterable[Diagnostic], *, unsafe: bool) -> list[Diagnostic]:
    """The findings whose fixes can be applied together, in order, the first of those that overlap."""
    chosen: list[Diagnostic] = []
    taken: list[tuple[int, int]] = []  # sorted, and free of overlaps
    for diagnostic in diagnostics:
        if diagnostic.fix is None or not (diagnostic.fix.safe or unsafe):
            continue
        spans = sorted((edit.start, edit.end) for edit in _edits(diagnostic))
        if any(_overlap(*pair) for pair in pairwise(spans)) or not all(_is_free(span, taken) for span in spans):
            continue
        for span in spans:
            taken.insert(bisect_left(taken, span), span)
        chosen.append(diagnostic)
    return chosen


def _edits(diagnostic: Diagnostic) -> tuple[Edit, ...]:
    return diagnostic.fix.edits if diagnostic.fix else ()


def _is_free(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    index = bisect_left(taken, span)
    return not any(_overlap(other, span) for other in taken[max(index - 1, 0) : index + 1])


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two edits are in each other's way; insertions are where anything else ends, begins or is inserted."""
    if one[0] == one[1] or other[0] == other[1]:
        return one[0] <= other[1] and other[0] <= one[1]
    return one[0] < other[1] and other[0] < one[1]
