"""From a .mindir file to an .onnx file: what is written, what is refused, what is left behind."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from hubkit.errors import ConvertError
from tests.requirements import PROJECT, needs_mindspore

pytestmark = needs_mindspore


def test_the_file_is_what_the_report_says(files: Path, tmp_path: Path) -> None:
    import onnx

    from hubkit.convert.onnx_export import mindir_to_onnx

    target = tmp_path / "net.onnx"
    report = mindir_to_onnx(files / "net.mindir", target, input_names=["image"], output_names=["scores", "features"])
    model = onnx.load(str(target))
    assert report.file.sha256 == hashlib.sha256(target.read_bytes()).hexdigest()
    assert report.file.size == target.stat().st_size
    assert report.file.opset == model.opset_import[0].version == 18
    assert report.file.operators == {"Conv": 1, "Gemm": 1, "ReduceMean": 1, "Relu": 1}
    assert [(port.name, port.shape, port.dtype) for port in report.file.inputs] == [
        ("image", ("batch", 3, 8, 8), "float32")
    ]
    assert [(port.name, port.shape) for port in report.file.outputs] == [
        ("scores", ("batch", 5)),
        ("features", ("batch", 32, 8, 8)),
    ]
    assert model.producer_name == "hubkit"
    assert {tensor.name for tensor in model.graph.initializer} >= {
        "conv.weight",
        "conv.bias",
        "dense.weight",
        "dense.bias",
    }
    assert [node.name.split("/")[1] for node in model.graph.node if node.op_type == "Conv"] == ["conv-Conv2d"]
    assert list(tmp_path.iterdir()) == [target]


def test_the_same_input_gives_the_same_bytes(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx

    digests = {
        mindir_to_onnx(files / "net.mindir", tmp_path / name, input_names=["a"], output_names=["b", "c"]).file.sha256
        for name in ("one.onnx", "two.onnx")
    }
    assert len(digests) == 1


def test_it_needs_no_mindspore(files: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from hubkit.convert.onnx_export import mindir_to_onnx;"
        "mindir_to_onnx(Path(sys.argv[1]), Path(sys.argv[2]), input_names=['a'], output_names=['b', 'c']);"
        "assert not [name for name in sys.modules if name.startswith('mindspore')]"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(files / "net.mindir"), str(tmp_path / "x.onnx")], check=True, cwd=PROJECT
    )
    assert (tmp_path / "x.onnx").is_file()


def test_every_unsupported_operator_is_listed_and_nothing_is_written(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.convert.preflight import UnsupportedOperatorsError

    with pytest.raises(UnsupportedOperatorsError) as raised:
        mindir_to_onnx(files / "unsupported.mindir", tmp_path / "x.onnx", input_names=["x"], output_names=["y"])
    assert [(found.op, len(found.layers)) for found in raised.value.operators] == [("BesselJ0", 2), ("BesselY0", 1)]
    assert raised.value.message.splitlines() == [
        "2 operators have no lowering to ONNX:",
        "  BesselJ0: Default/BesselJ0-op0, Default/BesselJ0-op1",
        "  BesselY0: Default/BesselY0-op0",
    ]
    assert list(tmp_path.iterdir()) == []


def test_an_lstm_with_two_biases_is_refused(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.errors import ConvertError

    target = tmp_path / "lstm.onnx"
    with pytest.raises(ConvertError, match=r"two biases of each gate, .* leaves the second out on a CPU"):
        mindir_to_onnx(files / "two_biases.mindir", target, input_names=["x", "state"], output_names=["y"])
    assert not target.exists()


def test_inputs_and_values_returned_twice_become_outputs(files: Path, tmp_path: Path) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.onnx_export import mindir_to_onnx

    target = tmp_path / "x.onnx"
    mindir_to_onnx(files / "unchanged.mindir", target, input_names=["x"], output_names=["a", "b", "c"])
    x = np.array([[-1, 2, -3, 4]], np.float32)
    a, b, c = onnxruntime.InferenceSession(str(target)).run(["a", "b", "c"], {"x": x})
    assert np.array_equal(a, x)
    assert np.array_equal(b, np.maximum(x, 0))
    assert np.array_equal(b, c)


def test_a_batch_that_cannot_be_opened_is_fixed_and_the_note_names_the_layer(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx

    file = mindir_to_onnx(files / "batch_bound.mindir", tmp_path / "x.onnx", input_names=["x"], output_names=["y"]).file
    assert file.note.startswith("its batch is fixed: Add in layer Default/Add-op0 cannot be lowered")
    assert [port.shape for port in (*file.inputs, *file.outputs)] == [(2, 3), (2, 3)]


def test_the_batch_is_fixed_whatever_refuses_the_open_one(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from typing import Any

    from hubkit.convert import lowering
    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.convert.refusal import RefusedError

    lower = lowering.lower

    def only_fixed(*given: Any, batch: str = "open", **options: Any) -> lowering.Lowered:
        if batch == "open":
            raise RefusedError("Gather in layer Default cannot be lowered to ONNX", hint="Change it.")
        return lower(*given, batch="fixed", **options)

    monkeypatch.setattr(lowering, "lower", only_fixed)
    source, target = files / "net.mindir", tmp_path / "net.onnx"
    file = mindir_to_onnx(source, target, input_names=["image"], output_names=["scores", "features"]).file
    assert file.note == "its batch is fixed: Gather in layer Default cannot be lowered to ONNX"
    assert all(isinstance(size, int) for port in (*file.inputs, *file.outputs) for size in port.shape)


def test_a_batch_that_cannot_be_opened_can_be_fixed(files: Path) -> None:
    from hubkit.convert.lowering import BatchError, lower
    from hubkit.convert.mindir import read_mindir

    graph = read_mindir(files / "batch_bound.mindir")
    with pytest.raises(BatchError):
        lower(graph, input_names=["x"], output_names=["y"])
    lowered = lower(graph, input_names=["x"], output_names=["y"], batch="fixed")
    assert [port.shape for port in (*lowered.inputs, *lowered.outputs)] == [(2, 3), (2, 3)]


@pytest.mark.parametrize(
    ("inputs", "outputs", "words"),
    [
        ([], ["a", "b"], "has 1 inputs, but 0 names"),
        (["x", "y"], ["a", "b"], "has 1 inputs, but 2 names"),
        (["x"], ["a"], "has 2 outputs, but 1 names"),
    ],
)
def test_names_must_fit(files: Path, tmp_path: Path, inputs: list[str], outputs: list[str], words: str) -> None:
    with pytest.raises(ConvertError, match=words):
        _lower(files / "net.mindir", tmp_path, inputs, outputs)
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_the_checker_refuses_is_not_left(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import onnx

    def refuse(*_: object, **__: object) -> None:
        raise onnx.checker.ValidationError("made to fail")

    monkeypatch.setattr(onnx.checker, "check_model", refuse)
    target = tmp_path / "x.onnx"
    target.write_bytes(b"what was there before")
    with pytest.raises(ConvertError, match=r"checker refuses .* made to fail"):
        _lower(files / "net.mindir", tmp_path, ["x"], ["a", "b"])
    assert target.read_bytes() == b"what was there before"
    assert list(tmp_path.iterdir()) == [target]


def test_weights_that_do_not_fit_go_beside(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert import onnx_file
    from hubkit.convert.describe import describe_onnx
    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.inspect.inspection import inspect
    from hubkit.inspect.model import Skipped

    whole, split = tmp_path / "whole.onnx", tmp_path / "split" / "split.onnx"
    split.parent.mkdir()
    _lower_to(files, whole)
    monkeypatch.setattr(onnx_file, "_MAX_BYTES", 4000)
    found = []
    for _ in range(2):  # over the files of an earlier time
        file = mindir_to_onnx(files / "net.mindir", split, input_names=["x"], output_names=["a", "b"]).file
        found.append((file.sha256, file.beside))
    assert found[0] == found[1]
    (data,) = file.beside
    written = split.with_name("split.onnx.data")
    assert (data.name, data.size) == (written.name, written.stat().st_size)
    assert data.sha256 == hashlib.sha256(written.read_bytes()).hexdigest()
    assert sorted(path.name for path in split.parent.iterdir()) == ["split.onnx", "split.onnx.data"]
    assert file.size == split.stat().st_size < 4000
    assert describe_onnx(split).beside == file.beside

    given = {"x": np.random.default_rng(0).uniform(size=(1, 3, 8, 8)).astype(np.float32)}
    for a, b in zip(
        *(onnxruntime.InferenceSession(str(path)).run(None, given) for path in (whole, split)), strict=True
    ):
        assert np.array_equal(a, b)
    kept, moved = (inspect(path) for path in (whole, split))
    assert sum(tensor.count for tensor in kept.model.tensors) == sum(tensor.count for tensor in moved.model.tensors)
    assert [figures for figures in moved.statistics if isinstance(figures, Skipped)] == []


def test_a_graph_that_does_not_fit_is_refused(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.convert import onnx_file

    monkeypatch.setattr(onnx_file, "_MAX_BYTES", 200)
    with pytest.raises(ConvertError, match="without its weights, more than the 2 GiB that fit"):
        _lower(files / "net.mindir", tmp_path, ["x"], ["a", "b"])
    assert list(tmp_path.iterdir()) == []


def test_a_mindir_in_several_files_is_read_with_them(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.describe import describe_mindir

    described = describe_mindir(files / "beside_graph.mindir", ["x"], ["a", "b"])
    assert [part.name for part in described.beside] == ["beside_variables/data_0"]
    whole, split = tmp_path / "whole.onnx", tmp_path / "split.onnx"
    _lower_to(files, whole)
    _lower_to(files, split, "beside_graph.mindir")
    assert whole.read_bytes() == split.read_bytes()


def test_height_and_width_are_open_on_request(files: Path, tmp_path: Path) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.convert.records import OnnxOptions

    target = tmp_path / "x.onnx"
    options = OnnxOptions(dynamic=("height", "width"))
    file = mindir_to_onnx(
        files / "net.mindir", target, input_names=["x"], output_names=["scores", "features"], options=options
    ).file
    assert [port.shape for port in (*file.inputs, *file.outputs)] == [
        ("batch", 3, "height", "width"),
        ("batch", 5),
        ("batch", 32, "height", "width"),
    ]
    assert file.note == ""
    given = {"x": np.zeros((2, 3, 5, 13), np.float32)}
    found = onnxruntime.InferenceSession(str(target)).run(None, given)
    assert [array.shape for array in found] == [(2, 5), (2, 32, 5, 13)]


def test_an_axis_that_cannot_be_open_is_fixed_and_the_note_names_the_layer(files: Path, tmp_path: Path) -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.convert.records import OnnxOptions

    file = mindir_to_onnx(
        files / "flat.mindir",
        tmp_path / "x.onnx",
        input_names=["x"],
        output_names=["y"],
        options=OnnxOptions(dynamic=("height", "width")),
    ).file
    assert [port.shape for port in (*file.inputs, *file.outputs)] == [("batch", 3, 8, 8), ("batch", 5)]
    height, width = file.note.split("; its ")
    assert height.startswith("its height is fixed: MatMul in layer Default/dense-Dense/MatMul-op0 cannot be lowered")
    assert width.startswith("width is fixed: MatMul in layer Default/dense-Dense/MatMul-op0 cannot be lowered")
    assert "batch" not in file.note


def test_two_lowerings_of_one_operator_are_an_error() -> None:
    from hubkit.convert.lowering.registry import LOWERINGS, lowering

    with pytest.raises(ValueError, match="Conv2D is lowered twice"):
        lowering("Conv2D")(LOWERINGS["ReLU"].function)


def _lower(source: Path, folder: Path, inputs: list[str], outputs: list[str]) -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx

    mindir_to_onnx(source, folder / "x.onnx", input_names=inputs, output_names=outputs)


def _lower_to(files: Path, target: Path, name: str = "net.mindir") -> None:
    from hubkit.convert.onnx_export import mindir_to_onnx

    mindir_to_onnx(files / name, target, input_names=["x"], output_names=["a", "b"])


def test_sampling_the_nearest_keeps_height_and_width_open(files: Path, tmp_path: Path) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.onnx_export import mindir_to_onnx
    from hubkit.convert.records import OnnxOptions

    options = OnnxOptions(dynamic=("height", "width"))
    target = tmp_path / "nearest.onnx"
    made = mindir_to_onnx(files / "nearest.mindir", target, input_names=["x"], output_names=["y"], options=options)
    assert made.file.inputs[0].shape[2:] == ("height", "width")
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    with np.load(files / "nearest.npz") as stored:
        for height, width in ((8, 8), (16, 4)):
            image = np.random.default_rng(1).normal(size=(1, 2, height, width)).astype(np.float32)
            (found,) = session.run(None, {"x": image})
            assert np.array_equal(found, stored[f"{height}x{width}"])
