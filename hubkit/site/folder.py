"""The folder of a site: what hubkit wrote there, it may rewrite and remove; all other files are left alone.

A file named ``.hubkit-site.json`` in the folder lists what hubkit wrote, with digests. New names are put there before
the files are written, so that an interrupted build is taken up by the next one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from hubkit.errors import SiteError

MANIFEST = ".hubkit-site.json"

_FORMAT = 1


@dataclass
class Changes:
    """What became of the files of a site."""

    written: int = 0
    """Files that are new or different."""
    unchanged: int = 0
    """Files that had the right bytes already."""
    removed: int = 0
    """Files of an earlier build that no longer belong to the site."""


class SiteFolder:
    """The folder of a site, open for one build.

    Raises SiteError where the folder cannot be used or the list of what hubkit wrote is damaged.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.changes = Changes()
        self._inputs = ""
        # Path from the root -> SHA-256, of the last build and of this one; an empty text for what is not written yet.
        self._owned: dict[str, str] = {}
        self._claimed: dict[str, str] = {}
        if root.exists() and not root.is_dir():
            raise SiteError(f"{root}: not a folder", hint="Name another output folder.")
        self._read_manifest()

    def is_whole(self, inputs: str, source_of: Callable[[str], Path | None]) -> bool:
        """Whether the last build was made of ``inputs`` and every file of it is still there as it was written.

        ``source_of`` tells where a linked model comes from; None for what hubkit made itself.
        """
        if not inputs or inputs != self._inputs:
            return False
        try:
            for path, sha256 in self._owned.items():
                source = source_of(path)
                if source:
                    if not _same(self.root / path, source):
                        return False
                elif hashlib.sha256((self.root / path).read_bytes()).hexdigest() != sha256:
                    return False
        except OSError:
            return False
        self.changes.unchanged = len(self._owned)
        return True

    def verified(self, path: str, source: Path, sha256: str) -> bool:
        """Whether ``source``, to be linked at ``path``, has this digest. What is linked already is not read again.

        Raises OSError where it cannot be read.
        """
        if self._owned.get(path) == sha256 and (self.root / path).exists() and _same(self.root / path, source):
            return True
        with source.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == sha256

    def claim(self, pages: Iterable[str], models: Mapping[str, str]) -> None:
        """Make the paths those of the site: pages, and model files with their digests. Must come before writing.

        Raises SiteError where a file of somebody else is in the way; then nothing was changed.
        """
        self._claimed = {**dict.fromkeys(pages, ""), **models}
        foreign = sorted(path for path in self._claimed if path not in self._owned and _exists(self.root / path))
        folders = {folder for path in self._leftovers() for folder in _folders(path)}
        foreign = [path for path in foreign if path not in folders]
        if foreign:
            more = f" (and {len(foreign) - 1} more)" if len(foreign) > 1 else ""
            raise SiteError(
                f"{self.root / foreign[0]}{more}: in the way of the site, and not written by hubkit",
                hint="Move it away, or name another output folder.",
            )
        if not self._claimed.keys() <= self._owned.keys():
            self._write_manifest({**self._claimed, **self._owned}, self._inputs)
        if not folders.isdisjoint(self._claimed) or not self._leftovers().isdisjoint(
            folder for path in self._claimed for folder in _folders(path)
        ):
            self._remove_leftovers()

    def write(self, path: str, content: bytes) -> None:
        """Put ``content`` at ``path``, unless it is there already. Raises SiteError where that cannot be done."""
        target = self._target(path)
        self._claimed[path] = hashlib.sha256(content).hexdigest()
        try:
            if target.is_file() and target.stat().st_size == len(content) and target.read_bytes() == content:
                self.changes.unchanged += 1
                return
            _replace(target, content)
        except OSError as error:
            raise SiteError(f"{target}: cannot be written: {error.strerror or error}") from error
        self.changes.written += 1

    def link(self, path: str, source: Path) -> None:
        """Put the file ``source`` at ``path``: a hard link, so that a model of 200 MB takes its room once, or a copy.

        Models are never changed in place, only replaced, so a link holds what was verified until the next build.
        Raises SiteError where that cannot be done.
        """
        target = self._target(path)
        try:
            if target.exists() and _same(target, source):
                self.changes.unchanged += 1
                return
            target.parent.mkdir(parents=True, exist_ok=True)
            beside = _beside(target)
            beside.unlink(missing_ok=True)
            try:
                try:
                    os.link(source.resolve(), beside)
                except OSError:  # another file system, or one without links
                    shutil.copy2(source, beside)
                beside.replace(target)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise SiteError(f"{target}: cannot be written: {error.strerror or error}") from error
        self.changes.written += 1

    def finish(self, inputs: str = "") -> Changes:
        """Remove what earlier builds left over, with the folders that this empties.

        ``inputs`` is the digest of what the site was made of, for is_whole; an empty text where it is to be made anew.
        """
        self._remove_leftovers()
        self._write_manifest(self._claimed, inputs)
        return self.changes

    def _leftovers(self) -> set[str]:
        return self._owned.keys() - self._claimed.keys()

    def _remove_leftovers(self) -> None:
        for path in sorted(self._leftovers()):
            target = self.root / path
            if not _inside(path) or not target.parent.resolve().is_relative_to(self.root.resolve()):
                continue  # somebody changed the list; hubkit removes nothing outside its folder
            try:
                target.unlink()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
                continue
            self.changes.removed += 1
            self._remove_empty(target.parent)

    def _target(self, path: str) -> Path:
        if path not in self._claimed:
            raise SiteError(f"{path}: written without having been claimed")
        return self.root / path

    def _remove_empty(self, folder: Path) -> None:
        while folder != self.root:
            try:
                folder.rmdir()
            except OSError:  # not empty
                return
            folder = folder.parent

    def _read_manifest(self) -> None:
        path = self.root / MANIFEST
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["format"] != _FORMAT:
                raise ValueError(f"format {data['format']!r} is not {_FORMAT}")
            self._inputs = str(data.get("inputs", ""))
            self._owned = {str(name): str(digest) for name, digest in data["files"].items()}
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SiteError(
                f"{path}: the list of the site's files cannot be read: {error}",
                hint="Remove the site's folder and build again.",
            ) from error

    def _write_manifest(self, files: Mapping[str, str], inputs: str) -> None:
        data = {"format": _FORMAT, "inputs": inputs, "files": dict(sorted(files.items()))}
        content = (json.dumps(data, indent=0) + "\n").encode("utf-8")
        path = self.root / MANIFEST
        try:
            if not (path.is_file() and path.read_bytes() == content):
                _replace(path, content)
        except OSError as error:
            raise SiteError(f"{path}: cannot be written: {error.strerror or error}") from error


def _replace(target: Path, content: bytes) -> None:
    beside = _beside(target)
    try:
        try:
            stream = beside.open("wb")
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            stream = beside.open("wb")
        with stream:
            stream.write(content)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _beside(target: Path) -> Path:
    """A temporary name in the same folder; short, since a page's name may be as long as the file system allows."""
    return target.with_name(f".hubkit-{os.getpid()}")


def _same(target: Path, source: Path) -> bool:
    """Whether the two are one file, or a copy that kept size and time."""
    ours, theirs = target.stat(), source.stat()
    return (ours.st_dev, ours.st_ino) == (theirs.st_dev, theirs.st_ino) or (
        (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)
    )


def _inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and ".." not in parts and not path.startswith("/")


def _exists(path: Path) -> bool:
    """Whether anything has this name, a dangling link included."""
    return os.path.lexists(path)


def _folders(path: str) -> list[str]:
    return [path[:index] for index, character in enumerate(path) if character == "/"]
