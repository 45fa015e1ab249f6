"""The tensors of an ONNX graph under construction, and what may go wrong with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

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


class Size(NamedTuple):
    """The size of one axis, in all `Value.variants`."""

    shape: int
    """At the batch that the network was exported with."""
    probe: int
    """At the probe batch."""
    other: int
    """At the exported batch, where the data is other."""


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
    other: tuple[int, ...] = None  # type: ignore[assignment]
    """Its sizes at the exported batch, where those that depend on the data are others; `shape` where it is left out."""
    sizes: tuple[np.ndarray[Any, Any], ...] = field(default=(), repr=False)
    """Its elements where they are sizes of tensors: at those of `shape`, of `probe` and of `other`; else empty."""

    def __post_init__(self) -> None:
        if self.other is None:
            object.__setattr__(self, "other", self.shape)

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def dynamic(self) -> tuple[int, ...]:
        """The axes whose sizes follow the batch, or depend on the data."""
        return tuple(
            axis for axis, (size, probe) in enumerate(zip(self.shape, self.probe, strict=True)) if size != probe
        )

    @property
    def varying(self) -> tuple[int, ...]:
        """Those whose sizes depend on the data: they differ from run to run."""
        return tuple(
            axis for axis, (size, other) in enumerate(zip(self.shape, self.other, strict=True)) if size != other
        )

    @property
    def following(self) -> tuple[int, ...]:
        """Those whose sizes follow the batch only."""
        varying = self.varying
        return tuple(axis for axis in self.dynamic if axis not in varying) if varying else self.dynamic

    @property
    def variants(self) -> tuple[tuple[int, ...], ...]:
        """Its sizes of all three kinds: `shape`, `probe` and `other`."""
        return self.shape, self.probe, self.other

    def known(self, variant: int) -> np.ndarray[Any, Any] | None:
        """Its elements, where it is a constant or made of sizes; of those, as they are in that one of `variants`."""
        return self.sizes[variant] if self.sizes else self.array

    @property
    def told(self) -> str:
        """Its sizes as a message tells them: those that depend on the data are not known."""
        varying = self.varying
        return f"[{', '.join('?' if axis in varying else str(size) for axis, size in enumerate(self.shape))}]"


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
