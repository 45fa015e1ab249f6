"""Opening model files: mapped, not read, and told apart by their content."""

from __future__ import annotations

import mmap
from pathlib import Path

from hubkit.errors import ConvertError
from hubkit.store.content import ContentError, recognise
from hubkit.store.foreign import CIPHER, foreign_name, is_text


def map_file(path: Path, kind: str) -> memoryview:
    """The content of ``path`` as a read-only view of a memory map; ``kind`` ("MINDIR", "checkpoint") is for messages.

    Raises ConvertError where the file is missing, unreadable or empty.
    """
    try:
        with path.open("rb") as stream:
            return memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except FileNotFoundError:
        raise ConvertError(f"there is no {kind} file {path}", hint="Check the path.") from None
    except ValueError:  # what mmap says of a file of no bytes
        raise ConvertError(f"the {kind} file {path} is empty", hint="Fetch or export it again.") from None
    except OSError as error:
        raise ConvertError(
            f"the {kind} file {path} cannot be read: {error.strerror}", hint="Check its permissions."
        ) from None


def no_file(path: Path) -> str:
    """What ``path`` is, which is no regular file, as messages name it. It is not opened: a pipe might never end."""
    if path.is_dir():
        return "a folder, no file"
    return "no regular file" if path.exists() else "no such file"


def not_a(kind: str, path: Path, content: memoryview, detail: str) -> ConvertError:
    """The error for a file that is no ``kind``; it says what the file looks like instead, where that is known."""
    found = _recognise(content, kind)
    if found is None:
        detail = "it holds text" if is_text(content) else detail
        return ConvertError(
            f"{path} is not a {kind} file, or it is damaged: {detail}",
            hint="Compare its SHA-256 with the published one, and fetch or export it again.",
        )
    if found.startswith(CIPHER):
        hint = "Decrypt it first: load it in MindSpore with dec_key and save it again without a key."
    else:
        hint = f"Give the {kind} file itself; if this came from a server, fetch it again."
    return ConvertError(f"{path} is not a {kind} file: it is {found}", hint=hint)


def _recognise(content: memoryview, kind: str) -> str | None:
    """What the file is; None where that cannot be told, or it is a damaged file of the kind itself."""
    try:
        found = recognise(content).words
    except ContentError:
        return foreign_name(content)
    return None if found.endswith((kind, f"{kind} file")) else found
