"""Read and write safetensors files: eight bytes with the header's length, the header in JSON, and the elements.

A reader hands out views of the mapped file; a writer takes pieces as they come, so neither holds a tensor. What is
read must hold to all of the format: its dtypes, offsets that cover the data without gap or overlap, sizes that fit the
shapes, no name twice. Source: the format's description and its reference implementation, version 0.8.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubkit.errors import ConvertError

# The reference takes headers of up to 100 MB, of which Python would make more than a gigabyte.
MAX_HEADER_BYTES = 16 * 2**20
"""The longest header that is read or written: some 150,000 tensors."""
_LENGTH_BYTES = 8
_ALIGNMENT = 8
_METADATA = "__metadata__"
_MAX_AXES = 64
_SURROGATE = re.compile("[\ud800-\udfff]")

# The name in a header -> (the name in hubkit, bits an element).
DTYPES: Mapping[str, tuple[str, int]] = {
    "BOOL": ("bool", 8),
    "F4": ("float4_e2m1fn", 4),
    "F6_E2M3": ("float6_e2m3fn", 6),
    "F6_E3M2": ("float6_e3m2fn", 6),
    "U8": ("uint8", 8),
    "I8": ("int8", 8),
    "F8_E5M2": ("float8_e5m2", 8),
    "F8_E4M3": ("float8_e4m3fn", 8),
    "F8_E8M0": ("float8_e8m0fnu", 8),
    "F8_E4M3FNUZ": ("float8_e4m3fnuz", 8),
    "F8_E5M2FNUZ": ("float8_e5m2fnuz", 8),
    "I16": ("int16", 16),
    "U16": ("uint16", 16),
    "F16": ("float16", 16),
    "BF16": ("bfloat16", 16),
    "I32": ("int32", 32),
    "U32": ("uint32", 32),
    "F32": ("float32", 32),
    "C64": ("complex64", 64),
    "F64": ("float64", 64),
    "I64": ("int64", 64),
    "U64": ("uint64", 64),
}
"""The format's element types."""
_BY_NAME = {name: word for word, (name, _) in DTYPES.items()}


@dataclass(frozen=True, slots=True)
class SafeTensor:
    """One tensor of a file."""

    name: str
    """Its name."""
    dtype: str
    """Its element type by NumPy's name, or that of ml_dtypes; one of those in DTYPES."""
    shape: tuple[int, ...]
    """Its sizes."""
    data: memoryview = field(repr=False)
    """Its elements, little endian, row-major."""


@dataclass(frozen=True, slots=True)
class SafeTensors:
    """What a file holds."""

    tensors: tuple[SafeTensor, ...]
    """In the order in which their elements lie."""
    metadata: Mapping[str, str]
    """The texts that its writer put beside them."""


def read_safetensors(content: memoryview, path: Path) -> SafeTensors:
    """The tensors in ``content``, the whole file; ``path`` is for messages.

    Raises ConvertError where the bytes are no such file, or it does not hold to the format.
    """
    try:
        header, start = _header(content)
        metadata = _metadata(header.pop(_METADATA, {}))
        tensors = sorted((_tensor(name, entry) for name, entry in header.items()), key=lambda found: found[3:])
        _check_cover(tensors, len(content) - start)
    except _FormatError as error:
        raise ConvertError(
            f"{path} is no safetensors file, or it is damaged: {error}",
            hint="Compare its SHA-256 with the published one, and fetch or export it again.",
        ) from None
    return SafeTensors(
        tuple(
            SafeTensor(name, dtype, shape, content[start + first : start + last])
            for name, dtype, shape, first, last in tensors
        ),
        metadata,
    )


def write_safetensors(
    path: Path,
    tensors: Sequence[tuple[str, str, tuple[int, ...], Iterable[bytes | memoryview]]],
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write ``tensors`` (name, NumPy's name of the element type, shape, pieces of the elements, little endian and
    row-major) to ``path``, in place of what it held, whole or not at all.

    The widest elements come first, then the order of names, so that each tensor is aligned and equal input gives equal
    bytes. Raises ConvertError where the format cannot hold them, or pieces do not fit the shape.
    """
    ordered = sorted(tensors, key=lambda tensor: (-_bits(tensor[0], tensor[1]), tensor[0]))
    head = _written_header(ordered, metadata or {})
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as stream:
            stream.write(len(head).to_bytes(_LENGTH_BYTES, "little") + head)
            for name, dtype, shape, pieces in ordered:
                expected, written = _size(shape, _bits(name, dtype)), 0
                for piece in pieces:
                    written += stream.write(piece)
                if written != expected:
                    raise ConvertError(f"the tensor {name} is {dtype}{list(shape)} but has {written:,} bytes")
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


class _FormatError(ValueError):
    """What the format does not allow."""


def _header(content: memoryview) -> tuple[dict[str, Any], int]:
    """The header, and where the elements begin."""
    if len(content) < _LENGTH_BYTES + 2:
        raise _FormatError(f"it has {len(content)} bytes, too few for a header")
    size = int.from_bytes(content[:_LENGTH_BYTES], "little")
    start = _LENGTH_BYTES + size
    if size > MAX_HEADER_BYTES:
        raise _FormatError(f"its header would have {size:,} bytes, more than the {MAX_HEADER_BYTES:,} that are read")
    if start > len(content):
        raise _FormatError(f"its header would have {size:,} bytes, but the file has {len(content):,}")
    if bytes(content[_LENGTH_BYTES : _LENGTH_BYTES + 1]) != b"{":
        raise _FormatError("its header does not begin with {")
    try:
        header = json.loads(str(content[_LENGTH_BYTES:start], "utf-8"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise _FormatError(f"its header is not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise _FormatError(f"its header is no JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise _FormatError("its header is nested too deeply") from None
    except _FormatError:
        raise
    except ValueError:  # a number of more digits than Python reads
        raise _FormatError("its header has a number that is too long") from None
    return header, start


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise _FormatError(f"its header has {twice[:80]!r} twice")
    return found


def _metadata(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise _FormatError("its __metadata__ is not a table of texts")
    return value


def _tensor(name: str, entry: Any) -> tuple[str, str, tuple[int, ...], int, int]:
    """Name, dtype, shape, first byte and the byte behind the last."""
    shown = name[:80]
    if _SURROGATE.search(name):
        raise _FormatError(f"the name {shown!r} is no text")
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise _FormatError(f"the tensor {shown!r} needs dtype, shape and data_offsets, and no more")
    dtype, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise _FormatError(f"the tensor {shown!r} has the unknown dtype {str(dtype)[:40]!r}")
    if not _are_sizes(shape) or len(shape) > _MAX_AXES:
        raise _FormatError(f"the tensor {shown!r} has a shape that no tensor can have")
    if not _are_sizes(offsets) or len(offsets) != 2:
        raise _FormatError(f"the tensor {shown!r} has data_offsets that are not two positions")
    found, bits = DTYPES[dtype]
    count = math.prod(shape)
    if count * bits % 8:
        raise _FormatError(f"the tensor {shown!r} ends inside a byte")
    if _size(shape, bits) != offsets[1] - offsets[0]:
        raise _FormatError(
            f"the tensor {shown!r} is {dtype}{shape}, {_size(shape, bits):,} bytes, but has {offsets[1] - offsets[0]:,}"
        )
    return name, found, tuple(shape), offsets[0], offsets[1]


def _are_sizes(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < 2**63 for value in values)


def _check_cover(tensors: Iterable[tuple[str, str, tuple[int, ...], int, int]], size: int) -> None:
    """That the tensors, in the order of their offsets, cover ``size`` bytes, each byte once."""
    end, before = 0, ""
    for name, _, _, first, last in tensors:
        if first < end:
            raise _FormatError(f"the tensors {before[:80]!r} and {name[:80]!r} overlap")
        if first > end:
            raise _FormatError(f"{first - end:,} bytes before the tensor {name[:80]!r} belong to none")
        end, before = last, name
    if end > size:
        raise _FormatError(f"it ends {end - size:,} bytes early")
    if end < size:
        raise _FormatError(f"its last {size - end:,} bytes belong to no tensor")


def _written_header(tensors: Sequence[tuple[str, str, tuple[int, ...], Any]], metadata: Mapping[str, str]) -> bytes:
    header: dict[str, Any] = {_METADATA: dict(sorted(metadata.items()))} if metadata else {}
    start = 0
    for name, dtype, shape, _ in tensors:
        if name in header or name == _METADATA:
            raise ConvertError(f"a safetensors file cannot hold the name {name[:80]!r}" + (" twice" * (name in header)))
        end = start + _size(shape, _bits(name, dtype))
        header[name] = {"dtype": _BY_NAME[dtype], "shape": list(shape), "data_offsets": [start, end]}
        start = end
    try:
        text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        raise ConvertError("a safetensors file cannot hold a name that is no text") from None
    head = text + b" " * (-len(text) % _ALIGNMENT)
    if len(head) > MAX_HEADER_BYTES:
        raise ConvertError(f"the header of the safetensors file would have {len(head):,} bytes, too many")
    return head


def _bits(name: str, dtype: str) -> int:
    word = _BY_NAME.get(dtype)
    if word is None:
        raise ConvertError(
            f"a safetensors file cannot hold the tensor {name[:80]!r} of {dtype}",
            hint=f"It can hold {', '.join(sorted(_BY_NAME))}.",
        )
    return DTYPES[word][1]


def _size(shape: Iterable[int], bits: int) -> int:
    return math.prod(shape) * bits // 8
