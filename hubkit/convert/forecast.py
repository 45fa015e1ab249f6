"""What a conversion would give: the records; `hubkit.convert.foresee` makes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.records import Port


@dataclass(frozen=True, slots=True)
class Lacking:
    """An operator that has no ONNX form."""

    op: str
    """The MindIR operator."""
    layers: tuple[str, ...]
    """Full names of the layers that use it, all of them."""
    rewrite: str
    """What to write instead in the network; empty where nothing is known."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a conversion to MINDIR and ONNX would give."""

    name: str
    """What was asked for: a card's uid, a network's name, or a file."""
    status: ConversionStatus
    """PASSED where it would convert; else how it would end."""
    error: str = ""
    """What is in the way; empty where nothing is."""
    parameters: int = 0
    """How many parameters the network has."""
    values: int = 0
    """How many numbers they hold together."""
    operators: Mapping[str, int] | None = None
    """MindIR operator -> how often it occurs; None where the network could not be exported."""
    lacking: tuple[Lacking, ...] = ()
    """Operators without an ONNX form."""
    inputs: tuple[Port, ...] = ()
    """The inputs of the ONNX file, with "batch" where any size would fit; fixed sizes where it is not known."""
    outputs: tuple[Port, ...] = ()
    """Its outputs, likewise."""
    fixed: tuple[str, ...] = ()
    """Which axes would have one size only, and why."""
    sizes: Mapping[str, int] | None = None
    """Format -> about how many bytes its file would have; None where the network could not be exported."""

    @property
    def would_convert(self) -> bool:
        """Whether nothing is in the way."""
        return self.status is ConversionStatus.PASSED
