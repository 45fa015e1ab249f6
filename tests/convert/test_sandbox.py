"""The process for code of others: what it knows, what it may take, and that nothing of it is left."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from hubkit.convert.foreign.sandbox import sandbox_environment, without_secrets
from tests.requirements import PROJECT

# `run_confined` adopts and ends all that its process has started, so it runs in one of its own.
RUN = """
import sys
from pathlib import Path
from hubkit.convert.foreign.sandbox import EndedError, SandboxLimits, run_confined
folder = Path(sys.argv[1])
limits = SandboxLimits({limits})
try:
    print("ended", run_confined([sys.executable, "code.py"], cwd=folder, environment={{"A": "b"}}, limits=limits))
except EndedError as error:
    print(type(error).__name__, error)
"""


def confined(folder: Path, code: str, limits: str = "") -> str:
    """What becomes of ``code``: how it ended and the end of what it printed."""
    folder.mkdir(exist_ok=True)
    (folder / "code.py").write_text(textwrap.dedent(code), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(limits=limits), str(folder)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def ends(pid: int) -> bool:
    """Whether a process that was killed is gone; a large one takes a moment."""
    for _ in range(600):
        if not alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_it_knows_what_is_listed_and_nothing_else(tmp_path: Path) -> None:
    base = {
        "PATH": "/bin",
        "LANG": "C",
        "HOME": "/home/me",
        "AWS_SECRET_ACCESS_KEY": "s",
        "GITHUB_TOKEN": "t",
        "CI": "1",
    }
    base |= {"HUBKIT_CACHE": "/store", "SSH_AUTH_SOCK": "/run/agent", "https_proxy": "http://me:word@proxy"}
    found = sandbox_environment(base, tmp_path)
    assert (found["PATH"], found["LANG"]) == ("/bin", "C")
    assert {name for name in base if name in found} == {"PATH", "LANG", "HOME"}
    assert all(Path(found[name]).is_relative_to(tmp_path) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME"))


def test_the_process_above_it_has_no_secret_either() -> None:
    base = {"PATH": "/bin", "HOME": "/home/me", "GITHUB_TOKEN": "t", "https_proxy": "http://me:word@proxy"}
    assert without_secrets(base) == {"PATH": "/bin", "HOME": "/home/me"}


def test_it_has_no_input_and_no_other_variables(tmp_path: Path) -> None:
    said = confined(tmp_path, "import os, sys; print(repr(sys.stdin.read()), sorted(set(os.environ) - {'LC_CTYPE'}))")
    assert said.startswith("ended")
    assert "'' ['A']" in said


def test_what_it_prints_is_cut_to_its_end(tmp_path: Path) -> None:
    said = confined(tmp_path, "for n in range(2_000_000): print('line', n)\nprint('\\x1b[31mlast')")
    assert len(said) < 2000
    assert "line 1999999" in said
    assert "\n  [31mlast" in said  # what would colour a terminal is taken out


@pytest.mark.parametrize(
    ("code", "ending"),
    [
        ("import os; os._exit(3)", "CrashedError it ended with exit code 3"),
        ("import sys; sys.exit(4)", "CrashedError it ended with exit code 4"),
        ("import ctypes; ctypes.string_at(0)", "CrashedError it crashed (SIGSEGV)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "CrashedError it crashed (SIGKILL)"),
        ("print('words')", "ended \n  The end of what it printed:\n  words"),
    ],
)
def test_its_end_is_told(tmp_path: Path, code: str, ending: str) -> None:
    assert confined(tmp_path, code).startswith(ending)


def test_one_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    said = confined(tmp_path, "import time; print('begun', flush=True); time.sleep(600)", "seconds=1")
    assert said.startswith("TimedOutError it was stopped: it took longer than 1 s")
    assert "begun" in said


def test_one_that_holds_too_much_memory_is_stopped(tmp_path: Path) -> None:
    said = confined(tmp_path, "import time; x = b'x' * 300_000_000; time.sleep(600)", "memory=200_000_000")
    assert re.match(r"TooMuchMemoryError it was stopped: it held \d+\.\d MB of memory, more than 200\.0 MB", said)


ESCAPE = """
    import os, sys, time
    for number in range({count}):
        if os.fork() == 0:
            os.setsid()
            if os.fork():
                os._exit(0)
            open(f"pid-{{number}}", "w").write(str(os.getpid()))
            time.sleep(600)
    while len([name for name in os.listdir() if name.startswith("pid-")]) < {wait}:
        time.sleep(0.01)
    {then}
"""


@pytest.mark.parametrize("then", ["", "os._exit(1)", "os.kill(os.getpid(), 11)"])
def test_nothing_that_it_started_is_left(tmp_path: Path, then: str) -> None:
    said = confined(tmp_path, ESCAPE.format(count=5, wait=5, then=then))
    assert said.startswith("CrashedError" if then else "ended")
    pids = [int(path.read_text()) for path in tmp_path.glob("pid-*")]
    assert len(pids) == 5
    assert not any(map(alive, pids))


def test_one_that_starts_too_many_processes_is_stopped_with_all_of_them(tmp_path: Path) -> None:
    said = confined(tmp_path, ESCAPE.format(count=60, wait=1000, then=""), "processes=20")
    assert said.startswith("CrashedError it was stopped: it started more than 20 processes")
    assert not any(alive(int(path.read_text() or 0)) for path in tmp_path.glob("pid-*"))


def test_limits_hold_in_the_process_itself(tmp_path: Path) -> None:
    code = f"""
        import resource, sys
        sys.path.insert(0, {str(PROJECT)!r})
        from hubkit.convert.foreign.sandbox import SandboxLimits, confine
        confine(SandboxLimits(seconds=10, memory=1 << 30, file_bytes=1000))
        for name in ("CORE", "FSIZE", "AS"):
            print(name, resource.getrlimit(getattr(resource, f"RLIMIT_{{name}}")))
        try:
            open("large", "wb", buffering=0).write(b"x" * 5000)
        except OSError as error:
            print("refused")
        import os
        print("size", os.path.getsize("large"))
    """
    said = confined(tmp_path, code)
    assert "CORE (0, 0)" in said
    assert "FSIZE (1000, 1000)" in said
    assert f"AS ({6 << 30}, {6 << 30})" in said
    assert "size 1000" in said


def test_it_ends_with_its_parent(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text(
        f"import sys; sys.path.insert(0, {str(PROJECT)!r})\n"
        "from hubkit.convert.foreign.sandbox import SandboxLimits, confine\n"
        "import os, time\nconfine(SandboxLimits())\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", RUN.format(limits=""), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
    )
    pid = tmp_path / "pid"
    while not (pid.is_file() and pid.read_text()):
        assert parent.poll() is None
    parent.kill()
    parent.wait()
    assert ends(int(pid.read_text()))
