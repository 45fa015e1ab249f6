"""SHA-256 of files (FIPS 180-4), streamed, and remembered while a file's stat does not change."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

CHUNK_BYTES = 1024 * 1024

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Whether ``text`` is a SHA-256 digest: 64 hexadecimal digits in lower case."""
    return _DIGEST.fullmatch(text) is not None


def sha256_file(path: Path) -> str:
    """The digest of the file's bytes, read in pieces of 1 MiB."""
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as stream:
        buffer = memoryview(bytearray(CHUNK_BYTES))
        while count := stream.readinto(buffer):
            digest.update(buffer[:count])
    return digest.hexdigest()


class DigestCache:
    """Digests of files that were read before; a file is read again when its size, time or inode is another.

    It saves time, it proves nothing: who can write the file can set its time. What must be proved is hashed anew.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, list[int | str]] = {}
        self._changed = False
        try:
            loaded = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return  # nothing is remembered: every file is read
        if isinstance(loaded, dict):
            self._known = {key: row for key, row in loaded.items() if _is_sound(row)}

    def sha256(self, file: Path, *, anew: bool = False) -> str | None:
        """The file's digest, read in any case where it is asked for ``anew``; None where there is no such file."""
        try:
            stat = file.stat()
        except OSError:
            return None
        stamp: list[int | str] = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
        key = str(file.absolute())
        known = self._known.get(key)
        if known is not None and known[:3] == stamp and not anew:
            return str(known[3])
        digest = sha256_file(file)
        self._known[key] = [*stamp, digest]
        self._changed = True
        return digest

    def save(self) -> None:
        """Write down what was learnt, whole or not at all; it is no error where that cannot be done."""
        if not self._changed:
            return
        kept = {key: value for key, value in sorted(self._known.items()) if Path(key).exists()}
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with suppress(OSError):  # another user's folder may be read only; the next run reads the files again
            self._path.parent.mkdir(parents=True, exist_ok=True)
            try:
                beside.write_text(json.dumps(kept), encoding="utf-8")
                beside.replace(self._path)
            finally:
                beside.unlink(missing_ok=True)
        self._changed = False


def _is_sound(row: object) -> bool:
    """Whether a row is size, time, inode and digest, as it was written down."""
    if not isinstance(row, list) or len(row) != 4:
        return False
    return all(type(part) is int for part in row[:3]) and isinstance(row[3], str) and is_digest(row[3])
