"""Networks that a repository's code makes: built in a process of their own, judged outside of it, whatever it does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import Limits, run, smoke
from hubkit.convert.records import ConvertJob, ConvertResult, OnnxOptions, RepositoryCode
from hubkit.convert.weights import read_weights
from hubkit.nets import InputSpec
from tests.convert.test_sandbox import ends
from tests.repos.networks import ENTRY, NET, folder
from tests.requirements import PROJECT, needs_mindspore

pytestmark = needs_mindspore

IMAGE = InputSpec("image", (1, 3, 8, 8), "float32", -1.0, 1.0)


def job(place: Path, files: Mapping[str, str] | None = None, **changes: object) -> ConvertJob:
    code = place / "code"
    for name, text in (files or folder()).items():
        path = code / name.removeprefix("official/net/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    repository = RepositoryCode("https://git.example/owner/models", "0" * 40, "official/net", code, "0" * 64, "a test")
    made = ConvertJob("net", place / "models", "net", inputs=(IMAGE,), repository=repository)
    return replace(made, **changes)  # type: ignore[arg-type]


def convert(place: Path, files: Mapping[str, str] | None = None, **changes: object) -> ConvertResult:
    result = run(job(place, files, **changes))
    left = [path for path in (place / "models").iterdir() if path.suffix in (".mindir", ".onnx", ".safetensors")]
    assert len(left) == len(result.files)
    return result


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


# What the code of a repository does instead of making a network -> how the conversion ends, and what its error says.
HOSTILE: dict[str, tuple[str, ConversionStatus, str]] = {
    "ends the process": (
        "import sys; sys.exit(0)",
        ConversionStatus.COULD_NOT_BUILD,
        "the repository's code ended the process itself: sys.exit(0)",
    ),
    "ends it at once": (
        "import os; os._exit(0)",
        ConversionStatus.CRASHED,
        "the repository's code gave no network: it left before it was done",
    ),
    "crashes": (
        "import ctypes; ctypes.string_at(0)",
        ConversionStatus.CRASHED,
        "the repository's code gave no network: it crashed (SIGSEGV)",
    ),
    "raises what it likes": (
        "class Odd(BaseException): pass\nraise Odd('odd')",
        ConversionStatus.COULD_NOT_BUILD,
        "the repository's code failed: Odd",
    ),
    "prints without end and fails": (
        "for _ in range(300_000): print('x' * 100)\nraise RuntimeError('now')",
        ConversionStatus.COULD_NOT_BUILD,
        "the repository's code failed: RuntimeError: now\n  at mindspore_hub_conf.py:2",
    ),
    "starts too many processes": (
        "import os, time\nfor _ in range(200):\n    if os.fork() == 0:\n        os.setsid(); break\ntime.sleep(600)",
        ConversionStatus.CRASHED,
        "it was stopped: it started more than 32 processes",
    ),
    "says that all is well": (
        "import json, os, sys\n"
        "result = json.dumps({'result': {'status': 'passed', 'error': '', 'failed_step': ''}})\n"
        "for channel in range(1, 256):\n"
        "    try: os.write(channel, f'{result}\\n'.encode())\n"
        "    except OSError: pass\n"
        "report = {'step': 'run mindspore', 'error': '', 'done': True, 'parameters': 1, 'values': 1, 'compat': [],\n"
        "          'seconds': {}, 'inference_seconds': 1.0}\n"
        "with open('../out/report.json', 'w') as stream: json.dump(report, stream)\n"
        "os._exit(0)",
        ConversionStatus.COULD_NOT_BUILD,
        "the repository's code left no outputs of its network",
    ),
    "asks a question": (
        "raise RuntimeError(repr(input('password: ')))",
        ConversionStatus.COULD_NOT_BUILD,
        "the repository's code failed: EOFError: EOF when reading a line",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_the_code_does_the_status_is_honest(tmp_path: Path, what: str) -> None:
    code, status, words = HOSTILE[what]
    result = convert(tmp_path, folder(code))
    assert result.status is status
    assert words in result.error
    assert len(result.error) < 5000
    assert (result.files, result.parity) == ((), ())


def test_the_code_learns_no_secret_and_writes_into_folders_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".netrc").write_text("machine a.example login me password hunter2")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("HUBKIT_TOKEN", "hunter2")
    code = """
import os, pathlib, tempfile
found = [value for value in os.environ.values()]
found.append(pathlib.Path(f"/proc/{os.getppid()}/environ").read_text())
for path in ("~/.netrc", "~/.ssh/id_rsa", "~/.git-credentials"):
    path = pathlib.Path(path).expanduser()
    found.append(path.read_text() if path.is_file() else "nothing")
for folder in (pathlib.Path.home(), pathlib.Path(tempfile.gettempdir()), pathlib.Path(".")):
    (folder / "left-behind").write_text("x")
raise RuntimeError("; ".join(found))
"""
    result = convert(tmp_path, folder(code))
    assert "RuntimeError" in result.error
    assert "PYTHONPATH=" in result.error  # so the other process's environment was read
    assert "hunter2" not in result.error
    assert list(tmp_path.rglob("left-behind")) == []


# Starts a process that leaves its session and loses its parent, and waits; the pids of both are written down.
DETACHES = """
import os, time
def told(name):
    with open(f"{place}/{{name}}.part", "w") as stream: stream.write(str(os.getpid()))
    os.rename(f"{place}/{{name}}.part", f"{place}/{{name}}")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: told("detached")
    else: os._exit(0)
else: told("above")
time.sleep(600)
"""


def pids(place: Path) -> list[int]:
    """The process that the code ran in, and the one that detached itself."""
    return [int((place / name).read_text()) for name in ("above", "detached")]


def test_code_that_takes_too_long_is_stopped_with_what_detached_itself(tmp_path: Path) -> None:
    result = run(job(tmp_path, folder(DETACHES.format(place=tmp_path))), limits=Limits(seconds=40))
    assert result.status is ConversionStatus.TIMED_OUT
    assert all(map(ends, pids(tmp_path)))


@pytest.mark.parametrize("which", ["the worker", "hubkit"])
def test_nothing_of_the_code_is_left_where_a_process_above_it_is_killed(tmp_path: Path, which: str) -> None:
    code = folder(DETACHES.format(place=tmp_path))
    script = f"from tests.convert.test_foreign import *; run(job(Path({str(tmp_path)!r}), {code!r}))"
    hubkit = subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT)
    try:
        while not (tmp_path / "detached").is_file() or not (tmp_path / "above").is_file():
            assert hubkit.poll() is None
            time.sleep(0.05)
        (worker,) = (Path("/proc") / str(hubkit.pid) / "task" / str(hubkit.pid) / "children").read_text().split()
        os.kill(int(worker) if which == "the worker" else hubkit.pid, signal.SIGKILL)
        assert all(map(ends, pids(tmp_path)))
    finally:
        hubkit.kill()
        hubkit.wait()


def test_another_network_than_the_one_that_ran_is_found_out(tmp_path: Path) -> None:
    trick = """
import mindspore
from src.net import Net
export = mindspore.export
mindspore.export = lambda cell, *inputs, **more: export(Net(), *inputs, **more)
def create_network(name): return Net()
"""
    result = convert(tmp_path, folder(trick))
    assert result.status is ConversionStatus.DIFFERS
    assert result.files == ()


def test_other_weights_than_the_checkpoints_are_found_out(tmp_path: Path) -> None:
    import mindspore
    from mindspore import nn

    class Net(nn.Cell):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 4, 3, has_bias=True)
            self.head = nn.Dense(256, 5)

    file = tmp_path / "net.ckpt"
    mindspore.save_checkpoint(Net(), str(file))
    honest = convert(tmp_path / "honest", checkpoint=file)
    assert (honest.error, honest.status) == ("", ConversionStatus.PASSED)
    trick = """
import mindspore
from src.net import Net
export = mindspore.export
def other(cell, *inputs, **more):
    cell.head.bias.set_data(cell.head.bias + 1)
    export(cell, *inputs, **more)
mindspore.export = other
def create_network(name): return Net()
"""
    result = convert(tmp_path / "trick", folder(trick), checkpoint=file)
    assert result.status is ConversionStatus.COULD_NOT_LOAD_WEIGHTS
    assert "1 of 4 weights, head.bias first, of the network that the repository's code exported" in result.error


ERRORS: dict[str, tuple[dict[str, str], dict[str, object], str]] = {
    "an unknown name": (
        folder(ENTRY.replace('"net"', '"nets"')), {},
        "mindspore_hub_conf.py has no network 'net': net is not implemented in the repo\n"
        "  Did you mean nets? It offers nets, other.",
    ),
    "a name that a module of its own does not know": (
        folder("from src.table import make\ncreate_network = make\n", table="def make(name): assert name == 'u', name"),
        {}, "mindspore_hub_conf.py has no network 'net': net\n",
    ),
    "a value that a layer refuses": (
        folder(net=NET.replace("nn.Flatten()", "heads(32)") + "\ndef heads(n): raise ValueError(f'{n} is too many')"),
        {}, "the repository's code failed: ValueError: 32 is too many\n  at src/net.py:",
    ),
    "an unknown name that another function finds": (
        folder("def create_network(name): return made(name.upper())\n"
               "def made(key):\n    raise ValueError('no such model')\n"), {},
        "mindspore_hub_conf.py has no network 'net': no such model",
    ),
    "a value that the network itself refuses": (
        folder(net=NET.replace("self.relu = nn.ReLU()", "first, second = (1, 2, 3)")), {},
        "the repository's code failed: ValueError: too many values to unpack (expected 2)\n  at src/net.py:8",
    ),
    "a module that is gone": (
        folder(ENTRY.replace("src.net", "src.unet"), net2=""), {},
        "the repository's entry file is stale: it imports src.unet, which the repository does not have\n"
        "  There is: __init__, net, net2.",
    ),
    "a name that is gone": (
        folder(ENTRY.replace("import Net", "import Net, Old")), {},
        "the repository's entry file is stale: it imports Old from src.net, which does not define it\n  There is: Net.",
    ),
    "a package that is not installed": (
        folder(net="import no_such_package\n" + NET.replace("nn.Flatten()", "no_such_package.layers.Flatten()")), {},
        "the repository's code needs the package no_such_package, which is not installed",
    ),
    "a package that is not installed decides": (
        folder("import no_such_package\nif no_such_package.fast: pass\n" + ENTRY), {},
        "the repository's code needs the package no_such_package, which is not installed",
    ),
    "what the version of a package that is installed does not have": (
        folder(net="from yaml.no_such_module import relu\nfrom yaml import no_such_name\n"
                   + NET.replace("nn.Flatten()", "no_such_name()")), {},
        "the repository's code needs yaml.no_such_name, which the version of yaml that is installed does not have",
    ),
    "the version of a package that is not installed decides": (
        folder("import no_such_package\nif no_such_package.__version__ > '3': pass\n" + ENTRY), {},
        "the repository's code needs the package no_such_package, which is not installed",
    ),
    "an argument that is missing": (
        folder(net=NET.replace("width=4", "width")), {},
        "create_network('net') needs the argument 'width'\n  Write it into arguments of the card's block network.",
    ),
    "an argument that is missing from kwargs": (
        folder(ENTRY.replace("    if name", "    width = kwargs['width']\n    if name", 1)), {},
        "create_network('net') needs the argument 'width'",
    ),
    "an argument that the code itself leaves out": (
        folder(net=NET.replace("nn.Flatten()", "nn.GroupNorm(2)")), {},
        "the repository's code failed: TypeError: GroupNorm.__init__() missing 1 required positional argument",
    ),
    "an argument too many that the code itself gives": (
        folder(net=NET.replace("nn.Flatten()", "nn.Flatten(colour=3)")), {},
        "the repository's code failed: TypeError: Flatten.__init__() got an unexpected keyword argument 'colour'",
    ),
    "an argument that is passed on and missing": (
        folder("from src.net import Net\ndef create_network(name, **kwargs): return made(**kwargs)\n"
               "def made(**kwargs): return Net(**kwargs)\n", net=NET.replace("width=4", "width")), {},
        "create_network('net') needs the argument 'width'",
    ),
    "an argument too many": (folder(), {"colour": 3}, "create_network('net') takes no argument 'colour'"),
    "a fault of its own": (
        folder(net=NET.replace("self.relu = nn.ReLU()", "self.relu = 1 / 0")), {},
        "the repository's code failed: ZeroDivisionError: division by zero\n  at src/net.py:8",
    ),
    "a name that MindSpore removed": (
        folder("import mindspore\nmindspore.nn.NoSuchCell\n"), {},
        "the repository's code uses mindspore.nn.NoSuchCell, which MindSpore 2.",
    ),
    "two networks": (
        folder("from src.net import Net\ndef create_network(name): return Net(), Net()\n"), {},
        "create_network('net') made 2 things (Net, Net), not one network\n"
        "  A card converts one. If an argument of create_network chooses among them, write it into arguments of the "
        "card's block network; otherwise have the entry file offer each under a name of its own, which returns made[0] "
        "or made[1] of these.",
    ),
    "networks by name": (
        folder("from src.net import Net\ndef create_network(name): return {'loss': None, 'first': Net()}\n"), {},
        "create_network('net') made 2 things by name ('loss': NoneType, 'first': Net), not one network\n  A card",
    ),
    "no network": (folder("def create_network(name): pass\n"), {}, "create_network('net') made nothing, not one"),
}  # fmt: skip


@pytest.mark.parametrize("what", ERRORS)
def test_code_that_cannot_make_the_network_says_why(tmp_path: Path, what: str) -> None:
    files, kwargs, words = ERRORS[what]
    result = convert(tmp_path, files, kwargs=kwargs)
    assert words in result.error
    assert (result.status, result.failed_step) == (ConversionStatus.COULD_NOT_BUILD, "build")


def test_functions_that_the_code_puts_others_in_the_place_of_are_not_used(tmp_path: Path) -> None:
    entry = "from mindspore import ops\nones = ops.ones\nops.zeros = lambda *size: ones((1, 3, 2, 2))\n" + ENTRY
    result = convert(tmp_path, folder(entry))
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)


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


def test_packages_that_are_not_installed_are_named_where_a_network_fails_later(tmp_path: Path) -> None:
    net = NET.replace("self.relu(self.conv(x))", "no_such_package.relu(self.conv(x))")
    result = convert(tmp_path, folder(net=f"import no_such_package\n{net}"))
    assert result.status is ConversionStatus.COULD_NOT_EXPORT
    assert result.error.endswith("\n  Not installed, and perhaps needed here: no_such_package.")


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
    assert {pair.candidate for pair in result.parity} == {"mindir", "onnxruntime"}
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
