"""Exporting by MindSpore: what it leaves behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from hubkit.nets.spec import InputSpec
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

IMAGE = InputSpec("x", (2, 4), "float32", -1.0, 1.0)


def test_what_runs_after_an_export_that_failed_gives_what_it_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import mindspore

    from hubkit.convert.mindir_export import export_mindir
    from hubkit.smoke.runners import MindSporeRunner
    from tests.compat.networks import HEAD, module_of

    source = """
class Refused(nn.Cell):
    def construct(self, x):
        return ops.conv2d(x, x)

class Net(nn.Cell):
    def construct(self, x):
        return {"first": x * 4, "mean": None, "scale": 3.0, "rest": [x]}
"""
    module = module_of(HEAD + source, tmp_path, monkeypatch)
    x = np.ones((2, 4), np.float32)
    mindspore.set_context(mode=mindspore.GRAPH_MODE, jit_syntax_level=mindspore.LAX)
    with pytest.raises(ValueError, match=r"conv2d|Conv2D"):
        export_mindir(module.Refused(), [IMAGE], tmp_path / "refused")
    given = MindSporeRunner(module.Net()).run({"x": x})
    assert [array.tolist() for array in given] == [(4 * x).tolist(), x.tolist()]
