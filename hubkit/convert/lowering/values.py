"""The tensors of an ONNX graph under construction, and what may go wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hubkit.convert.dtypes import DType

OPSET = 18
"""The ONNX operator set that the lowerings write: the first whose Resize takes `axes`."""
IR_VERSION = 8
"""The ONNX file format's version that belongs to the operator set."""
PROBE_FACTOR = 7
"""By how much the probe batch is larger than the exported one; a prime, so that it divides few sizes by chance."""


class CannotLowerError(Exception):
    """An operator cannot be expressed as it stands; the text says why. The engine adds operator and layer."""


class BatchBoundError(CannotLowerError):
    """An operator can be expressed for the exported batch, but not for another."""


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """One tensor of the ONNX graph."""

    name: str
    """Its name in the graph."""
    dtype: DType
    """Its element type."""
    shape: tuple[int, ...]
    """Its sizes at the batch that the network was exported with."""
    probe: tuple[int, ...]
    """Its sizes at the probe batch."""
    array: np.ndarray[Any, Any] | None = field(default=None, repr=False)
    """Its elements, where it is a constant."""

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def dynamic(self) -> tuple[int, ...]:
        """The axes whose sizes follow the batch."""
        return tuple(
            axis for axis, (size, probe) in enumerate(zip(self.shape, self.probe, strict=True)) if size != probe
        )


@dataclass(frozen=True, slots=True)
class Initializer:
    """A constant tensor of the graph."""

    name: str
    """Its name in the graph."""
    dtype: DType
    """Its element type."""
    shape: tuple[int, ...]
    """Its sizes."""
    data: memoryview = field(repr=False)
    """Its elements, little endian, row-major; a view wherever they exist already."""
