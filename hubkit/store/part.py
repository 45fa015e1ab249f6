"""What has come of a file so far, kept so that it can be gone on with, also after the process was killed.

A part is written by one process alone: each writes a file of its own, whose name says who. Where a part is left over,
the next process takes it by renaming it, which only one can, once nobody can be writing it any more; where that is
not sure, it takes a copy. So no lock is needed for the bytes to be right.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from hubkit.store.digest import CHUNK_BYTES

SUFFIX = ".part"

# What a header field may hold; a note on the origin may have been damaged.
_VALIDATOR = re.compile(r"[\x20-\x7e]{0,1024}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the bytes of a part came from."""

    url: str = ""
    """The source that sent the last of them."""
    validator: str = ""
    """What that source calls this version of the file; empty where it does not say."""
    total: int | None = None
    """The size of the whole file, where it was announced."""


class Part:
    """The first bytes of a file, in a file of this process's own; hashed as they come."""

    def __init__(self, folder: Path, key: str) -> None:
        """Begin the file ``key`` in ``folder``, with what is left over there of earlier attempts."""
        self._folder = folder
        self._key = key
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{key}.{_host()}.{os.getpid()}.{secrets.token_hex(4)}{SUFFIX}"
        """Where it lies."""
        self.size = 0
        """Its bytes."""
        self.resumed = False
        """Whether some of its bytes came in an earlier attempt."""
        self._digest = hashlib.sha256()
        took = _take_over(folder, key, self.path)
        self.origin = self._read_origin() if took else Origin()
        """Where its bytes came from."""
        self._stream: BinaryIO = self.path.open("r+b" if took else "x+b", buffering=0)

    def read_back(self, alive: Callable[[], None]) -> None:
        """Hash what was taken over. ``alive`` is called on the way."""
        while piece := self._stream.read(CHUNK_BYTES):
            self._digest.update(piece)
            self.size += len(piece)
            alive()
        self.resumed = bool(self.size)

    def append(self, data: bytes) -> None:
        """Write and hash ``data``."""
        rest = memoryview(data)
        while rest:  # a nearly full disk takes less than it is given, and then says so
            try:
                rest = rest[self._stream.write(rest) :]
            except OSError as error:  # such as a full disk: it is told where
                raise OSError(error.errno, error.strerror, str(self.path)) from error
        self._digest.update(data)
        self.size += len(data)

    def restart(self) -> None:
        """Throw away all bytes."""
        self._stream.seek(0)
        self._stream.truncate()
        self._digest = hashlib.sha256()
        self.size = 0
        self.resumed = False
        self.origin = Origin()

    def came_from(self, origin: Origin) -> None:
        """Note, for the next process too, where the bytes come from."""
        self.origin = origin
        beside = self.path.with_suffix(".json")
        row = {"url": origin.url, "validator": origin.validator, "total": origin.total}
        beside.write_text(json.dumps(row), encoding="utf-8")
        beside.replace(self._origin_path)

    def sha256(self) -> str:
        """The digest of the bytes."""
        return self._digest.hexdigest()

    def finish(self) -> Path:
        """Write everything through to the disk and close it; where it lies."""
        os.fsync(self._stream.fileno())
        self._stream.close()
        self._origin_path.unlink(missing_ok=True)
        return self.path

    def release(self) -> None:
        """Leave what has come for the next attempt, whoever makes it; nothing where it was moved or is empty."""
        self._stream.close()
        with suppress(FileNotFoundError):
            if self.size:
                self.path.replace(self._folder / f"{self._key}{SUFFIX}")
            else:
                self.path.unlink()
                self._origin_path.unlink()

    @property
    def _origin_path(self) -> Path:
        return self._folder / f"{self._key}.json"

    def _read_origin(self) -> Origin:
        try:
            row: dict[str, Any] = json.loads(self._origin_path.read_text(encoding="utf-8"))
            url, validator, total = row["url"], row["validator"], row["total"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return Origin()  # it is asked without a condition; the digest decides
        sound = isinstance(url, str) and isinstance(validator, str) and (total is None or type(total) is int)
        sound = sound and _VALIDATOR.fullmatch(validator) is not None
        return Origin(url, validator, total) if sound else Origin()


def _take_over(folder: Path, key: str, own: Path) -> bool:
    """Make the longest part that is left over this process's own; the shorter ones go.

    What is no plain file goes too: behind a link lies what is not the store's to write, and a pipe is waited for.
    """
    left = sorted(folder.glob(f"{key}*{SUFFIX}"), key=_size, reverse=True)
    took = False
    for path in left:
        with suppress(FileNotFoundError):  # another process was faster
            if not stat.S_ISREG(path.lstat().st_mode):
                path.unlink()
            elif not os.access(path, os.R_OK | os.W_OK):
                continue  # another user's
            elif not in_use(path):
                if took:
                    path.unlink()
                else:
                    path.rename(own)
                    took = True
            elif not took:
                shutil.copyfile(path, own)
                took = True
    return took


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0


def in_use(path: Path) -> bool:
    """Whether a process may be writing the part at ``path``: always true unless it is sure that none is."""
    words = path.name.removesuffix(SUFFIX).split(".")
    if len(words) == 1:
        return False  # its writer let go of it
    _, host, process, *_ = words
    if host != _host():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError):
        return True
    return True


@lru_cache(maxsize=1)
def _host() -> str:
    """A text that is the same for two processes only where each can see whether the other runs."""
    texts = [socket.gethostname()]
    with suppress(OSError):  # a system without /proc
        texts.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii"))
        texts.append(str(Path("/proc/self/ns/pid").readlink()))
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
