"""The element types that MindSpore's files and ONNX share, in one table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_MAX_AXES = 32  # NumPy's limit


@dataclass(frozen=True, slots=True)
class DType:
    """One element type, by its names in each file format."""

    name: str
    """NumPy's name, such as "float32"."""
    itemsize: int
    """Bytes an element."""
    checkpoint: str
    """The word in a .ckpt file's `tensor_type`."""
    mindir: tuple[int, ...]
    """The numbers in a .mindir file's `TensorProto.data_type`."""
    onnx: int
    """The number in ONNX's `TensorProto.DataType`."""

    @property
    def numpy(self) -> np.dtype[np.generic]:
        """The NumPy type; bfloat16 is that of ml_dtypes."""
        import numpy as np

        if self.name == "bfloat16":
            import ml_dtypes

            return np.dtype(ml_dtypes.bfloat16)
        return np.dtype(self.name)

    def fits(self, shape: tuple[int, ...], size: int) -> bool:
        """Whether ``size`` bytes hold a tensor of ``shape``; never for a shape that NumPy cannot hold."""
        return len(shape) <= _MAX_AXES and min(shape, default=0) >= 0 and math.prod(shape) * self.itemsize == size

    def array(self, data: bytes | memoryview, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
        """The elements in ``data``, little endian, row-major, as a read-only array over it."""
        import numpy as np

        if not len(data):  # what frombuffer refuses
            return np.empty(0, self.numpy).reshape(shape)
        return np.frombuffer(data, self.numpy).reshape(shape)

    @property
    def is_float(self) -> bool:
        """Whether it is a floating point type."""
        return "float" in self.name


# Sources: the enums of MindSpore's mind_ir.proto and onnx.proto3; the type words of its checkpoints.
DTYPES: tuple[DType, ...] = (
    DType("float32", 4, "Float32", (1,), 1),
    DType("float16", 2, "Float16", (10,), 10),
    DType("float64", 8, "Float64", (11, 17), 11),
    DType("bfloat16", 2, "BFloat16", (16,), 16),
    DType("int8", 1, "Int8", (3,), 3),
    DType("int16", 2, "Int16", (5,), 5),
    DType("int32", 4, "Int32", (6,), 6),
    DType("int64", 8, "Int64", (7,), 7),
    DType("uint8", 1, "UInt8", (2,), 2),
    DType("uint16", 2, "UInt16", (4,), 4),
    DType("uint32", 4, "UInt32", (12,), 12),
    DType("uint64", 8, "UInt64", (13,), 13),
    DType("bool", 1, "Bool", (9,), 9),
)

BY_NAME = {dtype.name: dtype for dtype in DTYPES}
BY_CHECKPOINT = {dtype.checkpoint: dtype for dtype in DTYPES}
BY_MINDIR = {number: dtype for dtype in DTYPES for number in dtype.mindir}
BY_ONNX = {dtype.onnx: dtype for dtype in DTYPES}
