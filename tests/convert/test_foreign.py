"""Networks that a repository's code makes: built in a process of their own, proven outside of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import run, smoke
from hubkit.convert.records import ConvertJob, ConvertResult, OnnxOptions
from hubkit.convert.weights import read_weights
from tests.convert.foreign import convert, job
from tests.repos.networks import ENTRY, NET, folder
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[ConvertJob, ConvertResult]:
    wanted = job(tmp_path_factory.mktemp("a folder, 文件夹"), kwargs={"width": 6, "depth": 2})
    return wanted, run(wanted)


def test_a_name_that_mindspore_refuses_is_given_afterwards(tmp_path: Path) -> None:
    result = convert(tmp_path, stem="网络, 1")
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert [file.path.name for file in result.files] == ["网络, 1.mindir", "网络, 1.onnx"]


def test_so_is_it_where_the_parameters_lie_beside_the_mindir(tmp_path: Path) -> None:
    """As those of over 1 GB do; the code asks for it from the first byte on."""
    entry = f"from mindspore.train import serialization\nserialization.TOTAL_SAVE = 0\n{ENTRY}"
    result = convert(tmp_path, folder(entry), stem="网络, 1")
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert [file.path.name for file in result.files] == ["网络, 1_graph.mindir", "网络, 1.onnx"]
    assert [part.name for part in result.files[0].beside] == ["network_variables/data_0"]
    assert (tmp_path / "models" / "network_variables" / "data_0").stat().st_size > 0


def test_the_network_is_converted_and_proven(converted: tuple[ConvertJob, ConvertResult]) -> None:
    wanted, result = converted
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert [file.format for file in result.files] == ["mindir", "onnx"]
    assert result.parameters == 5
    assert result.values == 6 * 27 + 6 + 36 + 5 * 384 + 5
    assert {(pair.reference, pair.candidate, pair.passed) for pair in result.parity} == {
        ("mindspore", "pynative", True),
        ("mindspore", "mindir", True),
        ("mindspore", "onnxruntime", True),
    }
    assert [port.name for port in result.files[1].outputs] == ["output"]
    assert {"build", "load", "export", "run mindspore"} <= set(result.seconds)
    assert all(seconds >= 0 for seconds in result.seconds.values())
    assert result.inference_seconds["mindspore"] > 0
    assert result.compat == ()
    code = wanted.repository.path if wanted.repository else Path()
    assert sorted(path.name for path in code.iterdir()) == ["mindspore_hub_conf.py", "src"]  # nothing was written there


def test_the_files_are_compared_again(converted: tuple[ConvertJob, ConvertResult]) -> None:
    wanted, result = converted
    again = smoke(wanted, {file.format: file.path for file in result.files})
    assert (again.error, again.status) == ("", ConversionStatus.PASSED)
    changed = smoke(replace(wanted, seed=7), {file.format: file.path for file in result.files})
    assert changed.status is ConversionStatus.DIFFERS


def test_weights_go_to_safetensors_and_an_open_size_is_refused_in_words(tmp_path: Path) -> None:
    options = OnnxOptions(dynamic=("height", "width"))
    result = convert(tmp_path, formats=("onnx", "safetensors"), onnx=options)
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    files = {file.format: file for file in result.files}
    assert "height and width cannot be open: the repository's code was run at one size" in files["onnx"].note
    weights = read_weights(files["safetensors"].path)
    assert {name: array.shape for name, array in weights.items()} == {
        "conv.weight": (4, 3, 3, 3), "conv.bias": (4,), "head.weight": (5, 256), "head.bias": (5,)
    }  # fmt: skip


def test_two_outputs_may_be_named_or_are_numbered(tmp_path: Path) -> None:
    files = folder(net=NET.replace("return self.head(self.pool(x))", "return self.head(self.pool(x)), x"))
    for number, (given, names) in enumerate({(): ["output_0", "output_1"], ("a", "b"): ["a", "b"]}.items()):
        result = convert(tmp_path / str(number), files, outputs=given)
        assert (result.error, [port.name for port in result.files[0].outputs]) == ("", names)


def test_functions_that_the_code_puts_others_in_the_place_of_are_not_used(tmp_path: Path) -> None:
    entry = "from mindspore import ops\nones = ops.ones\nops.zeros = lambda *size: ones((1, 3, 2, 2))\n" + ENTRY
    result = convert(tmp_path, folder(entry))
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)


def test_what_training_left_in_the_checkpoint_is_counted(tmp_path: Path) -> None:
    """By what the network has: a parameter of its own is none, whatever it is called."""
    own = "self.loss_scale = Parameter(Tensor([2.0]), name='loss_scale')"
    net = NET.replace("super().__init__()", f"super().__init__()\n        {own}", 1)
    net = net.replace("return self.head(self.pool(x))", "return self.head(self.pool(x)) * self.loss_scale")
    shapes = {"conv.weight": (4, 3, 3, 3), "conv.bias": (4,), "head.weight": (5, 256), "head.bias": (5,)}
    shapes |= {"loss_scale": (1,), "moments.conv.bias": (4,), "global_step": (1,)}
    import numpy as np
    from safetensors.numpy import save

    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    (tmp_path / "w.safetensors").write_bytes(save(arrays))
    files = folder(net=f"from mindspore import Parameter, Tensor\n{net}")
    result = convert(tmp_path, files, checkpoint=tmp_path / "w.safetensors")
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert (result.passed_over, result.parameters) == (2, 5)


def test_random_numbers_of_a_network_are_told_as_what_they_are(tmp_path: Path) -> None:
    drawn = NET.replace("from mindspore import nn", "from mindspore import mint, nn").replace(
        "x = self.relu(self.conv(x))", "x = self.relu(self.conv(x))\n        x = x + mint.rand(1)"
    )
    result = convert(tmp_path, folder(net=drawn))
    assert result.status is ConversionStatus.COULD_NOT_EXPORT
    assert "the network draws random numbers of mindspore.mint while it runs" in result.error
    assert "mindspore.mint rand(on the CPU)" in result.compat


@pytest.mark.parametrize("drawn", [True, False])
def test_random_numbers_that_are_drawn_while_it_is_compiled_are_told(tmp_path: Path, drawn: bool) -> None:
    start = "np.random.randint(1000)" if drawn else "7"
    net = NET.replace(
        "class Net", f"@ops.constexpr\ndef start():\n    return Tensor({start}, ms.float32)\n\nclass Net"
    ).replace("return self.head(self.pool(x))", "return self.head(self.pool(x)) + start()")
    imports = "import numpy as np\nimport mindspore as ms\nfrom mindspore import Tensor, ops\n"
    result = convert(tmp_path, folder(net=imports + net))
    assert result.status is (ConversionStatus.DIFFERS if drawn else ConversionStatus.PASSED)
    assert ("While MindSpore compiles it, the network draws random numbers" in result.error) == drawn
