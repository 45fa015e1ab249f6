"""Which kind of model file bytes are, by what they hold; their name is not asked.

Only formats that hold data and no code are taken. A .ckpt, a .mindir and an .onnx file are all protobuf messages
without a signature: they are told apart by the numbers and wire types of their fields. Only the structure is walked;
no weight is read.

Sources: checkpoint.proto and mind_ir.proto of MindSpore; onnx.proto3; the description of the safetensors format; the
FlatBuffers internals document and the file identifiers of MindSpore Lite.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path

from hubkit.errors import FetchError
from hubkit.store import external_data
from hubkit.store.foreign import foreign_name
from hubkit.wire import LENGTH, VARINT, Walk, WireError

_MAX_FIELDS = 2_000_000
_MAX_HEADER_BYTES = 16 * 2**20
# A checkpoint saved with crc_check ends in this word and the CRC-32 of all before it, ten bytes, big endian.
_CRC_WORD = b"crc_num"
_CRC_BYTES = 10


class Kind(StrEnum):
    """A kind of model file; the values are the words of a card's ``file-format``."""

    CKPT = "ckpt"
    MINDIR = "mindir"
    ONNX = "onnx"
    SAFETENSORS = "safetensors"
    MSLITE = "mslite"

    @property
    def words(self) -> str:
        """The kind with its article."""
        return _WORDS[self]


_WORDS = {
    Kind.CKPT: "a MindSpore checkpoint",
    Kind.MINDIR: "a MINDIR file",
    Kind.ONNX: "an ONNX file",
    Kind.SAFETENSORS: "a safetensors file",
    Kind.MSLITE: "a MindSpore Lite file",
}
FORMATS = tuple(kind.value for kind in Kind)
"""The words of all kinds."""
_EXTERNAL = {Kind.MINDIR: external_data.MINDIR, Kind.ONNX: external_data.ONNX}


class ContentError(FetchError):
    """A file is of no kind that is taken, of another than was promised, or names weights outside its folder."""


def check_file(path: Path, promised: str, *, folder: Path | None = None) -> Kind:
    """The kind of the file at ``path``, which must be ``promised``, a word of Kind.

    ``folder`` is where it will be opened, its own if none is given: weights that it names beside it must lie there.
    Raises ContentError.
    """
    try:
        with path.open("rb") as stream:
            content = memoryview(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
    except ValueError:  # what mmap says of a file of no bytes
        raise ContentError("it is empty", hint="Ask its publisher for the file.") from None
    except OSError as error:
        raise ContentError(f"{path}: cannot be read: {error.strerror or error}") from error
    kind = recognise(content)
    if kind.value != promised:
        raise ContentError(
            f"it is {kind.words}, but {promised or 'no format'} was promised",
            hint="The card is wrong, or the file was replaced before its digest was taken. Ask its publisher.",
        )
    if kind in _EXTERNAL:
        location = external_data.leaving_location(
            content, _EXTERNAL[kind], Walk(_MAX_FIELDS), path.parent if folder is None else folder
        )
        if location is not None:
            raise ContentError(
                f"it says that its weights lie at {location[:80]!r}, outside its folder",
                hint="Do not use the file; ask its publisher.",
            )
    return kind


def recognise(content: memoryview) -> Kind:
    """The kind of a whole file. Raises ContentError, which says what it is instead where that can be told."""
    details = []
    for kind, has_form in _FORMS.items():
        try:
            if has_form(content):
                return kind
        except WireError as error:
            details.append(str(error))
    accepted = f"hubkit takes {', '.join(kind.words for kind in Kind)}: formats that hold no code."
    name = foreign_name(content)
    if name is not None:
        raise ContentError(f"it is {name}, no model file", hint=accepted)
    why = f": {_cut_short(content) or details[0]}" if details else ""
    raise ContentError(f"it is no model file of a kind that hubkit knows, or it is damaged{why}", hint=accepted)


def _cut_short(content: memoryview) -> str:
    """What is wrong with the fields of the file itself; empty where only what they hold is damaged.

    The forms give bytes counted from within a field too, and one that the file has not reads it as what it is not.
    """
    try:
        for _ in Walk(_MAX_FIELDS).fields(content):
            pass
    except WireError as error:
        return str(error)
    return ""


def split_checksum(content: memoryview) -> tuple[memoryview, int | None]:
    """A checkpoint without its check sum, and that CRC-32; None where it has none."""
    start = len(content) - len(_CRC_WORD) - _CRC_BYTES
    if start < 0 or content[start : start + len(_CRC_WORD)] != _CRC_WORD:
        return content, None
    return content[:start], int.from_bytes(content[start + len(_CRC_WORD) :], "big")


def _is_checkpoint(content: memoryview) -> bool:
    """Checkpoint { Value value = 1 }, Value { string tag = 1; Tensor tensor = 2 }, Tensor { tensor_type = 2 }."""
    if bytes(content[:1]) != b"\x0a":
        return False
    walk = Walk(_MAX_FIELDS)
    body, _ = split_checksum(content)
    for field in walk.fields(body):
        if (field.number, field.kind) != (1, LENGTH):
            return False
        entry = _lengths(body[field.payload : field.end], walk, {1: 1, 2: 1})
        if entry is None or not entry[1]:
            return False
        tensor = _lengths(entry[2], walk, {2: 1}, others=(1, 3))
        if tensor is None or not bytes(tensor[2][:32]).isalnum():
            return False
    return True


def _lengths(
    view: memoryview, walk: Walk, counts: Mapping[int, int], others: tuple[int, ...] = ()
) -> dict[int, memoryview] | None:
    """The payloads of a message that has each field of ``counts`` so often and no field but these and ``others``."""
    found: dict[int, memoryview] = {}
    seen: Counter[int] = Counter()
    for field in walk.fields(view):
        if field.number in counts and field.kind == LENGTH:
            seen[field.number] += 1
            found[field.number] = view[field.payload : field.end]
        elif field.number not in others:
            return None
    return found if seen == counts else None


# Number -> wire type of the top fields; what is not named is of a later version of the format.
_MINDIR_FIELDS = {1: LENGTH, 2: LENGTH, 5: LENGTH, 7: LENGTH, 8: LENGTH, 10: VARINT, 12: LENGTH, 13: VARINT}
_ONNX_FIELDS = {1: VARINT, 2: LENGTH, 5: VARINT, 7: LENGTH, 8: LENGTH, 14: LENGTH, 20: LENGTH, 25: LENGTH}
_MAX_NUMBER = 64
_VERSION, _GRAPH = 1, 7


def _is_model(kinds: Mapping[int, int], content: memoryview) -> bool:
    """ModelProto { ir_version = 1; GraphProto graph = 7; ... }: the version is a text in MINDIR, a number in ONNX."""
    seen: Counter[int] = Counter()
    walk = Walk(_MAX_FIELDS)
    for field in walk.fields(content):
        if field.number > _MAX_NUMBER or kinds.get(field.number, field.kind) != field.kind:
            return False
        seen[field.number] += 1
        if field.number == _GRAPH:
            for _ in walk.fields(content[field.payload : field.end]):
                pass  # each field of the graph has its place
    return seen[_VERSION] == seen[_GRAPH] == 1


def _is_safetensors(content: memoryview) -> bool:
    """Eight bytes with the header's length, the header in JSON, and data that its tensors cover without a gap."""
    size = int.from_bytes(content[:8], "little")
    if len(content) < 10 or size > min(_MAX_HEADER_BYTES, len(content) - 8) or bytes(content[8:9]) != b"{":
        return False
    try:
        header = json.loads(bytes(content[8 : 8 + size]))
        spans = sorted(_span(tensor) for name, tensor in header.items() if name != "__metadata__")
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    end = 0
    for first, last in spans:
        if first != end or last < first:
            return False
        end = last
    return end == len(content) - 8 - size


def _span(tensor: Mapping[str, object]) -> tuple[int, int]:
    offsets = tensor["data_offsets"]
    if not isinstance(tensor["dtype"], str) or not isinstance(tensor["shape"], list) or not isinstance(offsets, list):
        raise TypeError("no tensor")
    first, last = offsets
    if type(first) is not int or type(last) is not int:
        raise TypeError("no offsets")
    return first, last


def _is_mslite(content: memoryview) -> bool:
    """A FlatBuffer with MindSpore Lite's identifier whose root table and its vtable lie inside the file."""
    if bytes(content[4:8]) not in (b"MSL1", b"MSL2") or len(content) < 16:
        return False
    try:
        (root,) = struct.unpack_from("<I", content, 0)
        (back,) = struct.unpack_from("<i", content, root)
        vtable = root - back
        vtable_size, table_size = struct.unpack_from("<HH", content, vtable) if vtable >= 0 else (0, 0)
    except struct.error:
        return False
    return bool(vtable_size > 4 and vtable + vtable_size <= len(content) and root + table_size <= len(content))


_FORMS: Mapping[Kind, Callable[[memoryview], bool]] = {
    Kind.SAFETENSORS: _is_safetensors,
    Kind.MSLITE: _is_mslite,
    Kind.CKPT: _is_checkpoint,
    Kind.MINDIR: partial(_is_model, _MINDIR_FIELDS),
    Kind.ONNX: partial(_is_model, _ONNX_FIELDS),
}
