"""What training leaves in a checkpoint beside the weights: the state of MindSpore's optimisers and loss scales.

Most published checkpoints were saved while training. What is known by its name, and fits the weight that it belongs to,
is no sign that a checkpoint is another network's.
"""

from __future__ import annotations

from collections.abc import Mapping

_OF_A_WEIGHT = (
    *("accum", "accum_update", "linear", "mean_grad", "mean_square", "moment", "moments", "prev", "stat", "step_size"),
    *("adam_m", "adam_v", "lamb_m", "lamb_v", "moment1", "moment2", "vhat"),
)
"""What optimisers of MindSpore 1.x and 2.x put, with a dot, before the name of the weight that a state belongs to."""
_NUMBERS = frozenset(
    {
        *("beta1_power", "beta2_power", "global_step", "learning_rate", "momentum", "weight_decay"),
        *("current_iterator_step", "last_overflow_iterator_step", "loss_scale", "scale_sense"),
        *("epoch_num", "step_num", "train_step"),
    }
)
"""Single numbers that optimisers, loss scales and callbacks keep."""


def is_optimizer_state(name: str, shape: tuple[int, ...], network: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether ``name``, of ``shape``, is state of training a network with parameters of the shapes ``network``."""
    if name in network:
        return False
    prefix, _, weight = name.partition(".")
    if prefix in _OF_A_WEIGHT:
        return network.get(weight) == shape
    return name in _NUMBERS and shape in ((), (1,))
