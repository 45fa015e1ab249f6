"""The protobuf messages of .mindir and .ckpt files, as far as hubkit reads them.

The tables hold field numbers and wire types of MindSpore's published formats (mind_ir.proto, checkpoint.proto);
the classes are made from them at run time, so that reading needs no MindSpore.
"""

from __future__ import annotations

from functools import cache
from typing import Any

_PACKAGE = "hubkit.mindir"
_SCALARS: dict[str, Any] = {"float": 2, "double": 1, "int64": 3, "int32": 5, "bool": 8, "string": 9, "bytes": 12}
_MESSAGE_TYPE: Any = 11
_OPTIONAL: Any = 1
_REPEATED: Any = 3

# message -> (field, number, type); "*" after a type means repeated. Enums are read as int32, which is how they travel.
MESSAGES: dict[str, tuple[tuple[str, int, str], ...]] = {
    "ExternalData": (("location", 1, "string"), ("offset", 2, "int64"), ("length", 3, "int64")),
    "Tensor": (
        ("dims", 1, "int64*"),
        ("data_type", 2, "int32"),
        ("name", 7, "string"),
        ("raw_data", 9, "bytes"),
        ("external_data", 12, "ExternalData"),
        ("ref_key", 13, "string"),
        ("compression_type", 16, "int32"),
    ),
    "Attribute": (
        ("name", 1, "string"),
        ("f", 2, "float"),
        ("i", 3, "int64"),
        ("d", 4, "double"),
        ("s", 5, "bytes"),
        ("t", 6, "Tensor"),
        ("floats", 8, "float*"),
        ("doubles", 9, "double*"),
        ("ints", 10, "int64*"),
        ("strings", 11, "bytes*"),
        ("tensors", 12, "Tensor*"),
        ("ref_attr_name", 15, "string"),
        ("type", 16, "int32"),
        ("values", 17, "Attribute*"),
    ),
    "ValueInfo": (
        ("name", 1, "string"),
        ("tensor", 2, "Tensor*"),
        ("denotation", 4, "string"),
        ("attr_info", 5, "Attribute"),
    ),
    "Node": (
        ("input", 1, "string*"),
        ("output", 2, "string*"),
        ("name", 3, "string"),
        ("op_type", 4, "string"),
        ("attribute", 5, "Attribute*"),
        ("domain", 7, "string"),
    ),
    "Graph": (
        ("node", 1, "Node*"),
        ("name", 2, "string"),
        ("input", 5, "ValueInfo*"),
        ("output", 6, "ValueInfo*"),
    ),
    "Primitive": (("name", 1, "string"), ("op_type", 2, "string"), ("attribute", 3, "Attribute*")),
    "Model": (
        ("ir_version", 1, "string"),
        ("producer_name", 2, "string"),
        ("model_version", 5, "string"),
        ("functions", 8, "Graph*"),
        ("little_endian", 10, "bool"),
        ("primitives", 12, "Primitive*"),
        ("mind_ir_version", 13, "int64"),
    ),
    "CheckpointTensor": (("dims", 1, "int64*"), ("tensor_type", 2, "string")),
    "CheckpointValue": (("tag", 1, "string"),),
}

MODEL_GRAPH = 7
"""The number of Model's field that holds the graph; read apart, because the weights lie in it."""
MODEL_FUNCTIONS = 8
"""That of the field that holds the functions which it calls."""
GRAPH_OUTPUT = 6
"""The number of Graph's field that holds one output (a ValueInfo)."""
GRAPH_PARAMETER = 3
"""The number of Graph's field that holds one parameter (a Tensor)."""
TENSOR_RAW_DATA = 9
"""The number of Tensor's field that holds the elements."""
CHECKPOINT_VALUE = 1
"""The number of a checkpoint's field that holds one entry."""
CHECKPOINT_TENSOR = 2
"""The number of a checkpoint entry's field that holds its tensor."""
CHECKPOINT_CONTENT = 3
"""The number of a checkpoint tensor's field that holds the elements, or a slice of them."""


@cache
def _message_class(name: str) -> Any:
    from google.protobuf import message_factory

    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"{_PACKAGE}.{name}"))


@cache
def _pool() -> Any:
    from google.protobuf import descriptor_pb2, descriptor_pool

    # proto3: text fields are checked to be UTF-8 while parsing, and repeated numbers are read packed or not.
    file = descriptor_pb2.FileDescriptorProto(name="hubkit/mindir.proto", package=_PACKAGE, syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field_name, number, kind in fields:
            base = kind.removesuffix("*")
            field = message.field.add(name=field_name, number=number)
            field.label = _REPEATED if kind.endswith("*") else _OPTIONAL
            if base in _SCALARS:
                field.type = _SCALARS[base]
            else:
                field.type = _MESSAGE_TYPE
                field.type_name = f".{_PACKAGE}.{base}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return pool


def new(name: str) -> Any:
    """An empty message ``name`` of the table above."""
    return _message_class(name)()


def parse(name: str, data: bytes) -> Any:
    """The message ``name`` of the table above, read from ``data``.

    Raises google.protobuf.message.DecodeError where the bytes are no such message.
    """
    from google.protobuf.message import DecodeError

    message = _message_class(name)()
    try:
        message.ParseFromString(data)
    except (ValueError, RecursionError) as error:  # what protobuf's slow reader raises, which MindSpore chooses
        raise DecodeError(str(error)) from None
    return message
