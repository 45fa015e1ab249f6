"""A file takes no more memory than a piece of it, however large it is."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hubkit.wire import header
from tests.model_files import number, text

BYTES = 256 * 2**20
MOST_MEGABYTES = 48

_CHILD = """
import resource, sys
import numpy
from pathlib import Path
from hubkit.inspect.inspection import inspect
numpy.ones(2**18).sum()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
found = inspect(Path(sys.argv[1]))
assert [figures.count for figures in found.statistics] == [int(sys.argv[2])], found.statistics
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def sparse(path: Path, head: bytes) -> Path:
    """A file whose elements take no room on the disk."""
    with path.open("wb") as stream:
        stream.write(head)
        stream.truncate(len(head) + BYTES)
    return path


def safetensors(path: Path) -> Path:
    entry = {"w": {"dtype": "F32", "shape": [BYTES // 4], "data_offsets": [0, BYTES]}}
    head = json.dumps(entry).encode()
    return sparse(path, struct.pack("<Q", len(head)) + head)


def nested(path: Path, *levels: tuple[int, bytes]) -> Path:
    """Protobuf messages in each other, outermost first: a field's number and what stands before it."""
    head = b""
    for field, before in reversed(levels):
        head = before + header(field, len(head) + BYTES) + head
    return sparse(path, head)


def axis(value: int) -> bytes:
    """The field dims with one large number."""
    return b"\x08" + header(0, value)[1:]


def checkpoint(path: Path) -> Path:
    return nested(path, (1, b""), (2, text(1, "w")), (3, axis(BYTES // 4) + text(2, "Float32")))


def onnx(path: Path) -> Path:
    tensor = axis(BYTES // 4) + number(2, 1) + text(8, "w")
    return nested(path, (7, number(1, 9)), (5, text(1, text(4, "Relu"))), (9, tensor))


def mindir(path: Path) -> Path:
    tensor = axis(BYTES // 4) + number(2, 1) + text(7, "1:w")
    top = text(1, "0.1.1") + number(10, 1) + number(13, 1)
    return nested(path, (7, top), (3, text(1, text(4, "ReLU"))), (9, tensor))


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
@pytest.mark.parametrize("write", [safetensors, checkpoint, onnx, mindir])
def test_a_large_file_stays_out_of_memory(write: Callable[[Path], Path], tmp_path: Path, project_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, write(tmp_path / "large"), str(BYTES // 4)],
        cwd=project_dir,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < MOST_MEGABYTES
