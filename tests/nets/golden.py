"""Networks with weights and an input drawn from one seed, beside the facts recorded for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hubkit.smoke.inputs import draw_parameters
from hubkit.smoke.runners import MindSporeRunner


def parameter_list(cell: Any) -> list[dict[str, Any]]:
    """Every parameter in definition order, as the recorded lists give them."""
    return [{"name": p.name, "shape": list(p.shape), "dtype": str(p.dtype).lower()} for p in cell.get_parameters()]


def recorded_parameters(shared: Path, network: str) -> list[dict[str, Any]]:
    """The recorded list of one network."""
    recorded: list[dict[str, Any]] = json.loads((shared / "golden" / f"{network}.params.json").read_text())
    return recorded


def seed_weights(cell: Any, seed: int) -> np.random.Generator:
    """Draw the weights of a cell, and return the generator, from which the recorded inputs go on."""
    import mindspore

    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = draw_parameters({p.name: tuple(p.shape) for p in cell.get_parameters()}, rng)
    for parameter in cell.get_parameters():
        parameter.set_data(mindspore.Tensor(drawn[parameter.name]))
    return rng


def seeded_output(cell: Any, size: int, seed: int) -> NDArray[np.generic]:
    """What a cell computes under seeded weights for the seeded image of `size` x `size`."""
    rng = seed_weights(cell, seed)
    image = rng.uniform(0, 1, (1, 3, size, size)).astype(np.float32)
    (output,) = MindSporeRunner(cell).run({"image": image})
    return output
