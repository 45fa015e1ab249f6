"""What hubkit knows of a network before it is built: its names, its inputs and its outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hubkit.errors import ConvertError


@dataclass(frozen=True, slots=True)
class InputSpec:
    """One input of a network: enough to make a sensible array for it."""

    name: str
    """The input's name in the converted model, such as `image`."""
    shape: tuple[int, ...]
    """Every dimension, the batch first; for images (N, C, H, W). Empty for a single number, which has no batch."""
    dtype: str
    """NumPy's name of the element type, such as `float32`."""
    low: float
    """The least value that the network expects."""
    high: float
    """The greatest value that the network expects."""


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One network that hubkit can build."""

    name: str
    """The name that `hubkit.nets.build` takes, in lower case."""
    builder: str
    """Where its builder is: a dotted module path, a colon, the function's name."""
    aliases: tuple[str, ...]
    """Other spellings of the name; matched without case, like the name."""
    paper: str
    """The address of the paper that describes it."""
    inputs: tuple[InputSpec, ...]
    """Its inputs in order, at the usual inference size."""
    outputs: tuple[str, ...]
    """The outputs' names in the converted model, in order."""
    extra: str = "convert"
    """The extra of hubkit that installs what its builder needs."""
    fitted: bool = True
    """Whether weights made from a seed are fitted to the network; False where the plain draw is known to do."""


def image(size: int) -> tuple[InputSpec, ...]:
    """The inputs of a network that takes one RGB image of ``size`` x ``size``, its values in 0..1."""
    return (InputSpec(name="image", shape=(1, 3, size, size), dtype="float32", low=0.0, high=1.0),)


def at_shapes(specs: Sequence[InputSpec], shapes: Mapping[str, tuple[int, ...]]) -> tuple[InputSpec, ...]:
    """The inputs with ``shapes`` in place of their usual ones, by name.

    Raises ConvertError where the network has no input of a name.
    """
    unknown = sorted(set(shapes) - {spec.name for spec in specs})
    if unknown:
        raise ConvertError(
            f"the network has no input {', '.join(unknown)}",
            hint=f"Its inputs are {', '.join(spec.name for spec in specs)}.",
        )
    return tuple(replace(spec, shape=tuple(shapes.get(spec.name, spec.shape))) for spec in specs)
