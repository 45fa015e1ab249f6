"""Run an ONNX file operator by operator, so that each result in float16 is rounded to it.

ONNX Runtime on a CPU computes float16 in float32, and does not round what one operator hands to the next. MindSpore
does, and so does hardware that has float16. Where scores and a mask of -10000 are added, which leaves nothing of the
scores, the two give other numbers, and both are right in their way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from hubkit.convert.mismatch.probes import OnnxProbes
from hubkit.errors import ConvertError

_Array = NDArray[Any]
_MAX_NODES = 3000


def stepwise(path: Path, inputs: Mapping[str, _Array], names: tuple[str, ...], folder: Path) -> tuple[_Array, ...]:
    """The outputs ``names`` of ``path`` for ``inputs``, each operator run by itself; scratch files go to ``folder``.

    Raises ConvertError where the file is too large for that, or an operator cannot be run apart.
    """
    probes = OnnxProbes(path, folder)
    if len(probes.nodes) > _MAX_NODES:
        raise ConvertError(f"it has {len(probes.nodes)} operators, more than are run one by one")
    left = Counter(name for node in probes.nodes for name in node.input)
    values: dict[str, _Array] = dict(inputs)
    for node in probes.nodes:
        found = probes.parts([name for name in node.output if name], values)
        values.update(zip((name for name in node.output if name), found, strict=True))
        left.subtract(node.input)
        for name in node.input:
            if not left[name] and name not in names:
                values.pop(name, None)
    return tuple(values[name] for name in names)
