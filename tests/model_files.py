"""Small model files of every kind, made by hand: what the formats' descriptions say, byte for byte."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable

from hubkit.wire import header


def text(number: int, value: str | bytes) -> bytes:
    """A protobuf field of the LENGTH kind."""
    data = value.encode() if isinstance(value, str) else value
    return header(number, len(data)) + data


def number(field: int, value: int) -> bytes:
    """A protobuf field with a small number."""
    return bytes([field << 3, value])


def checkpoint(values: Iterable[float] = (1.0, 2.0), name: str = "conv.weight", *, checksum: bool = False) -> bytes:
    """A .ckpt with one float32 parameter."""
    data = b"".join(struct.pack("<f", value) for value in values)
    tensor = number(1, len(data) // 4) + text(2, "Float32") + text(3, data)
    content = text(1, text(1, name) + text(2, tensor))
    return content + b"crc_num" + zlib.crc32(content).to_bytes(10, "big") if checksum else content


def mindir(location: str | None = None) -> bytes:
    """A .mindir with one parameter, whose elements lie beside it at ``location`` if one is given."""
    data = text(9, bytes(8)) if location is None else text(12, text(1, location) + number(3, 8))
    tensor = number(1, 2) + number(2, 1) + text(7, "1:weight") + data
    graph = text(1, text(3, "node") + text(4, "ReLU")) + text(2, "net") + text(3, tensor)
    return text(1, "0.1.1") + text(2, "MindSpore") + text(5, "2.10.0") + text(7, graph) + number(10, 1) + number(13, 1)


def onnx(location: str | None = None, *, inside: str = "initializer") -> bytes:
    """An .onnx with one weight, whose elements lie beside it at ``location`` if one is given.

    ``inside`` is where the weight stands: "initializer", "attribute", "subgraph", "sparse" or "function".
    """
    external = text(13, text(1, "location") + text(2, location)) + number(14, 1) if location is not None else b""
    tensor = number(1, 2) + number(2, 1) + text(8, "weight") + (external or text(9, bytes(8)))
    node = {
        "attribute": text(5, text(1, "value") + text(5, tensor)),
        "subgraph": text(5, text(1, "then") + text(6, text(5, tensor))),
    }.get(inside, b"")
    graph = text(1, text(4, "Relu") + node) + text(2, "net")
    graph += {"initializer": text(5, tensor), "sparse": text(15, text(1, tensor))}.get(inside, b"")
    function = text(25, text(7, text(5, text(5, tensor)))) if inside == "function" else b""
    return number(1, 9) + text(2, "tests") + text(7, graph) + text(8, number(2, 18)) + function


def safetensors() -> bytes:
    """A safetensors file with one tensor."""
    head = json.dumps({"__metadata__": {}, "w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    return struct.pack("<Q", len(head)) + head + bytes(8)


def mslite() -> bytes:
    """The frame of a MindSpore Lite file: a FlatBuffer with a root table of one field."""
    return struct.pack("<I4sHHHHiI", 16, b"MSL2", 6, 8, 4, 0, 8, 0)


ALL = {
    "ckpt": checkpoint(),
    "mindir": mindir(),
    "onnx": onnx(),
    "safetensors": safetensors(),
    "mslite": mslite(),
}
