"""Each way to end has a status of its own: provoked here in real workers, by real small networks."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import ConvertJob, ConvertResult, Limits, from_json, run, to_json
from hubkit.resources import schema
from tests.convert.small_networks import in_workers
from tests.model_files import number, text
from tests.requirements import needs_mindspore

_RELU = """
from dataclasses import replace
from hubkit.convert.lowering import LOWERINGS
from hubkit.convert.lowering.builder import CannotLowerError
def relu(g, call):
{body}
LOWERINGS["ReLU"] = replace(LOWERINGS["ReLU"], function=relu)
"""
_NO_RELU = "from hubkit.convert.lowering import LOWERINGS\ndel LOWERINGS['ReLU']"
_UNLIKE_RELU = _RELU.format(body="    raise CannotLowerError('it leaks')")
_FULL_RELU = _RELU.format(body="    raise OSError(28, 'No space left on device')")
_REFUSED_RELU = _RELU.format(
    body="    value = g.node('Relu', call.tensor(g, 0))\n"
    "    g.nodes[-1].attribute.add(name='leak', f=1.0, type=1)\n    return value"
)
_LEAKY_RELU = _RELU.format(body="    return g.node('LeakyRelu', call.tensor(g, 0), alpha=0.2)")

# What lies in the target folder afterwards; nothing where the status is not named.
_MADE = {"passed": ["small.mindir", "small.onnx"], "ran-but-differs": ["small.mismatch"]}


@pytest.mark.parametrize(
    ("network", "change", "changes", "limits", "status", "words"),
    [
        ("small", "", {}, Limits(), "passed", ""),
        ("refusing", "", {}, Limits(), "could-not-build", "building refusing: the backbone is missing"),
        ("unexportable", "", {}, Limits(), "could-not-export", "no_such_layer' (/"),
        ("small", _NO_RELU, {}, Limits(), "no-lowering", "ReLU: Default/relu-ReLU"),
        ("small", _UNLIKE_RELU, {}, Limits(), "could-not-lower", "cannot be lowered to ONNX: it leaks"),
        ("small", _FULL_RELU, {}, Limits(), "machine-failed", "make room there"),
        ("small", _REFUSED_RELU, {}, Limits(), "checker-refused", "ONNX's checker refuses"),
        ("unrunnable", "", {"formats": ("mindir",)}, Limits(), "could-not-run", "Unsupported op [InstanceNorm] on CPU"),
        ("small", _LEAKY_RELU, {}, Limits(), "ran-but-differs", "onnxruntime differs from mindspore in output scores"),
        ("constant", "", {"formats": ("mindir",)}, Limits(), "ran-but-proves-nothing", "all but constant"),
        ("dividing", "", {}, Limits(), "ran-but-not-finite", "The first layer that gives NaN is Default/Div-op0 (Div)"),
        ("crashing", "", {}, Limits(), "crashed", "it crashed (SIGSEGV)"),
        ("hanging", "", {}, Limits(seconds=6), "timed-out", "took longer than 6 s"),
        ("eating", "", {}, Limits(memory=1_500_000_000), "out-of-memory", "memory"),
    ],
    ids=lambda value: value if isinstance(value, str) and "\n" not in value and " " not in value else "",
)
@needs_mindspore
def test_each_end_has_its_own_status(
    network: str,
    change: str,
    changes: dict[str, object],
    limits: Limits,
    status: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_workers(tmp_path, monkeypatch, change)
    job = ConvertJob(network=network, target_dir=tmp_path / "models", stem=network)
    result = run(replace(job, **changes), limits=limits)  # type: ignore[arg-type]
    assert (result.status, result.status.value) == (ConversionStatus(status), status), result.error
    assert words in result.error
    assert "Traceback" not in result.error
    assert "C++ call stack" not in result.error
    made = sorted(file.name for file in (tmp_path / "models").iterdir())
    assert made == _MADE.get(status, [])
    assert from_json(ConvertResult, json.loads(json.dumps(to_json(result)))) == result


@needs_mindspore
def test_a_checkpoint_of_another_network_is_told_parameter_by_parameter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch)
    checkpoint = tmp_path / "wide.ckpt"
    shapes = {"first.weight": (12, 3, 3, 3), "first.bias": (12,), "secund.weight": (2, 4, 3, 3)}
    checkpoint.write_bytes(_checkpoint(shapes))
    job = ConvertJob(network="small", target_dir=tmp_path / "models", stem="small", checkpoint=checkpoint)
    result = run(job)
    assert result.status is ConversionStatus.COULD_NOT_LOAD_WEIGHTS
    found = {(item.kind, item.name): item for item in result.misfits}
    assert sorted(found) == [
        ("extra", "secund.weight"),
        ("missing", "second.bias"),
        ("missing", "second.weight"),
        ("unlike", "first.bias"),
        ("unlike", "first.weight"),
    ]
    assert found["missing", "second.weight"].nearest == "secund.weight"
    assert found["missing", "second.weight"].network == "float32[2, 4, 3, 3]"
    assert found["extra", "secund.weight"].nearest == "second.weight"
    assert (found["unlike", "first.bias"].checkpoint, found["unlike", "first.bias"].network) == (
        "float32[12]",
        "float32[4]",
    )
    assert "second.weight (nearest: secund.weight)" in result.error


def test_only_a_pass_exits_with_0_and_every_status_has_its_own_sentence() -> None:
    assert [status for status in ConversionStatus if status.exit_code == 0] == [ConversionStatus.PASSED]
    assert {status.exit_code for status in ConversionStatus} == {0, 1, 2}
    sentences = [status.sentence for status in ConversionStatus]
    assert len(set(sentences)) == len(sentences)
    assert all(sentence.endswith(".") for sentence in sentences)


def test_the_receipt_schema_lists_every_status() -> None:
    listed = schema("receipt")["properties"]["conversion"]["enum"]
    assert listed == [*(status.value for status in ConversionStatus), None]


def _checkpoint(shapes: dict[str, tuple[int, ...]]) -> bytes:
    """A checkpoint of zeros with parameters of these shapes."""
    return b"".join(
        text(1, text(1, name) + text(2, _dims(shape) + text(2, "Float32") + text(3, bytes(4 * math.prod(shape)))))
        for name, shape in shapes.items()
    )


def _dims(shape: tuple[int, ...]) -> bytes:
    return b"".join(number(1, size) for size in shape)


@needs_mindspore
def test_what_a_network_divides_by_nothing_is_told_as_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob(network="dividing", target_dir=tmp_path / "models", stem="dividing"))
    assert result.failed_step == "finite"
    told, first = result.error.splitlines()
    assert re.fullmatch(
        r"\d+ of 1024 elements of output scores are infinite or no number in mindspore itself; mindir, onnxruntime and "
        r"pynative give the same at the same places, and agree elsewhere",
        told,
    )
    assert re.fullmatch(r"The first layer .*: \d+ of 1024 elements. What it is given lies between 0 and [\d.]+.", first)
    assert all(record.not_finite == int(told.split()[0]) for record in result.parity if record.input_seeds == (0,))


@needs_mindspore
def test_sizes_that_depend_on_the_data_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch)
    result = run(ConvertJob(network="picking", target_dir=tmp_path / "models", stem="picking"))
    assert result.status is ConversionStatus.PASSED, result.error
    made = next(file for file in result.files if file.format == "onnx")
    assert made.outputs[0].shape == ("scores_0",)
    assert made.note == "axis 0 of output scores is as long as the data makes it"
    compared = {record.input_seeds: record.elements for record in result.parity if record.candidate == "onnxruntime"}
    assert compared[(0,)] != compared[(1,)]
    assert compared[(0, 1)] == compared[(0,)] + compared[(1,)]


@needs_mindspore
def test_a_file_that_picks_others_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch, _LEAKY_RELU)
    result = run(ConvertJob(network="picking", target_dir=tmp_path / "models", stem="picking"))
    assert result.status is ConversionStatus.DIFFERS
    assert re.search(r"output scores \(batch 1\): it has the shape \[\d+\] where \[\d+\] is due", result.error)
    assert "Default/relu-ReLU/ReLU-op0" in result.error
