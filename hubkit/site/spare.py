"""The folder that a new state of a site is made in: the one that the last build took the place of.

It holds what the site holds, as hard links, but for the few files that the last build wrote. So a build that changes
few files does not link thousands. A build that made most of the site, such as the first, makes it by itself. It can be
used only while nobody has added or removed anything in either folder; the times of all folders tell, since a file that
comes, goes or is replaced changes its folder's. A file that is changed in place is seen by its own stamp.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from hubkit.site.folder import FOLDERS, MANIFEST, SiteFolder, Stamp, is_inside
from hubkit.site.record import read_record, write_record

_KEY = "folders 1"
_TICK_NS = 50_000_000

FolderStamp = tuple[int, int, int]
"""Mode, time of the last change of its entries in nanoseconds, and inode."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The site's folders and those of its spare as a build left them."""

    manifest: Stamp
    """The stamp of the list of the site's files."""
    site: dict[str, FolderStamp]
    """All folders of the site, by their paths from its root, which is the empty path."""
    foreign: tuple[str, ...]
    """All files of the site that hubkit did not write."""
    foreign_folders: frozenset[str]
    """All folders of the site that hold nothing that hubkit wrote."""
    spare: dict[str, FolderStamp]
    """All folders of the spare; empty where there is none."""
    absent: tuple[str, ...]
    """The files of the site that the spare does not hold."""


def read_folders(folder: SiteFolder) -> Folders | None:
    """How the last build left the folders; None where that is not known, or it is no longer so."""
    found = read_record(folder.work / FOLDERS, _KEY)
    if not isinstance(found, Folders) or folder.stamp(MANIFEST) != found.manifest:
        return None
    if stamps(os.fspath(folder.root), found.site) != found.site:
        return None
    spare = os.fspath(folder.spare)
    if stamps(spare, found.spare) != found.spare or not all(map(is_inside, found.absent)):
        return Folders(found.manifest, found.site, found.foreign, found.foreign_folders, {}, ())
    return found


def write_folders(folder: SiteFolder, folders: Folders) -> None:
    """Write down how this build leaves them."""
    write_record(folder.work / FOLDERS, _KEY, folders)


def make_spare(folder: SiteFolder, paths: Iterable[str]) -> None:
    """Make a spare of a site that was just published without one; ``paths`` are those of all files of hubkit's.

    What stands in the way of it is no error: the next build does without.
    """
    found = read_folders(folder)
    if found is None or found.spare:
        return
    old, new = os.fspath(folder.root), os.fspath(folder.spare)
    try:
        for place in sorted(found.site):
            os.mkdir(f"{new}/{place}")  # noqa: PTH102 (a Path costs more than asking)
        for path in (*paths, *found.foreign):
            os.link(f"{old}/{path}", f"{new}/{path}", follow_symlinks=False)
        for place in found.site:
            shutil.copymode(f"{old}/{place}", f"{new}/{place}")
        write_folders(folder, replace(found, spare=settle(new, found.site), absent=()))
    except OSError:
        shutil.rmtree(new, ignore_errors=True)


def forget_folders(folder: SiteFolder) -> None:
    """To be done before anything in either of them is touched: a build that is killed then leaves no spare."""
    with suppress(FileNotFoundError):
        (folder.work / FOLDERS).unlink()


def settle(root: str, folders: Iterable[str]) -> dict[str, FolderStamp]:
    """Make the times of folders that nobody else sees yet a little older, so that any later change is a later time.

    Clocks of file systems tick in milliseconds: without it a change might have the time of hubkit's own.
    Returns their stamps.
    """
    past = time.time_ns() - _TICK_NS
    for folder, (_, changed, _) in stamps(root, folders).items():
        if changed > past:
            os.utime(f"{root}/{folder}", ns=(past, past))
    return stamps(root, folders)


def stamps(root: str, folders: Iterable[str]) -> dict[str, FolderStamp]:
    """The stamps of these folders below ``root``; those are left out that are no folders, and links to folders."""
    found = {}
    for folder in folders:
        with suppress(OSError):
            status = os.lstat(f"{root}/{folder}" if folder else root)
            if stat.S_ISDIR(status.st_mode):
                found[folder] = (status.st_mode, status.st_mtime_ns, status.st_ino)
    return found
