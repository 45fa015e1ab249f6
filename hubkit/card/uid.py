"""What a uid says: its version folder, its family, and which version is the newer one."""

from __future__ import annotations

import re
from functools import lru_cache

_VERSION_FOLDER = re.compile(r"\d+\.\d+(?:\.\d+)*", re.ASCII)


@lru_cache(maxsize=65536)  # asked for again and again of each card
def version_of(uid: str) -> str:
    """The MindSpore version that a uid names: its last folder that looks like one; empty where there is none."""
    parts = [part for part in uid.split("/")[:-1] if _VERSION_FOLDER.fullmatch(part)]
    return parts[-1] if parts else ""


def family_of(uid: str) -> str:
    """The uid without its version folder: the same for all versions of a model, and for nothing else."""
    version = version_of(uid)
    folder, _, name = uid.rpartition("/")
    parts = folder.split("/") if folder else []
    if version:
        del parts[len(parts) - 1 - parts[::-1].index(version)]
    return "/".join([*parts, name])


def version_order(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.10 comes after 1.9; () for an empty one, which comes before all."""
    return tuple(int(part) for part in version.split(".")) if version else ()
