"""Folders that work is done in, beside its target; those that killed processes left behind are swept away."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = ".hubkit-"
_LOCK = ".lock"
_UNLOCKED_SECONDS = 24 * 3600  # a folder without a lock is being made, or of a program that takes none


@contextlib.contextmanager
def scratch_folder(beside: Path) -> Iterator[Path]:
    """A new folder in the folder ``beside``, on the target's own file system, so that files are moved in one step.

    It is removed at the end, with whatever folders of before no process holds any more. Raises OSError where
    ``beside`` cannot be made or written.
    """
    beside.mkdir(parents=True, exist_ok=True)
    _sweep(beside)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=beside)).resolve()
    try:
        with (folder / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(beside: Path) -> None:
    """Remove the folders of processes that have ended: the kernel takes a lock away with its process."""
    for folder in beside.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # another process sweeps too, or it is not ours
            if not folder.is_symlink() and folder.is_dir() and _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    if folder.stat().st_uid != os.getuid():
        return False
    if not (folder / _LOCK).is_file():
        return time.time() - folder.stat().st_mtime > _UNLOCKED_SECONDS
    with (folder / _LOCK).open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True
