"""What the networks with functions, branches and loops are given, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass, field

POSITIVE = [[1.0, 2.0, 0.5, 1.5], [0.5, -0.25, 2.0, 1.0]]
NEGATIVE = [[-1.0, -2.0, 0.5, -1.5], [0.5, -0.25, -2.0, 1.0]]
SMALL = [[0.25, 0.5, 0.125, 0.75], [0.5, 0.25, 0.5, 0.25]]


@dataclass(frozen=True)
class Case:
    """One network."""

    name: str
    """Its class in control_networks."""
    outputs: int = 1
    """How many outputs it has."""
    operators: dict[str, int] = field(default_factory=dict)
    """Which of If and Loop the ONNX graph has at its top, and how many."""
    inputs: tuple[tuple[object, ...], ...] = ((POSITIVE,), (NEGATIVE,), (SMALL,))
    """What it is run on."""
    refused: str = ""
    """The words with which it is refused."""


CASES = [
    Case("If", operators={"If": 1}),
    Case("IfInIf", outputs=2, operators={"If": 1}),
    Case("EarlyReturn", operators={"If": 1}),
    Case("Zeros", operators={"If": 1}),
    Case("Counted", operators={"Loop": 1}),
    Case("Layer", operators={"Loop": 1}),
    Case("Accumulated", outputs=2, operators={"Loop": 1}),
    Case("IfInWhile", operators={"Loop": 1}),
    Case("Break", outputs=2, operators={"Loop": 1}),
    Case("Continue", operators={"Loop": 1}),
    Case("ReturnInWhile", operators={"Loop": 1}),
    Case("WhileInWhile", operators={"Loop": 1}),
    Case("WhileLoop", operators={"Loop": 1}, inputs=((POSITIVE,), (SMALL,))),
    Case("CountedInPlace", outputs=3, operators={"If": 1}),
    Case("CountedByNumber", operators={"Loop": 1}, inputs=((POSITIVE, 3), (NEGATIVE, 0), (SMALL, 5))),
    Case("SwitchLayer", operators={"If": 1}, inputs=((NEGATIVE, 0), (NEGATIVE, 1), (NEGATIVE, 2), (NEGATIVE, -1))),
    Case("Shared"),
    Case("Effects"),
    Case("OtherSizes", outputs=2, operators={"If": 1}),
    Case("EndsEarly", outputs=2, operators={"If": 1}, inputs=((POSITIVE,), (NEGATIVE,), ([[1.0] * 4] * 2,))),
    Case("OtherRanks", refused="one branch returns float32.*, the other float32"),
    Case("InPlaceInBranch", operators={"If": 1}),
    Case("InPlaceOutside", refused="it writes over a tensor from outside the branch"),
    Case("Counts", refused="AssignAdd in layer .* outputs of the network depend on what an earlier run has left there"),
    Case("CountsInBranch", refused="it changes a parameter within a branch or a loop"),
    Case("CountsInConstant", refused="it writes into a constant, which MindSpore keeps as it then is"),
    Case("Growing", refused="ONNX Concat does not take"),
    Case("AllOfNorm", refused="all 5 results of BatchNorm in layer Default/BatchNorm-op0"),
    Case("PickedApart", refused="Unstack .* it must know the size of axis 0, which depends on the data"),
    Case("PickedPool", refused="its ONNX form .* would hold for one size only"),
    Case("PickedInLoop", operators={"Loop": 1}),
]
