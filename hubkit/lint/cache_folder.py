"""The folder in which the linter keeps what it found: JSON records, each good for one key and
behind a line with its SHA-256."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = ".hubkit_cache"

_LINKS = "links.json"
_IGNORE = "# made by hubkit; safe to remove\n*\n"


def link_record(settings_file: Path | None) -> Path:
    """Where it is kept what was found out of links, for a project whose settings are in this file, if in any."""
    return (settings_file.parent if settings_file else Path.cwd()) / FOLDER / _LINKS


def read_record(path: Path, key: str) -> dict[str, Any] | None:
    """The record at ``path``; None where there is none, it is damaged, or it was written under another key."""
    try:
        digest, _, text = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if digest != _digest(text):
        return None
    data: dict[str, Any] = json.loads(text)
    record: dict[str, Any] = data["record"]
    return record if data["key"] == key else None


def write_record(path: Path, key: str, record: dict[str, Any]) -> None:
    """Write a record, whole or not at all; a folder that cannot be written is no error."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / ".gitignore").write_text(_IGNORE, encoding="utf-8")
        text = json.dumps({"key": key, "record": record}).encode()
        beside.write_bytes(_digest(text) + b"\n" + text)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()


def _digest(text: bytes) -> bytes:
    """What stands on the first line, so that nothing that was damaged is taken for what was found."""
    return hashlib.sha256(text).hexdigest().encode()
