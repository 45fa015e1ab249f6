"""Putting a folder in the place of another in one step, so that nobody ever sees half of either.

Linux and macOS exchange two folders at once: renameat2(2) with RENAME_EXCHANGE, renamex_np(2) with RENAME_SWAP. Where
the system or the file system cannot, the one is moved away and the other in: for a moment there is no folder, but
never a mixture.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_RENAME_SWAP = 2


def exchange(first: Path, second: Path) -> None:
    """Let two folders on one file system change places. Raises OSError where they cannot."""
    if _exchanged_at_once(os.fsencode(first), os.fsencode(second)):
        return
    aside = second.with_name(f"{second.name}.aside")
    first.rename(aside)
    try:
        second.rename(first)
    except OSError:
        aside.rename(first)
        raise
    aside.rename(second)


def recover(first: Path, second: Path) -> None:
    """Undo what an exchange by moves left over that was killed between them. Raises OSError where it cannot."""
    aside = second.with_name(f"{second.name}.aside")
    if not aside.is_dir():
        return
    if first.exists():
        shutil.rmtree(aside, ignore_errors=True)
    else:
        aside.rename(first)


def _exchanged_at_once(first: bytes, second: bytes) -> bool:
    import ctypes  # not where there is nothing to exchange: loading it takes a while

    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "darwin":
            return bool(library.renamex_np(first, second, _RENAME_SWAP) == 0)
        return bool(library.renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE) == 0)
    except AttributeError:  # a C library without it
        return False
