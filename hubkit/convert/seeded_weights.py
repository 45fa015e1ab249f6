"""Weights for a network that has no checkpoint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from hubkit.convert.steps import Steps
from hubkit.nets.spec import InputSpec
from hubkit.smoke.fitting import fit_weights, seed_weights
from hubkit.smoke.inputs import seeded_inputs
from hubkit.smoke.messages import said

if TYPE_CHECKING:
    import mindspore

_FIT_SEED = 2  # after the seeds of the two inputs that are compared


def seeded_weights(
    cell: mindspore.nn.Cell,
    inputs: Sequence[InputSpec],
    seed: int,
    steps: Steps,
    progress: Callable[[str], None],
    *,
    fitted: bool,
) -> bool:
    """Give ``cell`` weights from ``seed``, ``fitted`` to what its layers compute; returns whether they were fitted.

    A network that cannot be run layer by layer keeps them as they were drawn.
    """
    with steps.step("load", f"making weights from seed {seed}"):
        seed_weights(cell, seed)
    if not fitted:
        return False
    with steps.step("fit", "fitting the weights to the network"):
        try:
            fit_weights(cell, seeded_inputs(inputs, seed + _FIT_SEED))
        except Exception as error:  # MindSpore and a network's code raise anything
            progress(f"the weights stay as they were drawn: {said(error)}")
            seed_weights(cell, seed)
            return False
    return True
