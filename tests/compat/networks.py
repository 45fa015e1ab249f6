"""Networks of a text, which MindSpore's compiler reads from a file."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

X = np.random.default_rng(3).normal(size=(2, 4)).astype(np.float32)
HEAD = """
import functools
import logging
import operator

import mindspore
import numpy as np
from mindspore import Tensor, nn, ops

logger = logging.getLogger("network")

"""
CELL = """
class Net(nn.Cell):
    def construct(self, x, mask=None):
{body}
"""


def module_of(source: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module that ``source`` is, in a file in ``place``."""
    path = place / "network.py"
    path.write_text(source, "utf-8")
    spec = importlib.util.spec_from_file_location(f"network_of_{place.name.replace('-', '_')}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def compiled(source: str, place: Path, monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    """What its ``Net`` gives of X; it can be exported."""
    import mindspore

    cell = module_of(source, place, monkeypatch).Net()
    x = mindspore.Tensor(X)
    mindspore.export(cell, x, file_name=str(place / "net"), file_format="MINDIR")
    return np.asarray(cell(x).asnumpy())
