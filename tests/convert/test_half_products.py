"""Products in float16 behind a transposition: a file that ONNX Runtime can open, with the same numbers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.convert.test_float16 import close, halved
from tests.convert.test_optimize import weights
from tests.requirements import needs_mindspore

if TYPE_CHECKING:
    from hubkit.convert.lowering.builder import Builder, Value

pytestmark = needs_mindspore

# In a process of its own, which a crash would end.
OPEN = "import sys, onnxruntime; onnxruntime.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])"


@pytest.mark.parametrize(
    ("shape", "perm", "weight_first", "added"),
    [
        ((2, 3, 4), (1, 0, 2), False, 1),
        ((2, 3, 4), (1, 0, 2), True, 1),
        ((2, 3, 5, 4), (1, 2, 0, 3), False, 1),
        ((2, 3, 5, 4), (0, 2, 1, 3), False, 0),
        ((2, 4), (1, 0), False, 0),
    ],
)
def test_operands_have_as_many_axes_as_onnx_runtime_needs(
    shape: tuple[int, ...], perm: tuple[int, ...], weight_first: bool, added: int, tmp_path: Path
) -> None:
    from hubkit.convert.onnx_file import write_onnx
    from hubkit.convert.precision.half_products import with_equal_ranks

    def make(g: Builder, x: Value) -> Value:
        y = g.node("Transpose", g.node("Reshape", x, g.ints(*shape)), perm=perm)
        if weight_first:
            return g.node("MatMul", weights(g, 6, y.shape[-2]), y)
        return g.node("MatMul", y, weights(g, y.shape[-1], 6))

    before, half = halved(make, shape)
    after = with_equal_ranks(half)
    assert [node.op_type for node in after.model.graph.node].count("Unsqueeze") == added
    path = tmp_path / "product.onnx"
    write_onnx(path, after.model, after.initializers)
    assert subprocess.run([sys.executable, "-c", OPEN, str(path)], check=False).returncode == 0
    close(before, after, shape)


def test_products_in_float32_stay() -> None:
    from hubkit.convert.precision.half_products import with_equal_ranks

    def make(g: Builder, x: Value) -> Value:
        return g.node("MatMul", g.node("Transpose", x, perm=(1, 0, 2)), weights(g, 4, 6))

    before, _ = halved(make, (2, 3, 4))
    assert with_equal_ranks(before) is before
