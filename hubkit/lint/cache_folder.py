"""The folder in which the linter keeps what it found: JSON records, each good for one key."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = ".hubkit_cache"

_IGNORE = "# made by hubkit; safe to remove\n*\n"


def read_record(path: Path, key: str) -> dict[str, Any] | None:
    """The record at ``path``; None where there is none, it is damaged, or it was written under another key."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("key") != key:
        return None
    record = data.get("record")
    return record if isinstance(record, dict) else None


def write_record(path: Path, key: str, record: dict[str, Any]) -> None:
    """Write a record, whole or not at all; a folder that cannot be written is no error."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / ".gitignore").write_text(_IGNORE, encoding="utf-8")
        beside.write_text(json.dumps({"key": key, "record": record}), encoding="utf-8")
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
