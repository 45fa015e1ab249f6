"""Networks that a repository's code makes, whatever it does: it is judged outside of its process, which is confined."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import Limits, run
from tests.convert.deadlines import LIMIT, up_when_there
from tests.convert.foreign import convert, job
from tests.convert.test_sandbox import ends
from tests.repos.networks import folder
from tests.requirements import PROJECT, needs_mindspore

pytestmark = needs_mindspore

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


def test_code_that_takes_too_long_is_stopped_with_what_detached_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    up_when_there(monkeypatch, tmp_path / "above", tmp_path / "detached")
    result = run(job(tmp_path, folder(DETACHES.format(place=tmp_path))), limits=Limits(seconds=LIMIT))
    assert result.status is ConversionStatus.TIMED_OUT
    assert all(map(ends, pids(tmp_path)))


@pytest.mark.parametrize("which", ["the worker", "hubkit"])
def test_nothing_of_the_code_is_left_where_a_process_above_it_is_killed(tmp_path: Path, which: str) -> None:
    code = folder(DETACHES.format(place=tmp_path))
    script = (
        "from pathlib import Path; from hubkit.convert.pipeline import run; from tests.convert.foreign import job\n"
        f"run(job(Path({str(tmp_path)!r}), {code!r}))"
    )
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
