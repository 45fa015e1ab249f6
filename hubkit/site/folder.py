"""The folder of a site: what hubkit wrote there, it may replace and remove; all other files are left alone.

A file named ``.hubkit-site.json`` in the folder lists what hubkit wrote, with digests. A new state of the site is made
in a hidden folder beside it, with hard links to what stays the same, and exchanged with it in one step: a reader sees
the old site or the new one, and a build that is killed leaves the old one as it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from hubkit.errors import SiteError
from hubkit.site.exchange import exchange, recover

MANIFEST = ".hubkit-site.json"

_FORMAT = 1
_NEXT = "next"

Stamp = tuple[int, int, int]
"""Size, time of the last writing in nanoseconds, and inode: another file, another stamp."""


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the site as a build left it."""

    sha256: str
    """Its digest."""
    stamp: Stamp
    """Its stamp."""


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
                recover(self.root, self.work / _NEXT)
                shutil.rmtree(self.work / _NEXT, ignore_errors=True)  # of a build that was killed
                yield
        except OSError as error:
            raise SiteError(f"{error.filename or self.work}: cannot be written: {error.strerror or error}") from error

    def owned(self) -> dict[str, str]:
        """Path from the root -> SHA-256 of all that hubkit wrote; an empty text where it is not known.

        Raises SiteError where the list is damaged.
        """
        path = self.root / MANIFEST
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] != _FORMAT:
                raise ValueError(f"format {data['format']!r} is not {_FORMAT}")
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


class Draft:
    """A new state of a site in the making.

    Files are written one by one, also by forked processes; ``publish`` puts them in the place of the old state, with
    what stays and with what is not hubkit's.
    """

    def __init__(self, folder: SiteFolder, owned: Mapping[str, str], paths: Collection[str]) -> None:
        """``paths`` are those of all files of the site to be; ``owned`` is what hubkit wrote before.

        Raises SiteError where a file of somebody else is in the way.
        """
        self._folder = folder
        self._owned = owned
        self._root = folder.work / _NEXT
        self._old = os.fspath(folder.root)
        self._new = os.fspath(self._root)
        self._foreign, self._foreign_folders = _foreign(folder.root, owned)
        if self._foreign or self._foreign_folders:
            self._refuse_what_is_in_the_way(set(paths))

    def write(self, path: str, content: bytes) -> Stamp:
        """Put ``content`` at ``path``."""
        target = f"{self._new}/{path}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        try:
            descriptor = os.open(target, flags, 0o666)
        except FileNotFoundError:
            os.makedirs(target.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 (a Path costs more than asking)
            descriptor = os.open(target, flags, 0o666)
        try:  # a file object would cost as much as the writing
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
            return stamp_of(os.fstat(descriptor))
        finally:
            os.close(descriptor)

    def link(self, path: str, source: Path) -> Stamp:
        """Put the file ``source`` at ``path``: a hard link, so that a model of 200 MB takes its room once, or a copy.

        Models are never changed in place, only replaced, so a link holds what was verified until the next build.
        """
        target = Path(f"{self._new}/{path}")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source.resolve(), target)
        except OSError:  # another file system, or one without links
            shutil.copy2(source, target)
        return stamp_of(target.stat())

    def publish(self, files: Mapping[str, str], kept: Collection[str]) -> None:
        """Put the draft in the place of the site. ``files`` are all of it, with digests, ``kept`` those that stay.

        Raises OSError where that cannot be done; then the site is as it was.
        """
        content = {"format": _FORMAT, "files": dict(sorted(files.items()))}
        self.write(MANIFEST, (json.dumps(content, indent=0) + "\n").encode("utf-8"))
        folders = {path.rpartition("/")[0] for path in (*kept, *self._foreign)} | self._foreign_folders
        for folder in sorted(folders):
            os.makedirs(f"{self._new}/{folder}", exist_ok=True)  # noqa: PTH103 (as above)
        for path in (*kept, *self._foreign):
            _carry_over(f"{self._old}/{path}", f"{self._new}/{path}")
        self._take_over_modes()
        if self._folder.root.exists():
            exchange(self._folder.root, self._root)
            self.discard()
        else:
            self._root.rename(self._folder.root)

    def discard(self) -> None:
        """Remove the draft."""
        shutil.rmtree(self._root, ignore_errors=True)

    def _refuse_what_is_in_the_way(self, paths: set[str]) -> None:
        folders = _all_folders(paths)
        found = [
            path
            for path in (*self._foreign, *self._foreign_folders)
            if path in paths
            or (path in folders and path not in self._foreign_folders)
            or not paths.isdisjoint(folders_of(path))
        ]
        if found:
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            raise SiteError(
                f"{self._folder.root / min(found)}{more}: in the way of the site, and not written by hubkit",
                hint="Move it away, or name another output folder.",
            )

    def _take_over_modes(self) -> None:
        """Who may read a folder is for its owner to say, once for all builds."""
        for folder, _, _ in os.walk(self._new):
            with suppress(OSError):
                shutil.copymode(self._old + folder[len(self._new) :], folder)


def _carry_over(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a file system without links
        shutil.copy2(source, target, follow_symlinks=False)


def _foreign(root: Path, owned: Mapping[str, str]) -> tuple[list[str], set[str]]:
    """All files below ``root`` that hubkit did not write, and all folders that hold nothing that it wrote."""
    own_folders = _all_folders(owned)
    files: list[str] = []
    folders: set[str] = set()
    start = len(os.fspath(root)) + 1
    for folder, names, found in os.walk(root):
        place = folder[start:]
        if place and place not in own_folders:
            folders.add(place)
        prefix = f"{place}/" if place else ""
        # A symbolic link to a folder is carried over as it is, not followed.
        links = [name for name in names if os.path.islink(f"{folder}/{name}")]  # noqa: PTH114 (as above)
        files += [
            prefix + name for name in (*found, *links) if prefix + name not in owned and prefix + name != MANIFEST
        ]
    return files, folders


def _all_folders(paths: Iterable[str]) -> set[str]:
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
