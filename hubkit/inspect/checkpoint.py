"""What a MindSpore checkpoint holds."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from hubkit.convert.mindir_proto import (
    CHECKPOINT_CONTENT,
    CHECKPOINT_TENSOR,
    CHECKPOINT_VALUE,
    MESSAGES,
)
from hubkit.inspect.element_types import CHECKPOINT, ElementType
from hubkit.inspect.file import ModelFile, quoted, release
from hubkit.inspect.message import Reader, Tables
from hubkit.inspect.model import Model, Tensor
from hubkit.store.content import Kind, split_checksum

_TABLES: Tables = {
    "Checkpoint": (("value", CHECKPOINT_VALUE, "CheckpointValue*"),),
    "CheckpointValue": (*MESSAGES["CheckpointValue"], ("tensor", CHECKPOINT_TENSOR, "CheckpointTensor")),
    "CheckpointTensor": (*MESSAGES["CheckpointTensor"], ("content", CHECKPOINT_CONTENT, "bytes")),
}
_TEXT = "str"
_PIECE_BYTES = 4 * 2**20


@dataclass(slots=True)
class _Parts:
    """One tensor, whose elements may be split over several entries."""

    element_type: ElementType
    shape: tuple[int, ...]
    data: list[memoryview] = field(default_factory=list)


def read(file: ModelFile) -> Model:
    """Raises InspectError where the file is damaged, WireError where its messages are."""
    content, checksum = split_checksum(file.content)
    if checksum is not None and _crc32(content) != checksum:
        raise file.bad("it is damaged: its check sum does not fit its content")
    reader = Reader(_TABLES, file.walk)
    found: dict[str, _Parts] = {}
    notes: dict[str, str] = {}
    for view in reader.read("Checkpoint", content).views("value"):
        entry = reader.read("CheckpointValue", view)
        name, tensors = entry.text("tag"), entry.views("tensor")
        if not name or len(tensors) != 1:
            raise file.bad(f"the entry {quoted(name)} holds no tensor")
        tensor = reader.read("CheckpointTensor", tensors[0])
        word = tensor.text("tensor_type")
        if word == _TEXT:
            notes[name] = "".join(str(text[:200], "utf-8", "replace") for text in tensor.views("content"))[:200]
            continue
        if word not in CHECKPOINT:
            raise file.bad(
                f"the parameter {quoted(name)} has the unknown element type {quoted(word)}",
                "A newer hubkit may read it.",
            )
        shape = tuple(tensor.numbers("dims"))
        parts = found.setdefault(name, _Parts(CHECKPOINT[word], shape))
        if (parts.element_type, parts.shape) != (CHECKPOINT[word], shape):
            raise file.bad(f"the parameter {quoted(name)} occurs twice, differently")
        parts.data.extend(tensor.views("content"))
    release(content)
    return Model(
        Kind.CKPT,
        tuple(_tensor(file, name, parts) for name, parts in found.items()),
        metadata=notes,
        has_graph=False,
    )


def _tensor(file: ModelFile, name: str, parts: _Parts) -> Tensor:
    size = sum(len(part) for part in parts.data)
    shape = parts.shape
    if shape == (0,) and size and size == parts.element_type.size(1):
        shape = ()  # how older versions write a single number
    count = file.checked_count(name, parts.element_type, shape, size)
    return Tensor(name, parts.element_type, shape, count, size, tuple(parts.data))


def _crc32(content: memoryview) -> int:
    checksum = 0
    for start in range(0, len(content), _PIECE_BYTES):
        checksum = zlib.crc32(content[start : start + _PIECE_BYTES], checksum)
        release(content)
    return checksum
