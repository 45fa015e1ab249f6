"""How long the main job and the networks take."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import BIN, CARDS, Figure, seconds
from tests.requirements import PROJECT


def building() -> Iterator[Figure]:
    """How long the main job takes, cold and with nothing to do."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command: list[str | Path] = [BIN / "hubkit", "build", CARDS, "--out", out, "--offline"]
        env = {"HUBKIT_CACHE": str(Path(folder) / "blobs")}
        cold = seconds(command, env=env)
        yield Figure("hubkit build, 2 cards, seeded weights, cold", f"{cold:.1f} s", "<= 60 s", cold <= 60)
        again = min(seconds(command, env=env) for _ in range(5))
        yield Figure("hubkit build, nothing changed", f"{again:.2f} s", "<= 1 s", again <= 1)
        yield from inference(out, env)


def inference(out: Path, env: dict[str, str]) -> Iterator[Figure]:
    """How long one run of each network takes in each runtime, one network at a time."""
    for receipt in sorted((out / "receipts").rglob("*.json")):
        data = json.loads(receipt.read_text(encoding="utf-8"))
        command = [BIN / "hubkit", "smoke", data["uid"], "--out", out, "--offline"]
        done = subprocess.run(
            command, cwd=PROJECT, env={**os.environ, **env}, capture_output=True, text=True, check=True
        )
        for runtime, taken in re.findall(r"^(\w+): ([0-9.]+) s a run$", done.stdout, re.MULTILINE):
            shape = "x".join(str(size) for size in data["models"][0]["inputs"][0]["shape"][-2:])
            asked = (data["network"], runtime) == ("u2net", "mindspore")
            yield Figure(
                f"{data['network']} {shape}, one run in {runtime}",
                f"{taken} s",
                "<= 1.5 s" if asked else "",
                float(taken) <= 1.5 if asked else None,
            )
