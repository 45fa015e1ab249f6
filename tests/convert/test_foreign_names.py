"""Code of repositories for MindSpore 1.x, and for packages that are not installed: a network needs few of its names."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from tests.convert.foreign import convert
from tests.repos.networks import ENTRY, NET, folder
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

DATA = """
import no_such_package.images as images
from easydict import EasyDict as edict
from no_other_package import Transform

try:
    import guarded_package
except ImportError:
    guarded_package = None
assert guarded_package is None

images.set_threads(0)
settings = edict({"widths": [{"first": 5}]})

class Flip(Transform):
    pass

@images.compiled(fast=True)
def read(path):
    return images.read(path)
"""


def test_packages_that_the_network_does_not_use_need_not_be_installed(tmp_path: Path) -> None:
    entry = "from src.data import settings\n" + ENTRY.replace("width=8", "settings.widths[0].first")
    result = convert(tmp_path, folder(entry, data=DATA), network="other")
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert result.values == 5 * 27 + 5 + 5 * (5 * 64) + 5
    told = {name for name in result.compat if name != "easydict"}  # which may be installed
    assert told == {f"{name} (not installed: a placeholder)" for name in ("no_such_package", "no_other_package")}


def test_packages_that_are_not_installed_are_named_where_a_network_fails_later(tmp_path: Path) -> None:
    net = NET.replace("self.relu(self.conv(x))", "no_such_package.relu(self.conv(x))")
    result = convert(tmp_path, folder(net=f"import no_such_package\n{net}"))
    assert result.status is ConversionStatus.COULD_NOT_EXPORT
    assert result.error.endswith("\n  Not installed, and perhaps needed here: no_such_package.")


SETTINGS = """
import argparse
from yacs.config import CfgNode as CN

parser = argparse.ArgumentParser()
parser.add_argument("--data_path", type=str, required=True)
parser.add_argument("--config", type=str, required=True, default="src/net.yaml")
given = parser.parse_args()

settings = CN()
settings.NET = CN(new_allowed=True)
settings.merge_from_file(given.config)
settings.freeze()
"""


def test_settings_of_a_command_line_have_their_defaults(tmp_path: Path) -> None:
    entry = "from src.settings import settings\n" + ENTRY.replace("width=8", "settings.NET.WIDTH")
    files = folder(entry, settings=SETTINGS) | {"official/net/src/net.yaml": "NET: {WIDTH: 5}\n"}
    result = convert(tmp_path, files, network="other")
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert result.values == 5 * 27 + 5 + 5 * (5 * 64) + 5
    told = {name for name in result.compat if not name.startswith("yacs")}  # which may be installed
    assert told == {f"{name} (required on a command line: its default)" for name in ("--data_path", "--config")}


def test_what_a_command_line_requires_is_named_where_a_network_fails(tmp_path: Path) -> None:
    entry = ENTRY.replace("width=8", "open(given.data_path).read()")
    result = convert(tmp_path, folder("from src.settings import given\n" + entry, settings=SETTINGS), network="other")
    assert result.status is ConversionStatus.COULD_NOT_BUILD
    words = "Required on a command line, which a card does not have, and perhaps needed here: --config, --data_path."
    assert result.error.endswith(f"\n  {words}")


LAUNCHED = """
import os
from mindspore import context
from mindspore.communication.management import get_group_size, get_rank, init

device_id = int(os.getenv("DEVICE_ID"))
init()
context.set_context(device_id=device_id)
context.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True, device_num=get_group_size())
assert (get_rank(), int(os.environ["RANK_ID"]), int(os.environ["RANK_SIZE"])) == (0, 0, 1)
"""


def test_code_that_is_launched_over_devices_is_the_only_process(tmp_path: Path) -> None:
    result = convert(tmp_path, folder("import src.launched\n" + ENTRY, launched=LAUNCHED))
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert set(result.compat) == {"mindspore.communication.init", "mindspore.set_context(device_id)"}


OLD_NET = """
import mindspore.nn as nn
import mindspore.ops.operations as P
import mindspore.dataset.vision.c_transforms as C
from mindspore import context, ms_function
from mindspore._checkparam import Rel, Validator as validator
from mindspore.nn.metrics.metric import Metric
from mindspore.train.serialization import load_checkpoint

context.set_context(mode=context.PYNATIVE_MODE, device_target="Ascend", enable_hccl=False)

class Net(nn.Cell):
    def __init__(self, width):
        super(Net, self).__init__()
        validator.check_int_range(width, 1, 64, Rel.INC_BOTH, "width", self.cls_name)
        self.conv = nn.Conv2d(3, width, 3, stride=2)
        self.up = nn.ResizeBilinear()
        self.resize = P.ResizeBilinear((5, 7))
        self.out = nn.Conv2d(width, 2, 1)

    def construct(self, x):
        shape = P.Shape()(x)
        x = self.up(self.conv(x), size=(shape[2], shape[3]))
        return self.resize(self.out(x)), P.ResizeBilinear((shape[2] * 2, shape[3] * 2), True)(x)
"""
COMPAT = (
    "mindspore._checkparam.Rel",
    "mindspore._checkparam.Validator",
    "mindspore.dataset.vision.c_transforms",
    "mindspore.ms_function",
    "mindspore.nn.ResizeBilinear",
    "mindspore.nn.metrics.metric",
    "mindspore.ops.operations.ResizeBilinear",
    "mindspore.set_context(device_target)",
    "mindspore.set_context(enable_hccl)",
)


def test_code_for_mindspore_1_is_built_through_compat_and_proven(tmp_path: Path) -> None:
    result = convert(tmp_path, folder(net=OLD_NET), kwargs={"width": 4})
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert result.compat == COMPAT
    assert {pair.candidate for pair in result.parity} == {"pynative", "mindir", "onnxruntime"}
    assert result.files[0].operators["ResizeBilinearV2"] == 3


GONE = """
from mindspore.compression.quant import create_quant_config
from mindspore.nn import DenseBnActQuant
from mindspore.train.quant import quant as quant_utils
"""


@pytest.mark.parametrize("use", ["create_quant_config()", "DenseBnActQuant(3, 4)", "quant_utils.convert(name)"])
def test_a_name_that_compat_has_not_is_told_where_it_is_used(tmp_path: Path, use: str) -> None:
    result = convert(tmp_path, folder(GONE + ENTRY.replace("return Net(*", f"return {use} or Net(*")))
    used = {"c": "compression", "D": "nn.DenseBnActQuant", "q": "train.quant"}[use[0]]
    assert f"uses mindspore.{used}, which MindSpore 2." in result.error
    assert "this one is not among them" in result.error
    assert "--to onnx-int8 quantises the ONNX file" in result.error


def test_names_that_are_gone_and_not_used_stop_nothing(tmp_path: Path) -> None:
    result = convert(tmp_path, folder(GONE + ENTRY))
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    names = ("mindspore.compression", "mindspore.nn.DenseBnActQuant", "mindspore.train.quant")
    assert result.compat == tuple(f"{name} (gone: a placeholder)" for name in names)


def test_names_that_are_gone_are_told_where_the_network_fails_later(tmp_path: Path) -> None:
    net = "from mindspore.nn import DenseBnActQuant\n" + NET.replace("return self.head(", "return DenseBnActQuant(")
    result = convert(tmp_path, folder(net=net))
    assert "Gone from MindSpore, and perhaps needed here: mindspore.nn.DenseBnActQuant." in result.error
