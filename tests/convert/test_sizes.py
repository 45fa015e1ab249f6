"""Open heights and widths are proved at another size, or fixed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hubkit.convert.pipeline import ConvertJob, run
from hubkit.convert.records import OnnxOptions
from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

IMAGE = InputSpec("image", (1, 3, 8, 8), "float32", 0.0, 1.0)
NUMBERS = InputSpec("numbers", (1, 7), "float32", 0.0, 1.0)


class Compared:
    """Evidence that has come out as a test wants it."""

    def __init__(self, reference: str = "", candidate: str = "", reason: str = "") -> None:
        self.errors = (reference, candidate)
        self.reason = reason
        self.inputs: Any = None
        self.parity: list[Any] = []

    def __call__(self, inputs: Any, outputs: Any, seed: int) -> Compared:
        self.inputs = inputs
        return self

    def run_reference(self, cell: Any) -> None:
        if self.errors[0]:
            raise ConvertError(self.errors[0])

    def run_onnx(self, file: Any) -> None:
        from hubkit.convert.records import ParityRecord

        if self.errors[1]:
            raise ConvertError(self.errors[1])
        figures = (0.0, 0.0, 0.0, False, 1, 0.0, 0.0, 0.0)
        self.parity = [ParityRecord("mindspore", "onnxruntime", "y", (0,), 1, *figures, not self.reason, self.reason)]


@pytest.mark.parametrize(
    ("evidence", "reason"),
    [
        (Compared(), ""),
        (Compared(reference="no such shape"), "MindSpore cannot run the network at 4x12: no such shape"),
        (Compared(candidate="refused"), "at 4x12: refused"),
        (Compared(reason="the greatest difference is 3"), "at 4x12: the greatest difference is 3"),
    ],
)
def test_what_stands_in_the_way_is_told(monkeypatch: pytest.MonkeyPatch, evidence: Compared, reason: str) -> None:
    from hubkit.convert import sizes

    monkeypatch.setattr(sizes, "Evidence", evidence)
    monkeypatch.setattr(sizes, "MindSporeRunner", lambda cell: cell)
    file: Any = SimpleNamespace(format="onnx")
    records, found = sizes.prove_sizes(None, file, (IMAGE, NUMBERS), ("y",), 0, ("height", "width"))
    assert found == reason
    assert [item.shape for item in evidence.inputs] == [(1, 3, 4, 12), (1, 7)]
    assert [record.candidate for record in records] == ["onnxruntime 4x12"] * len(evidence.parity)


def test_a_network_is_run_at_another_size(tmp_path: Path) -> None:
    job = ConvertJob(
        network="UNet3+",
        target_dir=tmp_path,
        stem="net",
        formats=("onnx",),
        input_shapes={"image": (1, 3, 64, 64)},
        onnx=OnnxOptions(dynamic=("height", "width")),
    )
    result = run(job)
    assert result.status == "passed", result.error
    assert result.files[0].inputs[0].shape == ("batch", 3, "height", "width")
    assert "onnxruntime 32x96" in {record.candidate for record in result.parity}
    assert all(record.passed for record in result.parity)
