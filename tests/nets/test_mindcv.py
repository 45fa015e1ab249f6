"""The networks of mindcv, as its source names them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hubkit import nets
from hubkit.nets.mindcv import FAMILY
from tests.requirements import needs_mindcv

pytestmark = needs_mindcv

_LIST = (
    "import json, mindcv.models.registry as r; from mindcv.models import list_models;"
    "print(json.dumps({name: [r._model_to_module[name], (r.get_pretrained_cfg(name).get('input_size') or [0])[-1]]"
    " for name in list_models()}))"
)


@pytest.fixture(scope="module")
def registered() -> dict[str, tuple[str, int]]:
    """What mindcv itself says, when it is imported: name -> module, the size in its table of defaults or 0."""
    done = subprocess.run([sys.executable, "-c", _LIST], capture_output=True, text=True, check=True, timeout=120)
    found: dict[str, tuple[str, int]] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_the_networks_are_those_that_mindcv_registers(registered: dict[str, tuple[str, int]]) -> None:
    assert {name: FAMILY.module(name) for name in FAMILY.names()} == {
        name: module for name, (module, _) in registered.items()
    }
    assert len(registered) == 275


def test_sizes_are_those_of_its_tables(registered: dict[str, tuple[str, int]]) -> None:
    for name, (_, size) in registered.items():
        if size:
            assert nets.find(f"mindcv:{name}").inputs[0].shape == (1, 3, size, size), name


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("resnet18", 224),
        ("mobilenet_v2_035_96", 96),
        ("mobilenet_v2_100", 224),
        ("inception_v3", 299),
        ("vit_b_32_384", 384),
    ],
)
def test_a_network_is_found_with_its_builder_and_size(name: str, size: int) -> None:
    spec = nets.find(f"mindcv:{name}")
    assert spec.builder == f"hubkit.nets.mindcv_builders:{name}"
    assert spec.inputs[0].shape[2:] == (size, size)
    assert spec.outputs == ("logits",)


def test_a_name_without_the_family_is_pointed_to_it() -> None:
    with pytest.raises(nets.ConvertError) as caught:
        nets.find("resnet18")
    assert "did you mean mindcv:resnet18?" in caught.value.hint


def test_looking_a_network_up_imports_nothing_heavy() -> None:
    code = (
        "import sys, hubkit.nets as nets; nets.find('mindcv:resnet18');"
        "print([m for m in ('mindcv', 'mindspore', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_network_is_converted_by_its_name(project_dir: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hubkit", "convert", "mindcv:squeezenet1_1", "--to=mindir,onnx", "--out", tmp_path],
        cwd=project_dir, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "mindir against mindspore: bit-equal" in done.stdout
    assert "weights: seeded (seed 0), fitted, untrained" in done.stdout
    folder = tmp_path / "models" / "mindcv_squeezenet1_1"
    assert sorted(path.suffix for path in folder.iterdir()) == [".mindir", ".onnx"]


def test_a_network_that_reshapes_an_initializer_is_built() -> None:
    from mindspore import Tensor

    before = Tensor.reshape
    cell = nets.build("mindcv:rexnet_09", num_classes=10)
    shapes = {parameter.name: tuple(parameter.shape) for parameter in cell.get_parameters()}
    assert shapes["cls.1.bias"] == (10,)
    assert Tensor.reshape is before


def test_an_unknown_argument_is_named_with_those_accepted() -> None:
    with pytest.raises(nets.ConvertError, match="cannot be built with depth=3") as caught:
        nets.build("mindcv:resnet18", depth=3)
    assert "num_classes=1000" in caught.value.hint


def test_pad_is_that_of_the_mindspore_that_mindcv_was_written_for() -> None:
    import mindspore
    import numpy as np

    from hubkit.nets import mindcv_ops

    x = np.arange(6, dtype=np.float32).reshape(1, 2, 3)
    padded = mindcv_ops.pad(mindspore.Tensor(x), paddings=((0, 0), (1, 0), (0, 2)))
    np.testing.assert_array_equal(padded.asnumpy(), np.pad(x, ((0, 0), (1, 0), (0, 2))))


def test_only_the_modules_that_need_it_get_other_operators() -> None:
    from mindcv.models import halonet, pvt, resnet, volo

    from hubkit.nets import mindcv_builders, mindcv_ops

    assert callable(mindcv_builders.pvt_tiny)
    assert all(module.ops is mindcv_ops for module in (halonet, pvt, volo))
    assert getattr(resnet, "ops", None) is not mindcv_ops
