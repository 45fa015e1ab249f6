"""Operators that write into a parameter of the network.

An ONNX graph keeps nothing from run to run: what is written is seen by what reads the parameter later in the same run.
Where the outputs depend on what an earlier run has left there, `hubkit.convert.lowering.engine` refuses the network.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hubkit.convert.lowering.builder import Builder, Value
from hubkit.convert.lowering.call import Call
from hubkit.convert.lowering.elementwise import cast_to
from hubkit.convert.lowering.registry import lowering
from hubkit.convert.lowering.scattering import scattered

STATE_HINT = (
    "An ONNX graph keeps nothing from run to run: take the state as an input of the network, and return it. What "
    "belongs to training, such as the power iterations of a spectral norm, is to be done only where self.training is."
)


@lowering("Assign", "AssignAdd", "AssignSub", writes_parameter=True)
def assign(g: Builder, call: Call) -> Value:
    """Assign(parameter, value), AssignAdd, AssignSub -> nothing; Add, Sub. Later readers of the parameter see it.

    Refused within branches and loops, and where an output depends on what the parameter was before the run.
    """
    old, value = call.tensor(g, 0), call.tensor(g, 1)
    value = cast_to(g, value, old.dtype)
    if call.node.op == "Assign":
        return replace(value)  # another object: who reads the parameter is told from who reads the value by identity
    return g.node("Add" if call.node.op == "AssignAdd" else "Sub", old, value)


@lowering(
    "ScatterAdd",
    "ScatterDiv",
    "ScatterMax",
    "ScatterMin",
    "ScatterMul",
    "ScatterNdAdd",
    "ScatterNdDiv",
    "ScatterNdMax",
    "ScatterNdMin",
    "ScatterNdMul",
    "ScatterNdSub",
    "ScatterNdUpdate",
    "ScatterSub",
    "ScatterUpdate",
    writes_parameter=True,
)
def scatter_into(g: Builder, call: Call) -> Value:
    """ScatterAdd(parameter, indices, updates), ScatterDiv, ScatterMax, ScatterMin, ScatterMul, ScatterNdAdd,
    ScatterNdDiv, ScatterNdMax, ScatterNdMin, ScatterNdMul, ScatterNdSub, ScatterNdUpdate, ScatterSub, ScatterUpdate
    -> ScatterND with that reduction. Later readers of the parameter see it. Without "Nd" the indices are of its first
    axis.

    Refused within branches and loops, and where an output depends on what the parameter was before the run.
    """
    old, indices, updates = (call.tensor(g, place) for place in range(3))
    word = call.node.op.removeprefix("Scatter")
    if word.startswith("Nd"):
        word = word.removeprefix("Nd")
    else:
        indices = g.node("Unsqueeze", indices, g.ints(indices.rank))
    return _without_what_was(g, scattered(g, old, indices, updates, word.lower()))


def _without_what_was(g: Builder, written: Value) -> Value:
    """``written``, on zeros where its last writes cover all rows of it: what it was before has no part in it then."""
    rows: set[int] = set()
    steps = []
    name = written.name
    while len(rows) < written.shape[0] and (node := g.producers.get(name)) is not None:
        places = g.values[node.input[1]].array if node.op_type == "ScatterND" else None
        if places is None or places.shape[-1] != 1 or any(item.s not in (b"", b"none") for item in node.attribute):
            return written
        rows.update(int(row) % written.shape[0] for row in places.ravel())
        steps.append(node)
        name = node.input[0]
    if len(rows) < written.shape[0] or written.dynamic:
        return written
    value = g.constant(np.zeros(written.shape), written.dtype)
    for node in reversed(steps):
        value = g.node("ScatterND", value, g.values[node.input[1]], g.values[node.input[2]])
    return value
