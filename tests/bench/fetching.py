"""How fast files are fetched and verified, beside curl and openssl, and how fast a large store is listed."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hubkit.store.blobs import BlobStore
from tests.bench.figures import Figure, seconds
from tests.requirements import PROJECT

GIB = 1 << 30
VERIFIED = 4 * GIB
RUNS = 5
# Where files are kept in memory, so that no disk is measured.
MEMORY = Path("/dev/shm")
HUBKIT = (sys.executable, "-m", "hubkit")

_FETCH = """
import resource, sys, time
from pathlib import Path
from hubkit.store.blobs import BlobStore
from hubkit.store.fetch import FetchOptions, fetch
mirror, sha256, root = sys.argv[1:]
options = FetchOptions(mirrors={"https://127.0.0.1:9/": (mirror,)})
start = time.perf_counter()
fetch("https://127.0.0.1:9/big", sha256, BlobStore(Path(root)), options)
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""

_SERVE = """
import os, socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    connection, _ = listener.accept()
    with connection, open(sys.argv[1], "rb") as stream:
        head = b""
        while b"\\r\\n\\r\\n" not in head:
            head += connection.recv(65536) or b"\\r\\n\\r\\n"
        connection.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % os.path.getsize(sys.argv[1]))
        connection.sendfile(stream)
"""


def fetching() -> Iterator[Figure]:
    """Fetching, verifying and listing."""
    with tempfile.TemporaryDirectory(dir=MEMORY if _room() else None) as folder:
        big = Path(folder) / "big"
        _write(big, GIB)
        yield from _download(big, Path(folder))
        big.unlink()
        yield from _verify(Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        yield _list_many(Path(folder))


def _room() -> bool:
    return MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 2 * VERIFIED


def _write(path: Path, size: int) -> None:
    block = random.Random(path.name).randbytes(1 << 20)
    with path.open("wb") as stream:
        for _ in range(size >> 20):
            stream.write(block)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _serving(path: Path) -> Iterator[str]:
    """A server in a process of its own that sends the file to everybody who asks, by sendfile."""
    process = subprocess.Popen([sys.executable, "-c", _SERVE, path], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/"
    finally:
        process.kill()
        process.wait()


def _fetch(url: str, digest: str, root: Path) -> tuple[float, int]:
    """Seconds of a fetch in a process of its own, without its start, and the megabytes of that process."""
    done = subprocess.run(
        [sys.executable, "-c", _FETCH, url, digest, root], check=True, capture_output=True, text=True, cwd=PROJECT
    )
    taken, used = done.stdout.split()
    return float(taken), int(used)


def _download(big: Path, folder: Path) -> Iterator[Figure]:
    """One file over loopback, hashed and written, beside curl, which only writes it."""
    name = "fetch 1 GiB over loopback, verified"
    if shutil.which("curl") is None:
        yield Figure(name, "skipped: no curl", ">= 0.8 of curl", None)
        return
    digest = _digest(big)
    curl, ours, memory = [], [], 0
    with _serving(big) as url:
        for number in range(RUNS):  # in turns, so that what else the machine does falls on both
            curl.append(seconds(["curl", "-sf", "-o", folder / "copy", f"{url}big"]))
            (folder / "copy").unlink()
            root = folder / f"store{number}"
            taken, used = _fetch(url, digest, root)
            ours.append(taken)
            memory = max(memory, used)
            shutil.rmtree(root)
    ratio = min(curl) / min(ours)
    rates = f"{GIB / 1e6 / min(ours):,.0f} MB/s = {ratio:.2f} of curl"
    yield Figure(name, rates, ">= 0.8 of curl", ratio >= 0.8)
    yield Figure("memory of that process", f"{memory} MB", "< 80 MB", memory < 80)


def _verify(folder: Path) -> Iterator[Figure]:
    """One file, then as many bytes in many files, beside openssl, which reads one after the other."""
    for count, least in ((1, 0.9), (64, 0.9 * min(2, os.cpu_count() or 1))):
        files = [folder / f"{number} of {count}" for number in range(count)]
        for file in files:
            _write(file, VERIFIED // count)
        yield _beside_openssl(f"verify --full, 4 GiB, files: {count}", files, folder, least)
        for file in files:
            file.unlink()


def _beside_openssl(name: str, files: list[Path], folder: Path, least: float) -> Figure:
    target = f">= {least:.1f} of openssl dgst"
    if shutil.which("openssl") is None:
        return Figure(name, "skipped: no openssl", target, None)
    root = folder / "verified"
    for file in files:
        place = BlobStore(root).path(_digest(file))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.hardlink_to(file)
    openssl, ours = [], []
    for _ in range(3):
        openssl.append(seconds(["openssl", "dgst", "-sha256", *files]))
        ours.append(seconds([*HUBKIT, "verify", "--all", "--full"], env={"HUBKIT_CACHE": str(root)}))
    shutil.rmtree(root)
    ratio = min(openssl) / min(ours)
    return Figure(name, f"{VERIFIED / 1e6 / min(ours):,.0f} MB/s = {ratio:.2f} of openssl", target, ratio >= least)


def _list_many(folder: Path) -> Figure:
    """A store of 10,000 blobs."""
    store = BlobStore(folder)
    for number in range(10_000):
        place = store.path(hashlib.sha256(b"%d" % number).hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"%d" % number)
    env = {"HUBKIT_CACHE": str(folder)}
    taken = min(seconds([*HUBKIT, "cache", "ls"], env=env) for _ in range(RUNS))
    return Figure("cache ls, 10,000 blobs", f"{taken:.2f} s", "<= 0.5 s", taken <= 0.5)
