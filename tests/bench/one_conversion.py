"""How long a conversion takes beside a bare script, and how fast its result runs beside MindSpore."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hubkit.convert.machine import ONEDNN_ISA, ONEDNN_ISA_DEFAULT
from tests.bench.figures import BIN, Figure, seconds
from tests.requirements import PROJECT

_ROUNDS = 3
_RUNS = 10

# Builds the network, loads its checkpoint, exports it, and runs it once in MindSpore and, made before, in ONNX Runtime.
_BARE = """
import sys
import mindspore, numpy, onnxruntime
from hubkit import nets
mindspore.set_context(mode=mindspore.GRAPH_MODE)
checkpoint, model, folder = sys.argv[1:]
cell = nets.build("u2net")
mindspore.load_param_into_net(cell, mindspore.load_checkpoint(checkpoint))
image = numpy.random.default_rng(0).uniform(size=(1, 3, 320, 320)).astype(numpy.float32)
mindspore.export(cell, mindspore.Tensor(image), file_name=folder + "/bare", file_format="MINDIR")
cell(mindspore.Tensor(image)).asnumpy()
onnxruntime.InferenceSession(model).run(None, {"image": image})
"""
_SEEDED = """
import sys
import mindspore
from hubkit import nets
from hubkit.smoke.fitting import seed_weights
cell = nets.build("u2net")
seed_weights(cell, 0)
mindspore.save_checkpoint(cell, sys.argv[1])
"""
_LOWER = """
import json, resource, sys, time
from pathlib import Path
import onnx
from hubkit.convert.onnx_export import mindir_to_onnx
start = time.perf_counter()
mindir_to_onnx(Path(sys.argv[1]), Path(sys.argv[2]), input_names=["image"], output_names=["maps"])
taken = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6]))
"""
_RUN = """
import json, resource, sys, time
from pathlib import Path
import numpy
from hubkit.smoke.runners import MindirRunner, OnnxRunner
path = Path(sys.argv[1])
runner = (MindirRunner if path.suffix == ".mindir" else OnnxRunner)(path)
given = {"image": numpy.random.default_rng(0).uniform(size=(1, 3, 320, 320)).astype(numpy.float32)}
runner.run(given)
runner.run(given)
walls, users = [], []
for _ in range(int(sys.argv[2])):
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_utime, time.perf_counter()
    runner.run(given)
    walls.append(time.perf_counter() - start)
    users.append(resource.getrusage(resource.RUSAGE_SELF).ru_utime - before)
print(json.dumps([min(walls), min(users)]))
"""


def one_conversion() -> Iterator[Figure]:
    """u2net at 320x320, with seeded weights."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        checkpoint, models = folder / "u2net.ckpt", folder / "out" / "models" / "u2net"
        _python(_SEEDED, checkpoint)
        command: list[str | Path] = [
            BIN / "hubkit", "convert", checkpoint, "--network", "u2net", "--out", folder / "out",
        ]  # fmt: skip
        seconds(command)
        mindir, onnx = models / "u2net.mindir", models / "u2net.onnx"
        yield from _lowering(mindir, folder)
        yield from _whole(command, checkpoint, onnx, folder)
        yield from _ratio(mindir, onnx)
        taken = statistics.median(
            seconds([sys.executable, "-m", "hubkit", "inspect", checkpoint]) for _ in range(2 * _ROUNDS)
        )
        yield Figure("hubkit inspect, u2net's checkpoint of 176 MB", f"{taken:.2f} s", "<= 0.5 s", taken <= 0.5)


def _lowering(mindir: Path, folder: Path) -> Iterator[Figure]:
    """The whole step: reading, lowering, simplifying, writing 176 MB and checking."""
    found = [json.loads(_python(_LOWER, mindir, folder / "lowered.onnx")) for _ in range(_ROUNDS)]
    taken, used, memory = (min(column) for column in zip(*found, strict=True))
    value = f"{taken:.2f} s ({used:.2f} s of CPU)"
    yield Figure("lowering u2net's MINDIR to ONNX", value, "<= 2 s", taken <= 2)
    yield Figure("memory of that process", f"{memory:.0f} MB", "<= 1000 MB", memory <= 1000)


def _whole(command: list[str | Path], checkpoint: Path, onnx: Path, folder: Path) -> Iterator[Figure]:
    """By turns, so that what else the machine does meets both."""
    whole, bare = [], []
    for _ in range(_ROUNDS):
        bare.append(seconds([sys.executable, "-c", _BARE, checkpoint, onnx, folder], env=_environment(), cwd=folder))
        whole.append(seconds(command))
    ratio = min(whole) / min(bare)
    value = f"{min(whole):.1f} s / {min(bare):.1f} s = {ratio:.2f}"
    yield Figure("hubkit convert u2net, beside a bare script", value, "<= 1.25", ratio <= 1.25)


def _ratio(mindir: Path, onnx: Path) -> Iterator[Figure]:
    """The least of many runs in each of several processes, by turns; and the same in time of CPU."""
    slow, fast = [], []
    for _ in range(_ROUNDS):
        slow.append(json.loads(_python(_RUN, mindir, _RUNS)))
        fast.append(json.loads(_python(_RUN, onnx, _RUNS)))
    (wall, cpu), (own_wall, own_cpu) = ([min(column) for column in zip(*rows, strict=True)] for rows in (slow, fast))
    ratio = wall / own_wall
    value = f"{wall:.2f} s / {own_wall:.2f} s = {ratio:.2f}"
    yield Figure("u2net 320x320, MindSpore / ONNX Runtime", value, ">= 2.5", ratio >= 2.5)
    yield Figure("the same in time of CPU", f"{cpu:.2f} s / {own_cpu:.2f} s = {cpu / own_cpu:.2f}", "", None)


def _environment() -> dict[str, str]:
    return {ONEDNN_ISA: ONEDNN_ISA_DEFAULT, "PYTHONPATH": str(PROJECT)}


def _python(code: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, **_environment()},
        cwd=tempfile.gettempdir(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.strip().rpartition("\n")[2]
