"""A site as the last build left it: what it was made of, and its files."""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

from hubkit.site.folder import SiteFolder, Stamp, is_same
from hubkit.site.inputs import file_stamp
from hubkit.site.problem import Problem

STATE = "state"

Made = tuple[str, str, Stamp, str]
"""What a file was made of, as a digest; its own SHA-256 and stamp; and the file that it is a link to, if any."""

# No path of a file holds it, and no digest.
_BETWEEN = "\0"


@dataclass(frozen=True, slots=True)
class Files:
    """All files of a site, in columns: to load them as objects takes longer than to look whether they are there."""

    paths: str
    """Their paths from the site's root, in order."""
    keys: str
    """What each was made of, as a digest."""
    digests: str
    """The SHA-256 of each."""
    stamps: bytes
    """The stamp of each, as 64-bit numbers."""
    sources: dict[str, str]
    """The file that one is a link to, for those that are."""

    @property
    def count(self) -> int:
        """How many they are, the list of them included."""
        return self.paths.count(_BETWEEN) + 1

    def made(self) -> dict[str, Made]:
        """The files, by their paths."""
        numbers = array("q", self.stamps).tolist()
        stamps = zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True)
        paths, keys, digests = (column.split(_BETWEEN) for column in (self.paths, self.keys, self.digests))
        found: dict[str, Made] = dict(zip(paths, zip(keys, digests, stamps, repeat("")), strict=True))
        for path, source in self.sources.items():
            found[path] = (*found[path][:3], source)
        return found

    def is_whole(self, folder: SiteFolder) -> bool:
        """Whether every file is still there as it was written."""
        start = f"{folder.root}/"
        numbers = array("q", self.stamps).tolist()
        columns = zip(self.paths.split(_BETWEEN), numbers[0::3], numbers[1::3], numbers[2::3], strict=True)
        ask = os.lstat
        try:
            for path, size, time, inode in columns:
                stat = ask(start + path)
                if (
                    stat.st_mtime_ns != time or stat.st_ino != inode or stat.st_size != size
                ) and path not in self.sources:
                    return False
            return all(is_same(folder.root / path, Path(source)) for path, source in self.sources.items())
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Site:
    """A site as the last build left it."""

    stamps: dict[str, str]
    """What it was made of."""
    files: Files
    """Its files."""
    problems: tuple[Problem, ...]
    """What could not be shown."""
    missing: dict[str, str]
    """The converted files that could not be published, with the stamps of what was there; empty for nothing."""

    def lacks_the_same(self) -> bool:
        """Whether none of the files that could not be published has come or changed since."""
        return all(file_stamp(path) == stamp for path, stamp in self.missing.items())


def files_of(made: Mapping[str, Made]) -> Files:
    """The files, at least one, in columns."""
    paths = sorted(made)
    keys, digests, stamps, _ = zip(*map(made.__getitem__, paths), strict=True)
    return Files(
        _BETWEEN.join(paths),
        _BETWEEN.join(keys),
        _BETWEEN.join(digests),
        array("q", chain.from_iterable(stamps)).tobytes(),
        {path: source for path, (_, _, _, source) in made.items() if source},
    )
