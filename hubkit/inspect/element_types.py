"""Element types by their names in each kind of file: those that hubkit computes with, and those that it only shows.

Sources: onnx.proto (TensorProto.DataType); mind_ir.proto; the type words of MindSpore's checkpoints; the Dtype enum of
safetensors 0.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hubkit.convert.dtypes import BY_CHECKPOINT, BY_MINDIR, BY_NAME, BY_ONNX, DType


@dataclass(frozen=True, slots=True)
class ElementType:
    """The type of a tensor's elements."""

    name: str
    """NumPy's name, or that of ml_dtypes."""
    bits: int
    """Bits an element; 0 where elements have no fixed size."""

    def size(self, count: int) -> int:
        """The bytes that ``count`` elements take; types below a byte are packed."""
        return (count * self.bits + 7) // 8


_SHOWN = {
    name: ElementType(name, bits)
    for name, bits in {
        "string": 0,
        "complex64": 64,
        "complex128": 128,
        "float8_e4m3fn": 8,
        "float8_e4m3fnuz": 8,
        "float8_e5m2": 8,
        "float8_e5m2fnuz": 8,
        "float8_e8m0fnu": 8,
        "float6_e2m3fn": 6,
        "float6_e3m2fn": 6,
        "float4_e2m1fn": 4,
        "int4": 4,
        "uint4": 4,
        "int2": 2,
        "uint2": 2,
    }.items()
}


def _of(dtype: DType) -> ElementType:
    return ElementType(dtype.name, dtype.itemsize * 8)


NAMED: Mapping[str, ElementType] = {**{name: _of(dtype) for name, dtype in BY_NAME.items()}, **_SHOWN}
CHECKPOINT: Mapping[str, ElementType] = {
    **{word: _of(dtype) for word, dtype in BY_CHECKPOINT.items()},
    "Int4": _SHOWN["int4"],
    "Complex64": _SHOWN["complex64"],
    "Complex128": _SHOWN["complex128"],
    "Float8E4M3FN": _SHOWN["float8_e4m3fn"],
    "Float8E5M2": _SHOWN["float8_e5m2"],
}
MINDIR: Mapping[int, ElementType] = {
    **{number: _of(dtype) for number, dtype in BY_MINDIR.items()},
    8: _SHOWN["string"],
    14: _SHOWN["complex64"],
    15: _SHOWN["complex128"],
    18: _SHOWN["int4"],
}
ONNX: Mapping[int, ElementType] = {
    **{number: _of(dtype) for number, dtype in BY_ONNX.items()},
    8: _SHOWN["string"],
    14: _SHOWN["complex64"],
    15: _SHOWN["complex128"],
    17: _SHOWN["float8_e4m3fn"],
    18: _SHOWN["float8_e4m3fnuz"],
    19: _SHOWN["float8_e5m2"],
    20: _SHOWN["float8_e5m2fnuz"],
    21: _SHOWN["uint4"],
    22: _SHOWN["int4"],
    23: _SHOWN["float4_e2m1fn"],
    24: _SHOWN["float8_e8m0fnu"],
    25: _SHOWN["uint2"],
    26: _SHOWN["int2"],
}
