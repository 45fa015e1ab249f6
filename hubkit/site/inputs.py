"""What a site is made of, told by size, times and inode: while that is the same, there is nothing to do."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from hubkit.card.find import card_names, uid_of
from hubkit.resources import resource_dir

# A change in these may change every page; of convert, the page of operators shows what its docstrings say.
_CODE = ("card", "convert", "lint", "site", "conversion_status.py", "receipts.py")
_RENDERERS = ("jinja2", "markdown_it", "nh3")

# A file that was changed this short a while ago may change again without another time.
_TICK_NS = 50_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A card to show."""

    uid: str
    """Its uid."""
    file: str
    """Its file."""
    receipt_file: str
    """The file of its receipt; empty where there is none."""
    stamp: str
    """Another card or another receipt, another stamp."""

    @property
    def path(self) -> Path:
        """Its file."""
        return Path(self.file)

    @property
    def receipt(self) -> Path | None:
        """The file of its receipt; None where there is none."""
        return Path(self.receipt_file) if self.receipt_file else None


def sources(cards_dir: Path, receipts_dir: Path | None) -> tuple[Source, ...]:
    """All cards, in order. Raises CardError where ``cards_dir`` is no folder, or a folder in it cannot be read."""
    receipts = os.fspath(receipts_dir) if receipts_dir and receipts_dir.is_dir() else ""
    now = time.time_ns()
    found = []
    start = len(os.path.join(cards_dir, ""))  # noqa: PTH118 (with its slash)
    for file in card_names(cards_dir):
        uid = uid_of(Path(file), cards_dir) if file.find("/.", start - 1) >= 0 else file[start : -len(".md")]
        receipt = f"{receipts}/{uid}.json" if receipts else ""
        theirs = file_stamp(receipt, now) if receipt else ""
        found.append(Source(uid, file, receipt if theirs else "", f"{file_stamp(file, now)} {theirs}"))
    return tuple(found)


def surroundings(templates: Sequence[Path], settings: str) -> str:
    """SHA-256 over all else that decides what pages say: code, the folders of templates, and ``settings``."""
    package = resource_dir("site_templates").parent / "hubkit"
    package = package if package.is_dir() else Path(__file__).resolve().parents[1]
    digest = hashlib.sha256(f"{settings}\n{sys.version}\n".encode())
    for root in (*(package / name for name in _CODE), *templates):
        for path in sorted(_files(root)):
            digest.update(os.fsencode(path) + file_stamp(path).encode())
    for name in _RENDERERS:
        spec = find_spec(name)
        digest.update(f"{name} {file_stamp(spec.origin) if spec and spec.origin else ''}\n".encode())
    return digest.hexdigest()


def _files(root: Path) -> list[str]:
    if root.is_file():
        return [str(root)]
    return [f"{folder}/{name}" for folder, _, names in os.walk(root) for name in names if not name.endswith(".pyc")]


def file_stamp(path: Path | str, now: int = sys.maxsize) -> str:
    """A text that changes when the file at ``path`` does; empty where there is none."""
    try:
        stat = os.stat(path)  # noqa: PTH116 (asked for thousands of files)
    except (OSError, ValueError):
        return ""
    # The time of the last change is nobody's to set, unlike that of the last writing.
    fresh = f":{now}" if stat.st_ctime_ns > now - _TICK_NS else ""
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}:{stat.st_ino}{fresh}"
