"""Operators that have no ONNX form, and what to write instead in the network: the same numbers by other operators."""

from __future__ import annotations

_RANDOM = "What it draws differs each time: give the network the random numbers as an input."
_LOSS = "It belongs to training: export the network without its loss."

_DROPPED = (
    "It belongs to training, and the operator drops values in any mode: use the layer of nn, which rests after"
    " set_train(False), or leave it out."
)

REWRITES: dict[str, str] = {
    "BCEWithLogitsLoss": _LOSS,
    "Bernoulli": _RANDOM,
    "BinaryCrossEntropy": _LOSS,
    "Dropout": _DROPPED,
    "Dropout2D": _DROPPED,
    "Dropout3D": _DROPPED,
    "KLDivLoss": _LOSS,
    "L1LossExt": _LOSS,
    "MSELossExt": _LOSS,
    "Multinomial": _RANDOM,
    "NLLLoss": _LOSS,
    "RandomChoiceWithMask": _RANDOM,
    "SmoothL1Loss": _LOSS,
    "StandardNormal": _RANDOM,
    "UniformReal": _RANDOM,
}
"""MindIR operator -> why, and what to do."""
