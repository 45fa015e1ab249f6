"""What a build writes down for the next one: a file that is good under one key only, behind its SHA-256.

It is a pickle, which loads fast. As such it might be anybody's: only the plain data classes that hubkit itself puts in
are loaded, so that a file that came with somebody's folder can do nothing but be wrong.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any

# Module -> the classes of it that a record may hold.
_CLASSES: dict[str, frozenset[str]] = {
    "hubkit.card.model": frozenset({"Asset", "Card"}),
    "hubkit.card.network": frozenset({"NetworkBlock", "NetworkInput"}),
    "hubkit.receipts": frozenset(
        {"AssetCheck", "ModelFile", "Parity", "Receipt", "Sensitivity", "Status", "Step", "Tensor"}
    ),
    "hubkit.site.gather": frozenset({"Entry", "LinkCheck", "Reading"}),
    "hubkit.site.known": frozenset({"Known"}),
    "hubkit.site.problem": frozenset({"Problem"}),
    "hubkit.site.search": frozenset({"SearchKeys"}),
    "hubkit.site.search_tables": frozenset({"SearchCard"}),
    "hubkit.site.search_words": frozenset({"WordIndex"}),
    "hubkit.site.spare": frozenset({"Folders"}),
    "hubkit.site.state": frozenset({"Files", "Site"}),
}


def read_record(path: Path, key: str) -> Any:
    """What was written under ``key``; None where there is none, it is damaged, or it was written under another key."""
    try:
        content = path.read_bytes()
        start = content.index(b"\n") + 1
        if content[: start - 1] != _digest(key, memoryview(content)[start:]):
            return None
        return loads(content, start)
    except (OSError, TypeError, ValueError):
        return None


def write_record(path: Path, key: str, data: object) -> None:
    """Write a record, whole or not at all; a folder that cannot be written is no error. One writes at a time."""
    content = dumps(data)
    beside = path.with_name(f"{path.name}.new")
    try:
        with beside.open("wb") as stream:
            stream.write(_digest(key, content) + b"\n")
            stream.write(content)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()


def dumps(data: object) -> bytes:
    """Plain data as bytes."""
    return pickle.dumps(data, protocol=pickle.HIGHEST_PROTOCOL)


def loads(content: bytes, start: int = 0) -> Any:
    """What dumps made the bytes from ``start`` on of. Raises ValueError or TypeError where it is no plain data."""
    try:
        stream = io.BytesIO(content)
        stream.seek(start)
        return _Plain(stream).load()
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError) as error:
        raise ValueError(str(error)) from error


def _digest(key: str, content: bytes | memoryview) -> bytes:
    digest = hashlib.sha256(f"{key}\n".encode())
    digest.update(content)
    return digest.hexdigest().encode()


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if name not in _CLASSES.get(module, ()):
            raise pickle.UnpicklingError(f"{module}.{name}: not in a record")
        return super().find_class(module, name)
