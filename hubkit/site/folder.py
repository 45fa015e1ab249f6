"""The folder of a site: what hubkit wrote there, it may replace and remove; all other files are left alone.

A file named ``.hubkit-site.json`` in the folder lists what hubkit wrote, with digests. A new state of the site is made
in a hidden folder beside it (see draft) and exchanged with it in one step: a reader sees the old site or the new one,
and a build that is killed leaves the old one as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hubkit.errors import SiteError
from hubkit.site.exchange import recover

MANIFEST = ".hubkit-site.json"

FORMAT = 1
NEXT = "next"
SPARE = "spare"
FOLDERS = "folders"

Stamp = tuple[int, int, int]
"""Size, time of the last writing in nanoseconds, and inode: another file, another stamp."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the files of a site."""

    written: int
    """Files that are new or different."""
    unchanged: int
    """Files that had the right bytes already."""
    removed: int
    """Files of an earlier build that no longer belong to the site."""


def stamp_of(stat: os.stat_result) -> Stamp:
    """The stamp of a file."""
    return stat.st_size, stat.st_mtime_ns, stat.st_ino


@dataclass
class SiteFolder:
    """The folder of a site. The folder beside it, ``work``, holds what a build writes before it is whole."""

    root: Path
    """The site's folder, without symbolic links."""
    work: Path = field(init=False)
    """The folder beside it, on the same file system."""

    def __post_init__(self) -> None:
        self.root = self.root.resolve()
        self.work = self.root.parent / f".{self.root.name}.hubkit"
        if self.root.exists() and not self.root.is_dir():
            raise SiteError(f"{self.root}: not a folder", hint="Name another output folder.")

    @property
    def spare(self) -> Path:
        """What the next state of the site is made of (see spare)."""
        return self.work / SPARE

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Within it, no other build works on this site; one that does is waited for. Makes the folder beside it.

        Raises SiteError where that cannot be made.
        """
        import fcntl

        try:
            self.work.mkdir(parents=True, exist_ok=True)
            with (self.work / "lock").open("wb") as stream:
                # Processes that are forked meanwhile hold it too, also where this one is killed.
                fcntl.flock(stream, fcntl.LOCK_EX)
                recover(self.root, self.work / NEXT)
                for left_over in (NEXT, *(() if (self.work / FOLDERS).exists() else (SPARE,))):
                    if (self.work / left_over).exists():  # of a build that was killed
                        shutil.rmtree(self.work / left_over, ignore_errors=True)
                yield
        except OSError as error:
            raise SiteError(
                f"{error.filename or self.work}: cannot be written: {error.strerror or error}",
                hint="Choose another output folder, or make room in this one.",
            ) from error

    def owned(self) -> dict[str, str]:
        """Path from the root -> SHA-256 of all that hubkit wrote; an empty text where it is not known.

        Raises SiteError where the list is damaged.
        """
        path = self.root / MANIFEST
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']!r} is not {FORMAT}")
            return {str(name): str(digest) for name, digest in data["files"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SiteError(
                f"{path}: the list of the site's files cannot be read: {error}",
                hint="Remove the site's folder and build again.",
            ) from error

    def stamp(self, path: str) -> Stamp | None:
        """The stamp of the file at ``path``; None where there is no file."""
        try:
            return stamp_of(os.lstat(f"{self.root}/{path}"))
        except OSError:
            return None


def is_inside(path: str) -> bool:
    """Whether ``path``, counted from a folder, stays in it."""
    return all(part not in ("", ".", "..") for part in path.split("/"))


def all_folders(paths: Iterable[str]) -> set[str]:
    """All folders that any of ``paths`` lies in."""
    found: set[str] = set()
    for folder in {path.rpartition("/")[0] for path in paths} - {""}:
        found |= {folder, *folders_of(folder)}
    return found


def folders_of(path: str) -> list[str]:
    """All folders that ``path`` lies in, the outermost first."""
    return [path[:index] for index, character in enumerate(path) if character == "/"]


def is_same(target: Path, source: Path) -> bool:
    """Whether the two are one file, or a copy that kept size and time. Raises OSError where one is missing."""
    ours, theirs = target.stat(), source.stat()
    return (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino) or (
        (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)
    )


def verified(folder: SiteFolder, owned: Mapping[str, str], path: str, source: Path, sha256: str) -> bool:
    """Whether ``source``, to be linked at ``path``, has this digest. What is linked already is not read again.

    Raises OSError where it cannot be read.
    """
    if owned.get(path) == sha256 and (folder.root / path).exists() and is_same(folder.root / path, source):
        return True
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256
