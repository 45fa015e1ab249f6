"""Write an ONNX file without gathering its weights in memory: they go from where they lie into the file.

A protobuf file holds 2 GiB at most. Of a larger model the weights lie in a file of their own beside it, called after it
with `.data` behind; small constants stay inside, as shapes are told from them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import onnx

from hubkit import wire
from hubkit.convert.lowering.builder import Initializer
from hubkit.convert.records import DataFile
from hubkit.errors import ConvertError

DATA_SUFFIX = ".data"
"""What the file of weights has behind the name of its model."""

# Numbers of onnx.proto3's fields: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data.
_MODEL_GRAPH = 7
_GRAPH_INITIALIZER = 5
_TENSOR_RAW_DATA = 9
_MAX_BYTES = 2**31 - 1
_INSIDE_BYTES = 1024  # constants up to this size stay in the model
_Tensor: TypeAlias = tuple[bytes, bytes | memoryview]  # what stands before the elements, and the elements
_ALIGNMENT = 4096  # so that a runtime can map the weights


def write_onnx(
    path: Path, model: onnx.ModelProto, initializers: Sequence[Initializer]
) -> tuple[str, tuple[DataFile, ...]]:
    """Write ``model`` with ``initializers`` to ``path``, and to ``path`` with `.data` behind where one file is too
    small; the SHA-256 of the first, and what the second is. Equal input gives equal bytes.

    Raises ConvertError where even the model without its weights is too large.
    """
    graph = model.graph.SerializeToString(deterministic=True)
    shell = onnx.ModelProto()
    shell.CopyFrom(model)
    shell.ClearField("graph")
    head = shell.SerializeToString(deterministic=True)
    inside: list[_Tensor] = [(_inside(initializer), initializer.data) for initializer in initializers]
    beside: tuple[DataFile, ...] = ()
    if _size(inside) + len(graph) > _MAX_BYTES - len(head):
        name = path.name + DATA_SUFFIX
        digest, size = _write(path.with_name(name), _aligned(initializers))
        beside = (DataFile(name, digest, size),)
        inside = list(_outside(initializers, name))
    size = _size(inside) + len(graph)
    if size > _MAX_BYTES - len(head):
        raise ConvertError(
            f"the ONNX file would have {size / 2**30:.1f} GiB without its weights, more than the 2 GiB that fit",
            hint="Leave out the ONNX format for this network.",
        )
    tensors = (part for pair in inside for part in pair)
    digest, _ = _write(path, (head, wire.header(_MODEL_GRAPH, size), graph, *tensors))
    return digest, beside


def _write(path: Path, chunks: Iterable[bytes | memoryview]) -> tuple[str, int]:
    """Write ``chunks``; their SHA-256 and how many bytes they have."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as stream:
        for chunk in chunks:
            digest.update(chunk)
            size += stream.write(chunk)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest(), size


def _size(tensors: Iterable[_Tensor]) -> int:
    return sum(len(header) + len(data) for header, data in tensors)


def _inside(initializer: Initializer) -> bytes:
    """What stands before the elements of a tensor in the model."""
    tensor = _described(initializer).SerializeToString(deterministic=True)
    raw = wire.header(_TENSOR_RAW_DATA, len(initializer.data))
    return wire.header(_GRAPH_INITIALIZER, len(tensor) + len(raw) + len(initializer.data)) + tensor + raw


def _outside(initializers: Iterable[Initializer], name: str) -> Iterator[_Tensor]:
    """The tensors, of which large ones say where in the file ``name`` their elements are."""
    offset = 0
    for initializer in initializers:
        length = len(initializer.data)
        if length <= _INSIDE_BYTES:
            yield _inside(initializer), initializer.data
            continue
        tensor = _described(initializer)
        tensor.data_location = onnx.TensorProto.EXTERNAL
        for key, value in (("location", name), ("offset", str(offset)), ("length", str(length))):
            tensor.external_data.add(key=key, value=value)
        encoded = tensor.SerializeToString(deterministic=True)
        yield wire.header(_GRAPH_INITIALIZER, len(encoded)) + encoded, b""
        offset += length + -length % _ALIGNMENT


def _aligned(initializers: Iterable[Initializer]) -> Iterator[bytes | memoryview]:
    """The elements of the large tensors, each from where `_outside` says that it begins."""
    for initializer in initializers:
        length = len(initializer.data)
        if length > _INSIDE_BYTES:
            yield initializer.data
            yield bytes(-length % _ALIGNMENT)


def _described(initializer: Initializer) -> onnx.TensorProto:
    return onnx.TensorProto(name=initializer.name, data_type=initializer.dtype.onnx, dims=initializer.shape)
