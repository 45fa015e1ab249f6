"""Whether an inexact kernel of MindSpore is why a file differs: the network is run with it in float64."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from hubkit.convert.mindir_graph import Graph
from hubkit.convert.mismatch.agreement import agrees, figures
from hubkit.convert.mismatch.exactness import EXACT
from hubkit.convert.mismatch.record import Exactness, Within
from hubkit.convert.mismatch.widened import widen
from hubkit.errors import ConvertError
from hubkit.smoke.compare import Tolerance
from hubkit.smoke.runners import MindirRunner, OnnxRunner

_Array = NDArray[Any]


def explained(
    exactness: Exactness,
    mindir: Path,
    graph: Graph,
    plain: Path,
    given: Mapping[str, _Array],
    tolerance: Tolerance,
    folder: Path,
) -> Exactness:
    """``exactness``, with what the outputs of the ONNX file ``plain`` differ by where MindSpore computes that operator
    of ``mindir``, which holds ``graph``, in float64.
    """
    found = _widened(mindir, graph, exactness.operator, plain, given, tolerance, folder)
    return replace(exactness, widened_max_abs=found[0], explains=found[1]) if found else exactness


def cause_within(
    mindir: Path,
    graph: Graph,
    plain: Path,
    given: Mapping[str, _Array],
    tolerance: Tolerance,
    folder: Path,
    *,
    anywhere: bool = False,
) -> Within | None:
    """The operator of `EXACT` within functions, or ``anywhere``, that in float64 makes MindSpore agree with ``plain``.

    None where there is none.
    """
    layers: dict[str, list[str]] = {}
    for nodes in (graph.nodes if anywhere else (), *(function.nodes for function in graph.functions.values())):
        for node in nodes:
            if node.op in EXACT:
                layers.setdefault(node.op, []).append(node.scope)
    for operator, scopes in layers.items():
        found = _widened(mindir, graph, operator, plain, given, tolerance, folder)
        if found and found[1]:
            return Within(operator, tuple(dict.fromkeys(scopes)), found[0])
    return None


def _widened(
    mindir: Path,
    graph: Graph,
    operator: str,
    plain: Path,
    given: Mapping[str, _Array],
    tolerance: Tolerance,
    folder: Path,
) -> tuple[float, bool] | None:
    """How far the outputs of ``plain`` differ where MindSpore computes every ``operator`` in float64, and whether they
    agree; None where that cannot be run.
    """
    wide = folder / "widened.mindir"
    try:
        widen(mindir, wide, graph, operator)
        outputs, found = MindirRunner(wide).run(given), OnnxRunner(plain).run(given)
    except ConvertError:
        return None
    finally:
        wide.unlink(missing_ok=True)
    pairs = [(a, b) for a, b in zip(outputs, found, strict=True) if a.dtype.kind == "f" and a.shape == b.shape]
    off = [figures(a, b, tolerance, scaled=False).max_abs for a, b in pairs]
    return max(off, default=0.0), agrees(plain, [given], outputs, tolerance)
