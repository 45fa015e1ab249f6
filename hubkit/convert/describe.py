"""What a model file holds: its digest, its operators, its inputs and outputs."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hubkit.convert.dtypes import BY_ONNX
from hubkit.convert.mindir import read_mindir
from hubkit.convert.mindir_graph import Graph, TensorType, ValueType
from hubkit.convert.precision.half import computes_in_half
from hubkit.convert.records import DataFile, ModelFile, Port
from hubkit.errors import ConvertError

if TYPE_CHECKING:
    import onnx

STRUCTURAL = frozenset({"Depend", "Load", "MakeTuple", "TupleGetItem", "UpdateState", "make_list"})
"""MindIR operators that only move values about."""


def file_sha256(path: Path) -> str:
    """The SHA-256 of the file, in hexadecimal.

    Raises ConvertError where it cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ConvertError(f"{path} cannot be read: {error.strerror}", hint="Check the path.") from None


def describe_mindir(path: Path, input_names: Sequence[str], output_names: Sequence[str]) -> ModelFile:
    """What the MINDIR file ``path`` holds; its inputs and outputs under the names given, as it has none of its own.

    Raises ConvertError where the file is no MINDIR.
    """
    graph = read_mindir(path)
    return ModelFile(
        format="mindir",
        path=path,
        sha256=file_sha256(path),
        size=path.stat().st_size,
        opset=None,
        operators=counts(node.op for node in graph.every_node() if node.op not in STRUCTURAL),
        inputs=_ports(input_names, [value.type for value in graph.inputs]),
        outputs=_ports(output_names, _flat([value.type for value in graph.outputs])),
        beside=_data_files(path, graph.data_files),
        computes_in_half=graph_in_half(graph),
    )


def graph_in_half(graph: Graph) -> bool:
    """Whether some value of the MINDIR ``graph`` is float16 or bfloat16."""
    return any(_is_half(node.output_type) for node in graph.every_node())


def _is_half(kind: ValueType) -> bool:
    if isinstance(kind, tuple):
        return any(map(_is_half, kind))
    return isinstance(kind, TensorType) and kind.dtype.name in ("float16", "bfloat16")


def describe_onnx(path: Path) -> ModelFile:
    """What the ONNX file ``path`` holds.

    Raises ConvertError where the file is no ONNX model.
    """
    import onnx
    from google.protobuf.message import DecodeError
    from onnx.external_data_helper import ExternalDataInfo, uses_external_data

    digest = file_sha256(path)
    try:
        model = onnx.load(str(path), load_external_data=False)
    except (
        DecodeError,
        ValueError,
        RecursionError,
    ):  # the last two from protobuf's slow reader, which MindSpore chooses
        raise ConvertError(f"{path} is not an ONNX model, or it is damaged", hint="Fetch or make it again.") from None
    if not all(isinstance(node.op_type, str) for node in model.graph.node):  # protobuf gives bytes that are no UTF-8
        raise ConvertError(f"{path} is damaged: the name of an operator is no text", hint="Fetch or make it again.")
    weights = {tensor.name for tensor in model.graph.initializer}
    outside = [tensor for tensor in model.graph.initializer if uses_external_data(tensor)]
    return ModelFile(
        format="onnx",
        path=path,
        sha256=digest,
        size=path.stat().st_size,
        opset=next((item.version for item in model.opset_import if item.domain in ("", "ai.onnx")), None),
        operators=counts(node.op_type for node in model.graph.node),
        inputs=tuple(_onnx_port(value) for value in model.graph.input if value.name not in weights),
        outputs=tuple(_onnx_port(value) for value in model.graph.output),
        beside=_data_files(path, sorted({info.location for info in map(ExternalDataInfo, outside)})),
        computes_in_half=computes_in_half(model.graph),
    )


def counts(operators: Iterable[str]) -> dict[str, int]:
    """How often each operator occurs, by name."""
    return dict(sorted(Counter(operators).items()))


def _data_files(path: Path, names: Iterable[str]) -> tuple[DataFile, ...]:
    """The files ``names``, counted from the folder of ``path``; those that leave it are left out."""
    folder = path.parent.resolve()
    files = {name: (folder / name).resolve() for name in names}
    return tuple(
        DataFile(name, file_sha256(file), file.stat().st_size)
        for name, file in files.items()
        if file.is_relative_to(folder) and file.is_file()
    )


def _ports(names: Sequence[str], types: Sequence[ValueType]) -> tuple[Port, ...]:
    return tuple(
        Port(name, type_.shape, type_.dtype.name)
        for name, type_ in zip(names, types, strict=False)
        if isinstance(type_, TensorType)
    )


def _flat(types: Iterable[ValueType]) -> list[ValueType]:
    return [leaf for type_ in types for leaf in (_flat(type_) if isinstance(type_, tuple) else [type_])]


def _onnx_port(value: onnx.ValueInfoProto) -> Port:
    tensor = value.type.tensor_type
    shape = tuple(size.dim_value if size.HasField("dim_value") else size.dim_param or "?" for size in tensor.shape.dim)
    dtype = BY_ONNX.get(tensor.elem_type)
    return Port(value.name, shape, dtype.name if dtype else f"ONNX type {tensor.elem_type}")
