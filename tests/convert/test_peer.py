"""Networks of other packages, whose own code is held against what is compiled of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import run, smoke
from hubkit.convert.records import ConvertJob, ConvertResult
from hubkit.nets import peers
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

_PACKAGE = """
import os
import mindspore
from mindspore import nn, ops
from hubkit.nets import InputSpec, NetworkSpec

runs = []


@ops.constexpr
def ended(kind):
    if mindspore.get_context("mode") == mindspore.PYNATIVE_MODE:
        runs.append(kind)
        if len(runs) > 1:  # the first run is for its drawn weights
            os.abort() if kind == "crashes" else exit("only compiled")
    return True


class Renamed(nn.Cell):
    def construct(self, x):
        y = x
        y[:, 0] = 1.0
        return x + y


class Ending(nn.Cell):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def construct(self, x):
        return x if ended(self.kind) else -x


class Net(nn.Cell):
    def __init__(self, last):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3, has_bias=True)
        self.last = last

    def construct(self, x):
        return self.last(ops.relu(self.conv(x)))


def plain():
    return Net(nn.ReLU())

def renamed():
    return Net(Renamed())

def crashes():
    return Net(Ending("crashes"))

def leaves():
    return Net(Ending("leaves"))


class Nets:
    def names(self):
        return ("plain", "renamed", "crashes", "leaves")

    def find(self, name):
        image = InputSpec(name="image", shape=(1, 3, 8, 8), dtype="float32", low=-1.0, high=1.0)
        return NetworkSpec(name, f"peer_nets:{name}", (), "", (image,), ("maps",))

NETS = Nets()
"""


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package peer-nets that adds networks, installed here and for workers."""
    place = tmp_path / "installed"
    information = place / "peer_nets-1.0.dist-info"
    information.mkdir(parents=True)
    (place / "peer_nets.py").write_text(_PACKAGE, encoding="utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: peer-nets\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[hubkit.networks]\npeer = peer_nets:NETS\n")
    monkeypatch.setenv("PYTHONPATH", str(place))
    monkeypatch.syspath_prepend(str(place))
    sys.modules.pop("peer_nets", None)
    peers._entry_points.cache_clear()
    yield
    peers._entry_points.cache_clear()
    sys.modules.pop("peer_nets", None)


def converted(place: Path, network: str) -> ConvertResult:
    return run(ConvertJob(f"peer:{network}", place / "models", "net"))


def test_its_code_is_run_line_by_line(tmp_path: Path) -> None:
    result = converted(tmp_path, "plain")
    assert (result.status, result.error, dict(result.skipped)) == (ConversionStatus.PASSED, "", {})
    assert {pair.candidate for pair in result.parity} == {"mindir", "onnxruntime", "pynative"}
    assert result.seconds["run pynative"] > 0
    files = {file.format: file.path for file in result.files}
    again = smoke(ConvertJob("peer:plain", tmp_path / "models", "net"), files)
    assert (again.status, again.error) == (ConversionStatus.PASSED, "")
    assert {pair.candidate for pair in again.parity} == {"mindir", "onnxruntime", "pynative"}


def test_what_is_compiled_in_another_sense_differs(tmp_path: Path) -> None:
    result = converted(tmp_path, "renamed")
    assert result.status is ConversionStatus.DIFFERS
    assert [pair.candidate for pair in result.parity if not pair.passed] == ["pynative"]
    assert "run line by line (PyNative mode), in output maps" in result.error
    assert "The first that does is layer last, Renamed.construct of peer_nets." in result.error
    assert result.files == ()


@pytest.mark.parametrize(("network", "why"), [("crashes", "its process ended"), ("leaves", "only compiled")])
def test_what_does_not_run_uncompiled_is_converted_and_told(tmp_path: Path, network: str, why: str) -> None:
    result = converted(tmp_path, network)
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")
    assert {pair.candidate for pair in result.parity} == {"mindir", "onnxruntime"}
    assert list(result.skipped) == ["pynative"]
    assert why in result.skipped["pynative"]
    assert {file.format for file in result.files} == {"mindir", "onnx"}
