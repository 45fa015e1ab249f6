"""MindSpore's runs beside the other steps: whatever becomes of them becomes of the conversion."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import ConvertJob, Limits, run, smoke
from tests.convert.deadlines import LIMIT, up_when_there
from tests.convert.small_networks import in_workers
from tests.requirements import needs_mindspore

pytestmark = [
    needs_mindspore,
    pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="on one core nothing is run beside"),
]

# Fitting weights computes in the worker, which is not forked then. Only a fork has another process number than the
# interpreter that read this at its start.
_UNFITTED = """
from hubkit.smoke import fitting
fitting.fit_weights = lambda cell, inputs: 0
"""
_CHANGE = f"""{_UNFITTED}
import ctypes, os, time
from hubkit.errors import ConvertError
from hubkit.smoke import runners
worker, before = os.getpid(), runners.{{runner}}.run
def changed(self, inputs):
    outputs = before(self, inputs)
    if os.getpid() != worker:
        {{body}}
    return outputs
runners.{{runner}}.run = changed
"""


def _job(folder: Path) -> ConvertJob:
    return ConvertJob(network="small", target_dir=folder / "models", stem="small")


@pytest.mark.parametrize("runner", ["MindSporeRunner", "MindirRunner"])
@pytest.mark.parametrize(
    ("body", "limits", "status", "words"),
    [
        ("ctypes.string_at(0)", Limits(), "crashed", "it crashed (SIGSEGV)"),
        ("os.kill(os.getpid(), 9)", Limits(), "crashed", "it was killed (SIGKILL), not by hubkit"),
        ("os._exit(7)", Limits(), "crashed", "it ended with exit code 7"),
        ("os._exit(0)", Limits(), "crashed", "it ended with exit code 0"),
        (
            "open('{place}/hangs', 'w'); time.sleep(600)",
            Limits(seconds=LIMIT),
            "timed-out",
            "longer than 600 s",
        ),
        ("raise ConvertError('no kernel', hint='Wait.')", Limits(), "could-not-run", "no kernel\n  Wait."),
        ("raise ValueError('no kernel')", Limits(), "could-not-run", "no kernel"),
        ("raise MemoryError('std::bad_alloc')", Limits(), "out-of-memory", "bad_alloc"),
    ],
    ids=["segfault", "killed", "left", "left quietly", "hangs", "refuses", "raises", "no memory"],
)
def test_what_goes_wrong_beside_is_the_end_of_the_conversion(
    runner: str, body: str, limits: Limits, status: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _CHANGE.format(runner=runner, body=body.format(place=tmp_path)))
    up_when_there(monkeypatch, tmp_path / "hangs")
    result = run(_job(tmp_path), limits=limits)
    assert (result.status, words in result.error) == (ConversionStatus(status), True), result.error
    assert "Traceback" not in result.error.partition("The end of its log")[0]
    assert result.files == ()
    assert list((tmp_path / "models").iterdir()) == []
    assert _left_in(tmp_path) == []


def test_a_mindir_that_differs_beside_is_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(
        tmp_path, monkeypatch, _CHANGE.format(runner="MindirRunner", body="outputs = tuple(x + 1e-6 for x in outputs)")
    )
    result = run(_job(tmp_path))
    assert result.status is ConversionStatus.DIFFERS
    assert "mindir differs from mindspore in output scores (batch 1): not the same bits" in result.error
    assert [(item.candidate, item.passed) for item in result.parity] == [
        ("mindir", False), ("mindir", False), ("onnxruntime", True), ("onnxruntime", True), ("onnxruntime", True),
        ("pynative", True),
    ]  # fmt: skip
    assert [item.name for item in (tmp_path / "models").iterdir()] == ["small.mismatch"]


def test_files_made_before_are_compared_beside_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_workers(tmp_path, monkeypatch, _UNFITTED)
    made = {file.format: file.path for file in run(_job(tmp_path)).files}
    assert smoke(_job(tmp_path), made).status is ConversionStatus.PASSED
    (tmp_path / "changed").mkdir()
    in_workers(
        tmp_path / "changed", monkeypatch, _CHANGE.format(runner="MindirRunner", body="outputs = (outputs[0] + 1,)")
    )
    assert smoke(_job(tmp_path), made).status is ConversionStatus.DIFFERS


@pytest.mark.parametrize("limits", [Limits(processes=1), Limits(memory=8 << 30)], ids=["processes", "memory"])
def test_nothing_is_run_beside_where_that_takes_too_much(
    limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_workers(tmp_path, monkeypatch, _CHANGE.format(runner="MindSporeRunner", body="ctypes.string_at(0)"))
    result = run(_job(tmp_path), limits=limits)
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")


def _left_in(folder: Path) -> list[int]:
    """The processes that still work below ``folder``."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink().is_relative_to(folder):
                found.append(int(entry.name))
        except OSError:
            continue
    return found
