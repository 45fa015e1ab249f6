"""Operators that have no ONNX form, and what to write instead in the network: the same numbers by other operators."""

from __future__ import annotations

REWRITES: dict[str, str] = {
    "Roll": "Cut the tensor in two along the axis and join the parts in the other order, with ops.concat.",
    "Unique": "What it gives has a size that depends on the data: leave it out of the network, behind its outputs.",
}
"""MindIR operator -> one sentence in the imperative."""
