"""Cells and weights in plain lists are found, named and exported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hubkit import compat
from tests.compat.arrays import image
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


def around(net: Any) -> Any:
    """A cell that has ``net`` in it, and calls it."""
    from mindspore import nn

    class Outer(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def construct(self, x: Any) -> Any:
            return self.net(x)

    return Outer()


def test_cells_in_lists_are_registered_as_in_a_cell_list(marks: None) -> None:
    import mindspore
    from mindspore import nn

    from hubkit.compat.listed import register_listed

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Dense(2, 2, has_bias=False)
            self.shared = [self.first]  # registered in another place
            self.layers = [nn.Dense(2, 2, has_bias=False), nn.ReLU(), nn.Dense(2, 2, has_bias=False)]
            self.sizes = [1, 2]

        def construct(self, x: Any) -> Any:
            for layer in self.layers:
                x = layer(x)
            return self.shared[0](x) + self.layers[0](x)

    cell = around(Net())
    register_listed(cell)
    names = [f"net.{place}.weight" for place in ("first", "layers.0", "layers.2")]
    assert [parameter.name for parameter in cell.get_parameters()] == names
    assert compat.used() == ("cells in a list (net.layers)",)
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = image(3, 2)
    weights = [layer.weight.asnumpy() for layer in (cell.net.first, cell.net.layers[0], cell.net.layers[2])]
    inner = np.maximum(x @ weights[1].T, 0) @ weights[2].T
    expected = inner @ weights[0].T + inner @ weights[1].T
    np.testing.assert_allclose(cell(mindspore.Tensor(x)).asnumpy(), expected, atol=1e-4)


def test_weights_in_a_list_are_found_and_exported(marks: None, tmp_path: Path) -> None:
    import mindspore
    from mindspore import nn

    from hubkit.compat.listed import register_listed

    class Tables(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.known = mindspore.Parameter(mindspore.Tensor(np.ones((2, 2), np.float32)))
            self.again = [self.known]
            self.tables: list[Any] = []
            for place in range(2):
                self.tables.append(mindspore.Parameter(mindspore.Tensor(np.full((2, 2), 2.0 + place, np.float32))))
            self.named = [mindspore.Parameter(mindspore.Tensor(np.full((2, 2), 5.0, np.float32)), name="own")]

        def construct(self, x: Any) -> Any:
            for table in self.tables:
                x = x * table
            return x + self.named[0] + self.again[0]

    cell = around(Tables())
    register_listed(cell)
    names = {f"net.{name}" for name in ("known", "tables.0", "tables.1", "own")}
    assert {parameter.name for parameter in cell.get_parameters()} == names
    assert {"weights in a list (net.named)", "weights in a list (net.tables)"} == set(compat.used())
    mindspore.set_context(mode=mindspore.GRAPH_MODE)
    x = mindspore.Tensor(image(2, 2))
    np.testing.assert_allclose(cell(x).asnumpy(), x.asnumpy() * 6 + 6, rtol=1e-6)
    mindspore.export(cell, x, file_name=str(tmp_path / "net"), file_format="MINDIR")
