"""How the worker process itself ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hubkit.convert.pipeline import ConvertJob, Limits, to_json
from hubkit.convert.process import worker_environment
from tests.requirements import needs_mindspore


def _ended(folder: Path, request: dict[str, Any]) -> tuple[int, list[Any], str]:
    """Exit code, messages and log of a worker whose parent lives until it has ended."""
    job = folder / "job.json"
    job.write_text(json.dumps({**request, "limits": asdict(Limits())}), encoding="utf-8")
    receive, send = os.pipe()
    with os.fdopen(receive, encoding="utf-8") as messages:
        process = subprocess.Popen(
            [sys.executable, "-m", "hubkit.convert.worker", str(job), str(send)],
            cwd=folder,
            env=worker_environment(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(send,),
            text=True,
        )
        os.close(send)
        said = [json.loads(line) for line in messages]
        assert process.stdout is not None
        log = process.stdout.read()
        process.wait()
        assert process.stdin is not None
        process.stdin.close()
        process.stdout.close()
    return process.returncode, said, log


@needs_mindspore
def test_one_that_has_its_result_ends_well(tmp_path: Path) -> None:
    job = ConvertJob(network="UNet3+", target_dir=tmp_path, stem="small", input_shapes={"image": (1, 3, 32, 32)})
    code, said, log = _ended(tmp_path, {"job": to_json(job), "forecast": "small"})
    assert (code, list(said[-1])) == (0, ["result"]), log
    assert "Fatal Python error" not in log


def test_one_that_can_do_nothing_says_so_and_does_not_crash(tmp_path: Path) -> None:
    code, said, log = _ended(tmp_path, {"job": {}})
    assert (code, said) == (1, [])
    assert log.rstrip().splitlines()[-1].startswith("TypeError")
    assert "Fatal Python error" not in log
