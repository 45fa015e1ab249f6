"""Quantisation to int8, and what it is calibrated with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hubkit.errors import ConvertError
from hubkit.nets.spec import InputSpec
from hubkit.smoke.runners import OnnxRunner
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

SPEC = InputSpec("image", (1, 3, 8, 8), "float32", -1.0, 1.0)


@pytest.fixture
def source(files: Path, tmp_path: Path) -> Path:
    from hubkit.convert.onnx_export import mindir_to_onnx

    path = tmp_path / "net.onnx"
    mindir_to_onnx(files / "net.mindir", path, input_names=["image"], output_names=["scores", "features"])
    return path


def test_the_file_is_quantised_and_runs(source: Path, tmp_path: Path) -> None:
    import numpy as np
    import onnxruntime

    from hubkit.convert.precision.int8 import to_int8

    target = tmp_path / "net.int8.onnx"
    file = to_int8(source, target, [SPEC], calibration=None, seed=3)
    assert (file.format, file.path) == ("onnx-int8", target)
    assert file.note == "calibrated with 8 inputs from seed 3, no real data"
    assert {"QuantizeLinear", "DequantizeLinear"} <= set(file.operators)
    given = {"image": np.random.default_rng(0).uniform(-1, 1, SPEC.shape).astype(np.float32)}
    exact, coarse = (onnxruntime.InferenceSession(str(path)).run(None, given) for path in (source, target))
    for a, b in zip(exact, coarse, strict=True):
        assert 0 < np.abs(a - b).max() < 0.25 * np.abs(a).max()


def test_equal_input_gives_equal_bytes(source: Path, tmp_path: Path) -> None:
    from hubkit.convert.precision.int8 import to_int8

    made = {to_int8(source, tmp_path / name, [SPEC], calibration=None, seed=3).sha256 for name in ("a.onnx", "b.onnx")}
    assert len(made) == 1


def test_arrays_and_images_calibrate(source: Path, tmp_path: Path) -> None:
    import numpy as np
    from PIL import Image

    from hubkit.convert.precision.calibration import samples
    from hubkit.convert.precision.int8 import to_int8

    folder = tmp_path / "real"
    folder.mkdir()
    np.save(folder / "a.npy", np.full((3, 8, 8), 0.25))
    np.save(folder / "b.npy", np.full((1, 3, 8, 8), 2, np.int64))
    Image.new("RGB", (31, 17), (255, 0, 51)).save(folder / "c.png")
    (folder / "notes.txt").write_text("left out")
    found, words = samples([SPEC], folder, 0)
    a, b, c = (sample["image"] for sample in found)
    assert words == "3 files of real"
    assert (a.shape, a.dtype, float(a.max())) == ((1, 3, 8, 8), np.float32, 0.25)
    assert (b.shape, float(b.min())) == ((1, 3, 8, 8), 2.0)
    assert c.shape == (1, 3, 8, 8)
    np.testing.assert_allclose(c[0, :, 4, 4], [1.0, -1.0, -0.6], atol=1e-6)
    file = to_int8(source, tmp_path / "x.onnx", [SPEC], calibration=folder, seed=0)
    assert file.note == "calibrated with 3 files of real"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bad.npy", b"nothing", "no .npy file of numbers"),
        ("bad.png", b"nothing", "cannot be read as an image"),
        ("notes.txt", b"", "holds no file to use"),
    ],
)
def test_files_that_cannot_be_used_are_told(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    from hubkit.convert.precision.calibration import samples

    (tmp_path / name).write_bytes(content)
    with pytest.raises(ConvertError, match=words):
        list(samples([SPEC], tmp_path, 0)[0])


def test_arrays_of_another_shape_and_pickles_are_refused(tmp_path: Path) -> None:
    import numpy as np

    from hubkit.convert.precision.calibration import samples

    np.save(tmp_path / "a.npy", np.zeros((3, 9, 8)))
    with pytest.raises(ConvertError, match=r"holds float64\[3, 9, 8\], but the input image is \[3, 8, 8\]"):
        list(samples([SPEC], tmp_path, 0)[0])
    np.save(tmp_path / "a.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(ConvertError, match=r"no \.npy file of numbers"):
        list(samples([SPEC], tmp_path, 0)[0])
    with pytest.raises(ConvertError, match="has 2 inputs"):
        samples([SPEC, SPEC], tmp_path, 0)


def _saved(path: Path, nodes: list[Any], weights: dict[str, Any], kind: int, shape: tuple[int, ...]) -> Path:
    """A network x -> y of ``nodes``."""
    import onnx
    from onnx import helper, numpy_helper

    ports = [[helper.make_tensor_value_info(name, kind, shape)] for name in "xy"]
    tensors = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "net", *ports, tensors)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8), str(path))
    return path


def test_a_mask_leaves_but_the_products_quantised(tmp_path: Path) -> None:
    """A range up to 1e9 has no steps left for scores."""
    import numpy as np
    from onnx import TensorProto, helper

    from hubkit.convert.precision.int8 import to_int8

    random = np.random.default_rng(0)
    weights = {
        "w": random.normal(size=(8, 8)).astype(np.float32),
        "mask": np.triu(np.full((4, 8), -1e9, np.float32), 5),
        "v": random.normal(size=(8, 8)).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["scores"], "scores"),
        helper.make_node("Add", ["scores", "mask"], ["masked"], "masked"),
        helper.make_node("Softmax", ["masked"], ["shares"], "shares"),
        helper.make_node("MatMul", ["shares", "v"], ["y"], "y"),
    ]
    source = _saved(tmp_path / "net.onnx", nodes, weights, TensorProto.FLOAT, (1, 4, 8))
    spec = InputSpec("x", (1, 4, 8), "float32", -1.0, 1.0)
    file = to_int8(source, tmp_path / "net.int8.onnx", [spec], calibration=None, seed=0)
    assert "convolutions and matrix products only" in file.note
    given = {"x": random.uniform(-1, 1, (1, 4, 8)).astype(np.float32)}
    exact, coarse = (OnnxRunner(path).run(given)[0] for path in (source, file.path))
    assert 0 < np.abs(exact - coarse).max() < 0.25 * np.abs(exact).max()
    assert {path.name for path in tmp_path.iterdir()} == {"net.onnx", "net.int8.onnx"}


def test_what_the_graph_of_a_loop_reads_comes_before_the_loop(tmp_path: Path) -> None:
    """ONNX Runtime's tool sorts the nodes, and looks at their own inputs alone."""
    import numpy as np
    from onnx import TensorProto, helper

    from hubkit.convert.precision.int8 import to_int8

    weights = {"w": np.eye(8, dtype=np.float32) * 2, "times": np.array(3), "go": np.array(True)}
    ports = [("i", TensorProto.INT64, ()), ("c", TensorProto.BOOL, ()), ("h", TensorProto.FLOAT, (1, 4, 8))]
    inner = helper.make_graph(
        [helper.make_node("Identity", ["c"], ["c2"]), helper.make_node("Add", ["h", "late"], ["h2"])],
        "body",
        [helper.make_tensor_value_info(*port) for port in ports],
        [helper.make_tensor_value_info(f"{name}2", kind, shape) for name, kind, shape in ports[1:]],
    )
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["m"], "m"),
        helper.make_node("Relu", ["m"], ["late"], "late"),
        helper.make_node("Loop", ["times", "go", "x"], ["y"], "loop", body=inner),
    ]
    source = _saved(tmp_path / "net.onnx", nodes, weights, TensorProto.FLOAT, (1, 4, 8))
    file = to_int8(
        source, tmp_path / "i.onnx", [InputSpec("x", (1, 4, 8), "float32", -1.0, 1.0)], calibration=None, seed=0
    )
    given = {"x": np.random.default_rng(0).uniform(-1, 1, (1, 4, 8)).astype(np.float32)}
    exact, coarse = (OnnxRunner(path).run(given)[0] for path in (source, file.path))
    assert np.abs(exact - coarse).max() < 0.25 * np.abs(exact).max()


def test_what_computes_in_float16_is_quantised_too(tmp_path: Path) -> None:
    import numpy as np
    from onnx import TensorProto, helper

    from hubkit.convert.precision.int8 import to_int8

    random = np.random.default_rng(0)
    weights = {
        "w": random.normal(size=(8, 6)).astype(np.float16),
        "v": random.normal(size=(6, 8)).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], "a"),
        helper.make_node("Cast", ["a"], ["b"], "b", to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["b", "v"], ["c"], "c"),
        helper.make_node("Cast", ["c"], ["y"], "y", to=TensorProto.FLOAT16),
    ]
    source = _saved(tmp_path / "net.onnx", nodes, weights, TensorProto.FLOAT16, (2, 8))
    spec = InputSpec("x", (2, 8), "float16", -1.0, 1.0)
    file = to_int8(source, tmp_path / "net.int8.onnx", [spec], calibration=None, seed=0)
    assert {port.dtype for port in (*file.inputs, *file.outputs)} == {"float16"}
    given = {"x": random.uniform(-1, 1, (2, 8)).astype(np.float16)}
    exact, coarse = (OnnxRunner(path).run(given)[0] for path in (source, file.path))
    assert coarse.dtype == np.float16
    assert 0 < np.abs(exact - coarse).max() < 0.25 * np.abs(exact).max()


def test_products_with_several_matrices_stay_in_float32(tmp_path: Path) -> None:
    """ONNX Runtime fails on them when it runs, beside others that are quantised."""
    import numpy as np
    from onnx import TensorProto, helper

    from hubkit.convert.precision.int8 import to_int8

    random = np.random.default_rng(0)
    weights = {
        "w": random.normal(size=(8, 8)).astype(np.float32),
        "experts": random.normal(size=(4, 8, 8)).astype(np.float32),
    }
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["a"], "a"),
        helper.make_node("MatMul", ["a", "experts"], ["y"], "y"),
    ]
    source = _saved(tmp_path / "net.onnx", nodes, weights, TensorProto.FLOAT, (4, 2, 8))
    spec = InputSpec("x", (4, 2, 8), "float32", -1.0, 1.0)
    file = to_int8(source, tmp_path / "net.int8.onnx", [spec], calibration=None, seed=0)
    given = {"x": random.uniform(-1, 1, (4, 2, 8)).astype(np.float32)}
    exact, coarse = (OnnxRunner(path).run(given)[0] for path in (source, file.path))
    assert 0 < np.abs(exact - coarse).max() < 0.25 * np.abs(exact).max()
