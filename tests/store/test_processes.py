"""Processes that are killed while they fetch, and processes that fetch the same file at once."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.store.blobs import BlobStore
from hubkit.store.fetch import FetchOptions, fetch
from hubkit.store.lock import held
from tests.store.faults import FaultServer, Reply, fault_server
from tests.store.test_faults import CARD_URL, LIMITS, check_no_wrong_byte, options

PIECES, PIECE = 60, 2_000
CONTENT = hashlib.shake_256(b"killed").digest(PIECES * PIECE)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
KILLS = 50


@contextmanager
def fetching(server: FaultServer, digest: str, store: BlobStore) -> Iterator[subprocess.Popen[bytes]]:
    """A process that fetches; ended with the block."""
    command = [sys.executable, "-m", "tests.store.fetch_once", server.url, digest, str(store.root)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=30)


def received(store: BlobStore) -> int:
    """Bytes of parts that lie in the store."""
    return sum(path.stat().st_size for path in store.incoming.glob("*.part")) if store.incoming.is_dir() else 0


def test_what_a_killed_process_received_is_not_fetched_again(tmp_path: Path) -> None:
    chance = random.Random(7)
    points = [chance.randrange(len(CONTENT)) for _ in range(KILLS)]
    slow = Reply(CONTENT, pieces=(PIECE, 0.002))
    for start in range(0, KILLS, 10):  # ten at a time: most of their life is starting up
        batch = [
            (BlobStore(tmp_path / f"store{number}"), point)
            for number, point in enumerate(points[start : start + 10], start)
        ]
        kill_all(batch, slow)


def kill_all(batch: list[tuple[BlobStore, int]], reply: Reply) -> None:
    """Fetch into each store and kill the process after so many bytes; then fetch again."""
    with fault_server([reply]) as server, ExitStack() as ends:
        running = {
            store.root: (ends.enter_context(fetching(server, DIGEST, store)), store, point) for store, point in batch
        }

        def kill_those_that_have_enough() -> bool:
            for process, store, point in tuple(running.values()):
                if received(store) >= point or store.path(DIGEST).exists():
                    process.kill()
                    process.wait(timeout=30)
                    del running[store.root]
            return not running

        wait_for(kill_those_that_have_enough)
    for store, point in batch:
        check_no_wrong_byte(store)
        kept = received(store)
        if not store.path(DIGEST).exists():
            assert kept >= point
        with fault_server([Reply(CONTENT)]) as server:
            assert fetch(CARD_URL, DIGEST, store, options(server.url)).path.read_bytes() == CONTENT
            assert server.starts in ([], [kept or None])
            assert server.sent == (len(CONTENT) - kept if server.starts else 0)
        # A process that was killed with its work done may leave its lock, which nobody holds.
        assert [path for path in store.incoming.iterdir() if path.suffix != ".lock"] == []


def test_eight_processes_fetch_one_file_once(tmp_path: Path) -> None:
    content = hashlib.shake_256(b"64 MB").digest(1 << 20) * 64
    digest = hashlib.sha256(content).hexdigest()
    store = BlobStore(tmp_path / "store")
    with fault_server([Reply(content)]) as server:
        command = [sys.executable, "-m", "tests.store.fetch_once", server.url, digest, str(store.root)]
        processes = [subprocess.Popen(command) for _ in range(8)]
        try:
            assert [process.wait(timeout=60) for process in processes] == [0] * 8
        finally:
            for process in processes:
                process.kill()
        assert 1 <= len(server.starts) <= 2
        assert len(content) <= server.sent <= 2 * len(content)
    check_no_wrong_byte(store)
    assert list(store.digests()) == [digest]
    assert list(store.incoming.iterdir()) == []


def test_without_locks_the_blob_is_right_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system that grants a lock to everybody: two processes write, neither harms the other."""
    store = BlobStore(tmp_path / "store")
    other = Reply(CONTENT[::-1])
    slow = Reply(CONTENT, pieces=(PIECE, 0.005))
    with (
        fault_server([slow]) as server,
        fault_server([other]) as wrong,
        fetching(server, DIGEST, store) as other_process,
    ):
        wait_for(lambda: received(store) >= 5 * PIECE)
        monkeypatch.setattr("fcntl.flock", lambda *_: None)
        mirrors = {CARD_URL.removesuffix("net.ckpt"): (wrong.url, server.url)}
        fetch(CARD_URL, DIGEST, store, FetchOptions(mirrors=mirrors, limits=replace(LIMITS, retries=0)))
        check_no_wrong_byte(store)
        assert other_process.wait(timeout=60) == 0
    check_no_wrong_byte(store)
    assert store.path(DIGEST).read_bytes() == CONTENT


def test_a_holder_without_a_sign_of_life_is_not_waited_for(tmp_path: Path) -> None:
    stop = threading.Event()
    with (
        held(tmp_path / "x.lock", lambda: False, stop, 60),
        held(tmp_path / "x.lock", lambda: False, stop, 0.05) as second,
    ):
        second.alive()
    assert list(tmp_path.iterdir()) == []


def test_a_lock_outlives_its_holder_by_nothing(tmp_path: Path) -> None:
    store = BlobStore(tmp_path / "store")
    with fault_server([Reply(CONTENT, pieces=(PIECE, 0.05))]) as server, fetching(server, DIGEST, store) as process:
        wait_for(lambda: received(store) > 0)
        process.kill()
        process.wait(timeout=30)
    assert list(store.incoming.glob("*.lock")) != []
    with fault_server([Reply(CONTENT)]) as server:
        fetch(CARD_URL, DIGEST, store, options(server.url))
    assert list(store.incoming.iterdir()) == []


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it holds; fails after a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)
