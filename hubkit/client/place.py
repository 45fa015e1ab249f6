"""Putting files where a user wants them: whole or not at all, and never outside the folder that was named."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubkit.errors import FetchError
from hubkit.store.content import Kind
from hubkit.store.digest import sha256_file

# What a file name cannot hold on one system or another, and what a terminal would obey.
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_RESERVED = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\..*)?", re.IGNORECASE)
_MAX_NAME_BYTES = 200  # of the 255 that file systems take: a suffix, and the name of the file beside, go on top
_SUFFIXES = {Kind.MSLITE: ".ms"}


def safe_name(name: str, kind: Kind, uid: str) -> str:
    """A file name made of an untrusted one: one part, plain characters, the format's suffix.

    Where nothing of ``name`` is left, the last part of ``uid`` takes its place.
    """
    suffix = _SUFFIXES.get(kind, f".{kind.value}")
    for text in (name, uid, "model"):
        last = _UNSAFE.sub("_", re.split(r"[/\\]", text)[-1]).strip(" .")
        if last.lower().endswith(suffix):
            last = last[: -len(suffix)].rstrip(" .")
        stem = last.encode()[:_MAX_NAME_BYTES].decode("utf-8", "ignore")
        if stem.strip("_"):
            return f"_{stem}{suffix}" if _RESERVED.fullmatch(stem) else f"{stem}{suffix}"
    raise AssertionError("the last text is a name")


def place(blob: Path, sha256: str, folder: Path, name: str) -> Path:
    """Put a copy of the verified file ``blob`` into ``folder`` as ``name``, in place of what is there.

    A link would cost no room, but whoever writes into the folder would then write into the store, and into every other
    folder with the file. Raises FetchError where it cannot be put there, or the copy is not what was verified.
    """
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _beside(target) as beside:
            shutil.copyfile(blob, beside)
            if sha256_file(beside) != sha256:
                raise FetchError(f"{target}: the copy is not what was verified", hint="Run again.")
            _sync(beside)
            beside.replace(target)
        _sync(folder)
    except OSError as error:
        raise FetchError(
            f"{target}: cannot be written: {error.strerror or error}", hint="Choose another folder to put it into."
        ) from error
    return target


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``, in place of what is there. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as beside:
        beside.write_bytes(content)
        _sync(beside)
        beside.replace(path)
    _sync(path.parent)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    beside = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
