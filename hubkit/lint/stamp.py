"""Telling whether a file is what it was."""

from __future__ import annotations

import os
from pathlib import Path


def stamp_of(path: Path | str) -> str:
    """A text that changes when the file at ``path`` does; empty where there is none."""
    try:
        stat = os.stat(path)  # noqa: PTH116 (asked for thousands of files)
    except (OSError, ValueError):
        return ""
    # The time of the last change is nobody's to set, unlike that of the last writing.
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}"
