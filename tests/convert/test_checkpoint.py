"""Reading .ckpt files and loading them strictly."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from hubkit.errors import ConvertError
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore


@pytest.mark.parametrize("name", ["net.ckpt", "checked.ckpt", "split.ckpt"])
def test_what_mindspore_saved_is_read(files: Path, name: str) -> None:
    import numpy as np

    parameters = _read(files / name)
    assert list(parameters) == json.loads((files / "net.names.json").read_text())
    with np.load(files / "net.npz") as stored:
        for key, array in parameters.items():
            assert array.dtype == stored[key].dtype
            assert np.array_equal(array, stored[key])


def test_the_split_file_is_split(files: Path) -> None:
    assert (files / "split.ckpt").read_bytes().count(b"conv.weight") == 4


def test_every_element_type_is_read(files: Path) -> None:
    import numpy as np

    parameters = _read(files / "kinds.ckpt")
    for kind in ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"):
        assert np.array_equal(parameters[kind], np.arange(6).reshape(2, 3).astype(kind))
        assert parameters[kind].dtype == kind
    assert parameters["scalar"].shape == ()
    assert parameters["scalar"] == 3.5
    assert parameters["epoch"] == 3
    assert "note" not in parameters


def test_a_wrong_check_sum_is_found(files: Path, tmp_path: Path) -> None:
    content = bytearray((files / "checked.ckpt").read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / "damaged.ckpt"
    path.write_bytes(content)
    with pytest.raises(ConvertError, match="its check sum does not fit"):
        _read(path)


@pytest.mark.parametrize("mode", ["AES-GCM", "AES-CBC", "SM4-CBC"])
def test_an_encrypted_file_is_called_so(files: Path, mode: str) -> None:
    with pytest.raises(ConvertError, match=rf"is an encrypted MindSpore file \({mode}\)"):
        _read(files / f"{mode}.ckpt")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the checkpoint file .* is empty"),
        (b"<html><body>404 Not Found</body></html>", "is an HTML page"),
        (b"PK\x03\x04", "is a ZIP archive .PyTorch"),
        (b"\x80\x04\x95", "is a Python pickle"),
        (b"\x1f\x8b\x08", "is a gzip archive"),
        (b"\x89HDF\r\n", "is an HDF5 file"),
        (b"garbage that is no checkpoint", "not a checkpoint file, or it is damaged: it holds text"),
        ("\ufeff\u6587\u672c".encode(), "not a checkpoint file, or it is damaged: it holds text"),
        (b"\x10\x01", "fields that no checkpoint has"),
        (b"\x0a\x03\x0a\x01a", "the entry 'a' holds no tensor"),
        (b"\x0a\x0c\x0a\x01a\x12\x07\x12\x05Weird", "the unknown element type 'Weird'"),
        (b"\x0a\x10\x0a\x01a\x12\x0b\x08\x09\x12\x07Float32", r"'?a says it is float32\[9\] but has 0 bytes"),
    ],
)
def test_another_file_is_recognised(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "other.ckpt"
    path.write_bytes(content)
    with pytest.raises(ConvertError, match=words):
        _read(path)


def test_a_shape_of_absurd_size_costs_nothing(tmp_path: Path) -> None:
    huge = b"\xff" * 8 + b"\x7f"  # 2 ** 63 - 1
    tensor = b"\x08" + huge + b"\x08" + huge + b"\x12\x07Float32" + b"\x1a\x04\x00\x00\x80\x3f"
    entry = b"\x0a\x01a\x12" + bytes([len(tensor)]) + tensor
    path = tmp_path / "huge.ckpt"
    path.write_bytes(b"\x0a" + bytes([len(entry)]) + entry)
    with pytest.raises(ConvertError, match="but has 4 bytes"):
        _read(path)


@pytest.mark.parametrize("seed", range(2))
def test_damaged_bytes_never_crash(files: Path, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    original = (files / "kinds.ckpt").read_bytes()
    path = tmp_path / "damaged.ckpt"
    refused = 0
    for _ in range(400):
        content = bytearray(original[: rng.choice((len(original), rng.randrange(1, len(original))))])
        for _ in range(rng.randrange(4)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        path.write_bytes(content)
        try:
            _read(path)
        except ConvertError:
            refused += 1
    assert refused > 100


@pytest.fixture(scope="module")
def cell() -> Any:
    from mindspore import nn

    class Net(nn.Cell):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 32, 3, has_bias=True)
            self.dense = nn.Dense(32, 5)

        def construct(self, x: Any) -> Any:
            return self.dense(self.conv(x))

    return Net()


def test_a_checkpoint_that_fits_is_loaded(files: Path, cell: Any) -> None:
    import numpy as np

    from hubkit.convert.checkpoint import load_strict

    parameters = _read(files / "net.ckpt")
    load_strict(cell, parameters)
    for item in cell.get_parameters():
        assert np.array_equal(item.asnumpy(), parameters[item.name])


def test_every_difference_is_listed_with_the_nearest_name(files: Path, cell: Any) -> None:
    import numpy as np

    from hubkit.convert.checkpoint import load_strict

    load_strict(cell, _read(files / "net.ckpt"))
    before = {item.name: item.asnumpy().copy() for item in cell.get_parameters()}
    parameters = dict(_read(files / "net.ckpt"))
    parameters["conv.weights"] = parameters.pop("conv.weight")
    parameters["dense.weight"] = np.zeros((10, 32), np.float32)
    parameters["dense.bias"] = parameters["dense.bias"].astype(np.float16)
    parameters["moments.conv"] = np.zeros(3, np.float32)
    with pytest.raises(ConvertError) as raised:
        load_strict(cell, parameters)
    assert raised.value.message.splitlines() == [
        "the checkpoint does not fit the network:",
        "  1 missing from the checkpoint: conv.weight (nearest: conv.weights)",
        "  2 not in the network: conv.weights (nearest: conv.weight); moments.conv",
        "  2 of another shape or type: dense.weight is float32[10, 32] in the checkpoint, float32[5, 32] in the "
        "network; dense.bias is float16[5] in the checkpoint, float32[5] in the network",
    ]
    for item in cell.get_parameters():
        assert np.array_equal(item.asnumpy(), before[item.name])


def test_long_lists_are_cut(cell: Any) -> None:
    import numpy as np

    from hubkit.convert.checkpoint import load_strict

    extra = {f"layer{index}": np.zeros(1, np.float32) for index in range(30)}
    with pytest.raises(ConvertError, match=r"30 not in the network: layer0; .*; layer7; and 22 more"):
        load_strict(cell, extra)


def _read(path: Path) -> dict[str, Any]:
    from hubkit.convert.checkpoint import read_checkpoint

    return read_checkpoint(path)


def test_a_parameter_of_the_network_is_no_state_whatever_it_is_called() -> None:
    import mindspore
    import numpy as np
    from mindspore import nn

    from hubkit.convert.checkpoint import load_strict

    cell = nn.Dense(3, 2)
    cell.loss_scale = mindspore.Parameter(mindspore.Tensor([1.0], mindspore.float32), name="loss_scale")
    weights = {"weight": np.ones((2, 3), np.float32), "bias": np.zeros(2, np.float32)}
    weights["loss_scale"] = np.array([8], np.float32)
    assert load_strict(cell, weights) == 0
    assert load_strict(cell, weights | {"scale_sense": np.ones(1, np.float32)}) == 1
    assert cell.loss_scale.asnumpy().tolist() == [8]


def test_the_state_of_an_optimizer_is_passed_over() -> None:
    import numpy as np
    from mindspore import nn

    from hubkit.convert.checkpoint import MisfitError, load_strict

    cell = nn.Dense(3, 2)
    weights = {"weight": np.ones((2, 3), np.float32), "bias": np.zeros(2, np.float32)}
    state = {
        "moments.weight": np.zeros((2, 3), np.float32),
        "moment2.bias": np.zeros(2, np.float32),
        "global_step": np.zeros(1, np.int32),
        "scale_sense": np.array(1024, np.float32),
    }
    assert load_strict(cell, weights | state) == 4
    assert (cell.weight.asnumpy() == 1).all()
    for name, shape in {
        "moments.weight": (3, 2),
        "moments.other": (2, 3),
        "global_step": (4,),
        "mean.bias": (2,),
    }.items():
        with pytest.raises(MisfitError, match=name):
            load_strict(cell, weights | {name: np.zeros(shape, np.float32)})
