"""A new state of a site in the making, in a hidden folder beside it, until it takes the site's place in one step.

What stays is in it as hard links. Where the state before the last is there as a spare, it has most of them already.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hubkit.errors import SiteError
from hubkit.site.exchange import exchange
from hubkit.site.folder import FORMAT, MANIFEST, NEXT, SiteFolder, Stamp, all_folders, folders_of, is_inside, stamp_of
from hubkit.site.spare import Folders, FolderStamp, forget_folders, read_folders, settle, stamps, write_folders


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
        self._root = folder.work / NEXT
        self._old = os.fspath(folder.root)
        self._new = os.fspath(self._root)
        self._known = read_folders(folder)
        known = self._known
        self._foreign, self._foreign_folders = (
            (known.foreign, known.foreign_folders) if known else _foreign(folder.root, owned)
        )
        planned = set(paths)
        if self._foreign or self._foreign_folders:
            self._refuse_what_is_in_the_way(planned)
        self._can_link = True
        self._is_filled = bool(self._known and self._known.spare)
        forget_folders(folder)
        if self._is_filled:
            self._take_spare(planned)
        elif folder.spare.exists():
            shutil.rmtree(folder.spare, ignore_errors=True)

    def write(self, path: str, content: bytes) -> Stamp:
        """Put ``content`` at ``path``."""
        target = f"{self._new}/{path}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        try:
            descriptor = os.open(target, flags, 0o666)
        except FileNotFoundError:
            os.makedirs(target.rpartition("/")[0], exist_ok=True)  # noqa: PTH103 (a Path costs more than asking)
            descriptor = os.open(target, flags, 0o666)
        except FileExistsError:  # what the site has there, which must stay as it is
            os.unlink(target)  # noqa: PTH108 (as above)
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
        target.unlink(missing_ok=True)
        try:
            os.link(source.resolve(), target)
        except OSError:  # another file system, or one without links
            shutil.copy2(source, target)
        return stamp_of(target.stat())

    def publish(self, files: Mapping[str, str], kept: Collection[str]) -> None:
        """Put the draft in the place of the site. ``files`` are all of it, with digests, ``kept`` those that stay.

        Raises OSError where that cannot be done; then the site is as it was.
        """
        content = {"format": FORMAT, "files": {path: files[path] for path in sorted(files)}}
        manifest = self.write(MANIFEST, (json.dumps(content, separators=(",\n", ": ")) + "\n").encode("utf-8"))
        if not self._is_filled:
            self._fill(kept)
        stays = set(kept)
        folders = {"", *all_folders((*files, *self._foreign)), *self._foreign_folders}
        site = settle(self._new, folders)
        names = set(os.listdir(self._new))  # noqa: PTH208 (as above)
        if self._folder.root.exists():
            exchange(self._folder.root, self._root)
        else:
            self._root.rename(self._folder.root)
        spare = self._leave_spare(stays, folders) if self._can_link and 2 * len(stays) > len(files) else {}
        if not spare:
            self.discard()
        if set(os.listdir(self._old)) == names:  # noqa: PTH208 (as above)
            site |= settle(self._old, [""])  # some file systems, such as XFS, count it as a change that it was moved
            absent = tuple(sorted(files.keys() - stays))
            left = Folders(manifest, site, self._foreign, self._foreign_folders, spare, absent)
            write_folders(self._folder, left)

    def put_back(self) -> None:
        """Leave the site as it is, which is what it is to be."""
        if not self._known:
            self.discard()
            return
        spare = {}
        if self._is_filled:
            self._root.rename(self._folder.spare)
            spare = stamps(os.fspath(self._folder.spare), self._known.site)
        write_folders(self._folder, replace(self._known, spare=spare, absent=()))

    def discard(self) -> None:
        """Remove the draft."""
        shutil.rmtree(self._root, ignore_errors=True)

    def _take_spare(self, paths: set[str]) -> None:
        """Make the draft of the spare: with all that the site holds, but for what is not to be in it.

        The folder itself is a new one: who holds on to the state before the last finds nothing more, rather than a
        mixture of states.
        """
        assert self._known
        self._root.mkdir(mode=0o777)
        for entry in os.listdir(self._folder.spare):  # noqa: PTH208 (as above)
            os.rename(f"{self._folder.spare}/{entry}", f"{self._new}/{entry}")  # noqa: PTH104 (as above)
        self._folder.spare.rmdir()
        with suppress(OSError):
            shutil.copymode(self._old, self._new)
        absent = [path for path in self._known.absent if path in self._owned]
        for folder in sorted(all_folders(absent)):
            if not os.path.isdir(f"{self._new}/{folder}"):  # noqa: PTH112 (as above)
                os.mkdir(f"{self._new}/{folder}")  # noqa: PTH102 (as above)
                shutil.copymode(f"{self._old}/{folder}", f"{self._new}/{folder}")
        for path in absent:
            with suppress(FileNotFoundError):  # it is made anew
                _carry_over(f"{self._old}/{path}", f"{self._new}/{path}")
        gone = self._owned.keys() - paths
        if gone:
            _remove(self._new, gone, {*all_folders((*paths, *self._foreign)), *self._foreign_folders})

    def _fill(self, kept: Collection[str]) -> None:
        """Put what stays, and what is not hubkit's, into the draft."""
        folders = {path.rpartition("/")[0] for path in (*kept, *self._foreign)} | {*self._foreign_folders}
        for folder in sorted(folders):
            os.makedirs(f"{self._new}/{folder}", exist_ok=True)  # noqa: PTH103 (as above)
        for path in (*kept, *self._foreign):
            self._can_link &= _carry_over(f"{self._old}/{path}", f"{self._new}/{path}")
        self._take_over_modes()

    def _leave_spare(self, stays: set[str], folders: set[str]) -> dict[str, FolderStamp]:
        """Make a spare of the state that was the site: with no more of its files than those that stay.

        Returns the stamps of its folders; none where it is not as it should be.
        """
        try:
            _remove(self._new, {MANIFEST, *self._owned} - stays, folders)
            self._root.rename(self._folder.spare)
        except OSError:
            return {}
        return stamps(os.fspath(self._folder.spare), folders)

    def _refuse_what_is_in_the_way(self, paths: set[str]) -> None:
        folders = all_folders(paths)
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


def _carry_over(source: str, target: str) -> bool:
    """Whether that could be done by a link."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a file system without links
        shutil.copy2(source, target, follow_symlinks=False)
        return False
    return True


def _remove(root: str, paths: Collection[str], needed: Collection[str]) -> None:
    """Remove the files at these paths below ``root``, and the folders that they leave empty but for the needed ones."""
    real = {
        folder: os.path.realpath(f"{root}/{folder}") == f"{root}/{folder}".rstrip("/")
        for folder in {path.rpartition("/")[0] for path in paths}
    }
    for path in paths:  # a list that was tampered with may lead out of the folder, also by a symbolic link in it
        if is_inside(path) and real[path.rpartition("/")[0]]:
            with suppress(FileNotFoundError):
                os.unlink(f"{root}/{path}")  # noqa: PTH108 (as above)
    for folder in sorted(all_folders(paths) - set(needed), reverse=True):
        if is_inside(folder) and os.path.realpath(f"{root}/{folder}") == f"{root}/{folder}":
            with suppress(OSError):  # it is not empty
                os.rmdir(f"{root}/{folder}")  # noqa: PTH106 (as above)


def _foreign(root: Path, owned: Mapping[str, str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """All files below ``root`` that hubkit did not write, and all folders that hold nothing that it wrote."""
    own_folders = all_folders(owned)
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
    return tuple(files), frozenset(folders)
