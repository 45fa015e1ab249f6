"""The whole conversion in its worker process: what it makes and proves, and what is left when it fails or is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import ConvertJob, ConvertResult, Limits, from_json, run, smoke, to_json
from hubkit.errors import ConvertError
from hubkit.nets import InputSpec
from tests.requirements import PROJECT, needs_mindspore

pytestmark = needs_mindspore

SIZE = 32
# Changes what the worker does, as a damaged installation would.
TAMPER = """
from hubkit.convert.lowering import LOWERINGS
{change}
"""


def job(folder: Path, **changes: object) -> ConvertJob:
    return replace(
        ConvertJob(network="UNet3+", target_dir=folder, stem="small", input_shapes={"image": (1, 3, SIZE, SIZE)}),
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> tuple[ConvertResult, list[str]]:
    """A whole conversion and what it said on its way."""
    said: list[str] = []
    folder = tmp_path_factory.mktemp("converted")
    return run(job(folder / "models"), progress=said.append), said


def test_both_files_are_made_and_proven(converted: tuple[ConvertResult, list[str]]) -> None:
    import hashlib

    result, _ = converted
    assert (result.status, result.error, result.failed_step) == ("passed", "", "")
    assert [(file.format, file.path.name) for file in result.files] == [
        ("mindir", "small.mindir"),
        ("onnx", "small.onnx"),
    ]
    for file in result.files:
        assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()
        assert file.size == file.path.stat().st_size
        assert file.path.stat().st_mode & 0o777 == 0o644
    folder = result.files[0].path.parent
    assert sorted(item.name for item in folder.iterdir()) == ["small.mindir", "small.onnx"]
    mindir, onnx = result.files
    assert (mindir.opset, onnx.opset) == (None, 18)
    assert mindir.operators["Conv2D"] == onnx.operators["Conv"] == 35
    assert "Load" not in mindir.operators
    assert [(port.name, port.shape) for port in onnx.inputs] == [("image", ("batch", 3, SIZE, SIZE))]
    assert [(port.name, port.shape) for port in mindir.outputs] == [("logits", (1, 1, SIZE, SIZE))]
    assert result.weights == "seeded (seed 0)"
    assert (result.parameters, result.values) == (171, 1_691_904)


def test_inputs_and_outputs_may_be_told(tmp_path: Path) -> None:
    image = InputSpec("picture", (2, 3, SIZE, SIZE), "float32", -1.0, 1.0)
    result = run(job(tmp_path / "models", input_shapes={}, inputs=(image,), outputs=("liver",)))
    assert (result.status, result.error) == ("passed", "")
    assert [(port.name, port.shape) for port in result.files[0].inputs] == [("picture", (2, 3, SIZE, SIZE))]
    assert [port.name for file in result.files for port in file.outputs] == ["liver", "liver"]


def test_every_runtime_is_compared_and_the_output_moves(converted: tuple[ConvertResult, list[str]]) -> None:
    result, _ = converted
    assert [(item.candidate, item.input_seeds, item.batch, item.passed) for item in result.parity] == [
        ("mindir", (0,), 1, True),
        ("mindir", (1,), 1, True),
        ("onnxruntime", (0,), 1, True),
        ("onnxruntime", (1,), 1, True),
        ("onnxruntime", (0, 1), 2, True),
    ]
    for item in result.parity:
        assert item.reference == "mindspore"
        assert item.elements == SIZE * SIZE * item.batch
        if item.candidate == "mindir":
            assert item.bit_equal
        else:
            assert (item.atol, item.rtol, item.ppm) == (1e-4, 1e-3, 100)
            assert 0 < item.max_abs <= item.atol
    (moved,) = result.sensitivity
    assert moved.passed
    assert set(result.inference_seconds) == {"mindspore", "mindir", "onnxruntime"}
    assert {"mindspore", "numpy", "onnx", "onnxruntime", "protobuf", "hubkit", "python"} <= set(result.versions)
    assert result.machine["onednn_isa"] == os.environ.get("ONEDNN_MAX_CPU_ISA", "AVX2")


def test_each_step_is_announced_and_timed(converted: tuple[ConvertResult, list[str]]) -> None:
    result, said = converted
    assert said == [
        "importing MindSpore",
        "building unet3plus",
        "making weights from seed 0",
        "exporting MINDIR (about 2 s)",
        "lowering to ONNX and checking it",
        "compiling and running it in MindSpore (about 2 s)",
        "running the ONNX file and comparing",
        "running the MINDIR file and comparing",
    ]
    assert list(result.seconds) == [
        "import", "build", "load", "export", "lower", "check", "run mindspore", "run onnx", "run mindir"
    ]  # fmt: skip
    assert all(seconds > 0 for seconds in result.seconds.values())


def test_the_records_survive_json(converted: tuple[ConvertResult, list[str]]) -> None:
    result, _ = converted
    assert from_json(ConvertResult, json.loads(json.dumps(to_json(result)))) == result
    request = job(Path("/models"), checkpoint=Path("/a.ckpt"), kwargs={"classes": 3})
    assert from_json(ConvertJob, json.loads(json.dumps(to_json(request)))) == request


def test_files_made_before_are_compared_again(converted: tuple[ConvertResult, list[str]], tmp_path: Path) -> None:
    made, _ = converted
    result = smoke(job(tmp_path / "unused"), {"onnx": made.files[1].path})
    assert result.status == "passed"
    assert result.files == (made.files[1],)
    assert [item.candidate for item in result.parity] == ["onnxruntime"] * 3
    assert not (tmp_path / "unused").exists()
    other = smoke(job(tmp_path, seed=1), {"onnx": made.files[1].path})
    assert (other.status, other.failed_step) == ("ran-but-differs", "parity")
    assert "onnxruntime differs from mindspore in output logits (batch 1): the greatest" in other.error


def test_a_garbage_checkpoint_is_called_so(tmp_path: Path) -> None:
    checkpoint = tmp_path / "net.ckpt"
    checkpoint.write_bytes(b"<html>404</html>")
    result = run(job(tmp_path / "models", checkpoint=checkpoint))
    assert (result.status, result.failed_step) == ("could-not-load-weights", "load")
    assert "net.ckpt is not a checkpoint file: it is an HTML page" in result.error
    assert (result.files, result.parity) == ((), ())
    assert list((tmp_path / "models").iterdir()) == []


def test_operators_without_a_lowering_are_all_listed_and_nothing_is_put_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _tamper(tmp_path, monkeypatch, 'del LOWERINGS["ResizeBilinearV2"], LOWERINGS["MaxPool"]')
    result = run(job(tmp_path / "models"))
    assert (result.status, result.failed_step) == ("no-lowering", "lower")
    assert result.error.startswith("2 operators have no lowering to ONNX:\n  MaxPool: Default/")
    assert [(item.op, len(item.layers)) for item in result.unsupported] == [("MaxPool", 7), ("ResizeBilinearV2", 10)]
    assert [(item.candidate, item.passed) for item in result.parity] == [("mindir", True)] * 2
    assert result.files == ()
    assert list((tmp_path / "models").iterdir()) == []


def test_a_wrong_conversion_is_found_and_not_put_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tamper(
        tmp_path,
        monkeypatch,
        'from dataclasses import replace\nLOWERINGS["ReLU"] = replace(LOWERINGS["ReLU"],'
        ' function=lambda g, call: g.node("LeakyRelu", call.tensor(g, 0), alpha=0.01))',
    )
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "small.onnx").write_text("what was there before")
    result = run(job(tmp_path / "models", formats=("onnx",)))
    assert (result.status, result.failed_step) == ("ran-but-differs", "parity")
    assert "onnxruntime differs from mindspore in output logits (batch 1)" in result.error
    assert result.files == ()
    assert sorted(item.name for item in (tmp_path / "models").iterdir()) == ["small.mismatch", "small.onnx"]
    assert (tmp_path / "models" / "small.onnx").read_text() == "what was there before"


def test_a_killed_worker_is_a_failed_result(tmp_path: Path) -> None:
    def kill(text: str) -> None:
        if text.startswith("exporting"):
            for worker in _workers(tmp_path):
                os.kill(worker, signal.SIGKILL)

    result = run(job(tmp_path / "models"), progress=kill)
    assert (result.status, result.failed_step) == ("crashed", "crash")
    assert "gave no result: it was killed (SIGKILL), not by hubkit and not for want of memory" in result.error
    assert list((tmp_path / "models").iterdir()) == []


def test_a_worker_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    result = run(job(tmp_path / "models"), limits=Limits(seconds=0.5))
    assert (result.status, result.failed_step) == ("timed-out", "crash")
    assert "took longer than 0.5 s" in result.error
    assert list((tmp_path / "models").iterdir()) == []
    assert _workers(tmp_path) == []


def test_an_interrupt_stops_the_worker_and_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(text: str) -> None:
        if text.startswith("exporting"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(job(tmp_path / "models"), progress=interrupt)
    assert list((tmp_path / "models").iterdir()) == []
    assert _workers(tmp_path) == []


def test_a_killed_parent_leaves_no_file_and_no_worker(tmp_path: Path) -> None:
    models = tmp_path / "models"
    script = (
        "import sys; from pathlib import Path; from hubkit.convert.pipeline import ConvertJob, run;"
        f"run(ConvertJob(network='unet3plus', target_dir=Path({str(models)!r}), stem='small',"
        f" input_shapes={{'image': (1, 3, {SIZE}, {SIZE})}}), progress=lambda text: print(text, flush=True))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    for line in parent.stdout:
        if line.startswith("exporting"):
            break
    assert _workers(tmp_path) != []  # one, or also a process that it is about to start
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert _eventually(lambda: _workers(tmp_path) == [])
    assert _eventually(lambda: list(models.iterdir()) == [])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"formats": ("torch",)}, "torch cannot be made"),
        ({"formats": ()}, "nothing cannot be made"),
        ({"seed": -1}, "the seed is -1"),
        ({"stem": "../up"}, "is no file name"),
        ({"target_dir": Path("/proc/nowhere")}, "cannot be written"),
    ],
)
def test_a_wrong_job_is_refused_at_once(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ConvertError, match=words):
        run(job(tmp_path, **changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"network": "u3net"}, "no network is called 'u3net'"),
        ({"input_shapes": {"picture": (1, 3, 32, 32)}}, "the network has no input picture"),
    ],
)
def test_what_the_worker_refuses_is_in_the_result(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    result = run(job(tmp_path, **changes))
    assert result.status is ConversionStatus.COULD_NOT_BUILD
    assert words in result.error


def test_a_light_installation_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.convert import pipeline

    monkeypatch.setattr(pipeline, "_NEEDED", ("json", "no_such_package"))
    with pytest.raises(ConvertError, match="needs no_such_package, which this installation lacks") as raised:
        run(job(tmp_path))
    assert ".[convert]" in raised.value.hint


def _tamper(folder: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    (folder / "path").mkdir()
    (folder / "path" / "sitecustomize.py").write_text(TAMPER.format(change=change))
    monkeypatch.setenv("PYTHONPATH", str(folder / "path"))


def _workers(folder: Path) -> list[int]:
    """The worker processes whose job lies under ``folder``."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"hubkit.convert.worker" in command and any(str(folder).encode() in part for part in command):
            found.append(int(entry.name))
    return found


def _eventually(condition: Callable[[], bool]) -> bool:
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.05)
    return False
