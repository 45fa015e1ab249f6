"""Operators that have no ONNX form, and what to write instead in the network: the same numbers by other operators."""

from __future__ import annotations

_RANDOM = "What it draws differs each time: give the network the random numbers as an input."
_LOSS = "It belongs to training: export the network without its loss."

_DROPPED = (
    "It belongs to training, and the operator drops values in any mode: use the layer of nn, which rests after"
    " set_train(False), or leave it out."
)
_SYSTEM = "Solve the system of equations itself: ops.matrix_solve(a, b), or ops.inverse(a)."
_SPARSE = "ONNX has no sparse tensors: keep the matrix dense, or use ops.SparseTensorDenseMatmul."

REWRITES: dict[str, str] = {
    "Bernoulli": _RANDOM,
    "CSRSparseMatrixToDense": _SPARSE,
    "CTCLoss": _LOSS,
    "CTCLossV2": _LOSS,
    "DenseToCSRSparseMatrix": _SPARSE,
    "Dropout": _DROPPED,
    "Dropout2D": _DROPPED,
    "Dropout3D": _DROPPED,
    "Eig": "Its results are complex: for a symmetric matrix use mindspore.scipy.linalg.eigh.",
    "FractionalMaxPool": "Where its windows lie is drawn at random: use ops.adaptive_max_pool2d.",
    "FractionalMaxPool3DWithFixedKsize": "Where its windows lie is drawn at random: use ops.adaptive_max_pool3d.",
    "FractionalMaxPoolWithFixedKsize": "Where its windows lie is drawn at random: use ops.adaptive_max_pool2d.",
    "Geqrf": "Use ops.qr, which gives both factors.",
    "LU": _SYSTEM,
    "LogUniformCandidateSampler": _RANDOM,
    "LuSolve": _SYSTEM,
    "LuUnpack": _SYSTEM,
    "MultiMarginLoss": _LOSS,
    "Multinomial": _RANDOM,
    "MultinomialWithReplacement": _RANDOM,
    "Orgqr": "Use ops.qr, which gives both factors.",
    "PSROIPooling": "MindSpore 2.10 computes other numbers on a CPU each time: pool with other operators.",
    "RandomChoiceWithMask": _RANDOM,
    "RandomGamma": _RANDOM,
    "RandomPoisson": _RANDOM,
    "RandomShuffle": _RANDOM,
    "RandpermV2": _RANDOM,
    "StandardLaplace": _RANDOM,
    "StandardNormal": _RANDOM,
    "UniformCandidateSampler": _RANDOM,
    "UniformInt": _RANDOM,
    "UniformReal": _RANDOM,
}
"""MindIR operator -> why, and what to do."""
