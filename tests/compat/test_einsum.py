"""`ops.einsum` and `ops.Einsum` on the CPU: what NumPy computes of the same equation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

EQUATIONS: list[tuple[str, tuple[tuple[int, ...], ...]]] = [
    ("bij,bjk->bik", ((2, 3, 4), (2, 4, 5))),
    ("bhd,bmd->bhmd", ((2, 3, 4), (2, 5, 4))),
    ("...qhd,...khd->...hqk", ((2, 3, 4, 5), (2, 6, 4, 5))),
    ("...i,...j->...ij", ((2, 1, 3), (5, 4))),
    ("...ij->...ji", ((2, 3, 4),)),
    ("abc, cde -> adbe", ((2, 3, 4), (4, 5, 6))),
    ("bn,anm,bm->ba", ((2, 3), (4, 3, 5), (2, 5))),
    ("ij,jk,kl", ((2, 3), (3, 4), (4, 5))),
    ("a,b,c->cab", ((2,), (3,), (4,))),
    ("ij->", ((2, 3),)),
    ("ii->i", ((3, 3),)),
    ("ijji->j", ((2, 3, 3, 2),)),
]


@pytest.mark.parametrize("primitive", [False, True], ids=["function", "primitive"])
@pytest.mark.parametrize("mode", ["graph", "pynative"])
def test_equations(mode: str, primitive: bool) -> None:
    import mindspore
    from mindspore import nn

    from hubkit.compat.einsum import Einsum, einsum

    class Net(nn.Cell):
        def __init__(self, equation: str) -> None:
            super().__init__()
            self.equation = equation
            self.einsum = Einsum(equation)
            self.primitive = primitive

        def construct(self, *operands: Any) -> Any:
            return self.einsum(operands) if self.primitive else einsum(self.equation, *operands)

    mindspore.set_context(mode=mindspore.GRAPH_MODE if mode == "graph" else mindspore.PYNATIVE_MODE)
    random = np.random.default_rng(5)
    for equation, shapes in EQUATIONS:
        arrays = [random.normal(size=shape).astype(np.float32) for shape in shapes]
        found = Net(equation)(*map(mindspore.Tensor, arrays)).asnumpy()
        expected = np.einsum(equation, *arrays)
        assert found.shape == expected.shape, equation
        np.testing.assert_allclose(found, expected, atol=1e-5, err_msg=equation)


@pytest.mark.parametrize(
    ("equation", "shapes", "message"),
    [
        ("ij,jk->ik", ((2, 3), (4, 5)), r"axis j has 3 and 4 elements"),
        ("ij,jk->ik", ((2, 3),), r"takes 2 operands, not 1"),
        ("ij->i", ((2, 3, 4),), r"does not fit operands of the shapes \(\(2, 3, 4\),\)"),
        ("i1->i", ((2, 3),), r"does not fit"),
    ],
)
def test_what_does_not_fit_is_told(equation: str, shapes: Any, message: str) -> None:
    import mindspore

    from hubkit.compat.einsum import einsum

    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    with pytest.raises(ValueError, match=message):
        einsum(equation, *(mindspore.ops.ones(shape) for shape in shapes))
