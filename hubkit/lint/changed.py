"""Which files git says have changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from hubkit.errors import HubkitError


def changed_since(revision: str, folder: Path, cards: Iterable[Path]) -> frozenset[Path]:
    """The files of the repository around ``folder`` that differ from ``revision`` or are not tracked, resolved.

    Raises HubkitError where there is no repository, no such revision, or no git, and where one of ``cards`` lies
    outside of the repository, which knows nothing of its changes.
    """
    top = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    for card in cards:
        if not _real(card).is_relative_to(top):
            raise HubkitError(
                f"{card}: what changed cannot be told: it lies outside of the git repository {top}",
                hint="Run hubkit in the repository of the cards, or leave --changed-since out.",
            )
    # Resolved first, so that a name that begins with a dash is not taken for an option.
    commit = _git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    listed = _git(top, "diff", "--name-only", "--no-renames", "-z", commit)
    listed += _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(_real(top / name) for name in listed.split("\0") if name)


def _real(path: Path) -> Path:
    """``Path.resolve`` fails on a link to itself."""
    return Path(os.path.realpath(path))


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=False, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HubkitError(f"git cannot be run: {error}", hint="Install git, or leave --changed-since out.") from error
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()
        detail = reason[0] if reason else f"git knows no revision {arguments[-1].removesuffix('^{commit}')!r}"
        raise HubkitError(
            f"what changed cannot be told: {detail}",
            hint="Run hubkit in a git repository, and name a branch, a tag or a commit.",
        )
    return done.stdout
