"""Whether the code of a repository may run: only where its user said so, for this repository and this commit.

It is said by ``--trust-repo``, or in the table ``[trust]`` of the settings that hold in the folder where hubkit is
started. Neither a card nor an environment variable can say it, and settings that came with the code do not count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hubkit.repos.address import repository_name
from hubkit.repos.checkout import PinnedCode

_REMOTE = re.compile(r"^\s*url\s*=\s*(\S+)", re.MULTILINE)
_MAX_CONFIG = 1024 * 1024


@dataclass(frozen=True)
class Trust:
    """What the user said."""

    flag: bool = False
    """Whether ``--trust-repo`` was given."""
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Repository -> commits whose code may run."""
    file: Path | None = None
    """The file that the entries stand in."""
    place: str = ""
    """The entries' file and line, for messages."""

    def granted(self, code: PinnedCode, store: Path) -> str:
        """Who said that ``code`` may run: "--trust-repo" or the place of the entry; empty where nobody did."""
        if self.flag:
            return "--trust-repo"
        for repository, commits in self.entries.items():
            if repository_name(repository) == code.repository and code.commit in commits:
                return "" if self._came_with(code, store) else self.place
        return ""

    def _came_with(self, code: PinnedCode, store: Path) -> bool:
        """Whether the settings lie in a copy of the very repository, or in the store."""
        if self.file is None:
            return False
        file = self.file.resolve()
        if file.is_relative_to(store.resolve()):
            return True
        for folder in file.parents:
            config = folder / ".git" / "config"
            with suppress(OSError):
                if config.is_file():
                    with config.open(encoding="utf-8", errors="replace") as stream:
                        remotes = _REMOTE.findall(stream.read(_MAX_CONFIG))
                    return any(repository_name(remote) == code.repository for remote in remotes)
        return False


def how_to_trust(code: PinnedCode) -> str:
    """What a user does who has read the code and wants it to run."""
    return (
        "Read it first, for it runs with your rights. Then give --trust-repo, or write into your hubkit.toml:\n"
        f'  [trust]\n  "{code.repository}" = ["{code.commit}"]'
    )
