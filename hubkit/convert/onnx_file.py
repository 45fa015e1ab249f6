"""Write an ONNX file without gathering its weights in memory: they go from where they lie into the file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

import onnx

from hubkit import wire
from hubkit.convert.lowering.builder import Initializer
from hubkit.errors import ConvertError

# Numbers of onnx.proto3's fields: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data.
_MODEL_GRAPH = 7
_GRAPH_INITIALIZER = 5
_TENSOR_RAW_DATA = 9
_MAX_BYTES = 2**31 - 1


def write_onnx(path: Path, model: onnx.ModelProto, initializers: Sequence[Initializer]) -> str:
    """Write ``model`` with ``initializers`` to ``path`` and return the SHA-256; equal input gives equal bytes.

    Raises ConvertError where the file would pass the 2 GiB that one protobuf file can hold.
    """
    graph = model.graph.SerializeToString(deterministic=True)
    shell = onnx.ModelProto()
    shell.CopyFrom(model)
    shell.ClearField("graph")
    head = shell.SerializeToString(deterministic=True)
    tensors = [(_tensor_header(initializer), initializer.data) for initializer in initializers]
    size = len(graph) + sum(len(header) + len(data) for header, data in tensors)
    if size > _MAX_BYTES - len(head):
        raise ConvertError(
            f"the ONNX file would have {size / 2**30:.1f} GiB, more than the 2 GiB that one file can hold",
            hint="Leave out the ONNX format for this network.",
        )
    digest = hashlib.sha256()
    with path.open("wb") as stream:
        for chunk in (head, wire.header(_MODEL_GRAPH, size), graph):
            digest.update(chunk)
            stream.write(chunk)
        for header, data in tensors:
            for part in (header, data):
                digest.update(part)
                stream.write(part)
        stream.flush()
        os.fsync(stream.fileno())
    return digest.hexdigest()


def _tensor_header(initializer: Initializer) -> bytes:
    tensor = onnx.TensorProto(
        name=initializer.name, data_type=initializer.dtype.onnx, dims=initializer.shape
    ).SerializeToString(deterministic=True)
    raw = wire.header(_TENSOR_RAW_DATA, len(initializer.data))
    return wire.header(_GRAPH_INITIALIZER, len(tensor) + len(raw) + len(initializer.data)) + tensor + raw
