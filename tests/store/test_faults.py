"""Bad networks and bad servers: the right blob comes, or words that say what is wrong; never a wrong byte."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from hubkit.errors import FetchError
from hubkit.store.blobs import BlobStore
from hubkit.store.fetch import FetchOptions, Limits, fetch
from tests.store.faults import (
    FaultServer,
    Reply,
    Spoil,
    corrupting,
    cutting,
    delaying,
    fault_server,
    passing,
    proxy,
    reordering,
)

CONTENT = hashlib.shake_256(b"weights").digest(300_000)
OTHER = hashlib.shake_256(b"other weights").digest(300_000)
SIZE = len(CONTENT)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
CARD_HOST = "https://127.0.0.1:9/"
CARD_URL = f"{CARD_HOST}net.ckpt"
LIMITS = Limits(
    connect_seconds=2,
    read_seconds=2,
    retries=2,
    backoff_seconds=0.001,
    max_wait_seconds=0.01,
    min_bytes_per_second=10,
    rate_seconds=10,
    max_bytes=1_000_000,
)
IMPATIENT = replace(LIMITS, read_seconds=0.15)
HURRIED = replace(LIMITS, rate_seconds=0.2, min_bytes_per_second=10_000, retries=1)

GOOD = Reply(CONTENT)
CUT = replace(GOOD, stop_after=100_000)
WRONG = Reply(OTHER, etag='"v2"')
LONG_AGO = datetime.now(UTC) - timedelta(days=9)
NOW = datetime.now(UTC)
NOT_LONG_AGO = NOW + timedelta(hours=1)  # however late the test runs


def status(code: int, *headers: tuple[str, str]) -> Reply:
    return Reply(status=code, headers=headers)


def redirect(target: str) -> Reply:
    return status(302, ("Location", target))


@dataclass(frozen=True)
class Fault:
    """One kind of trouble."""

    name: str
    """What it is."""
    script: Sequence[Reply]
    """How the server answers one request after the other."""
    words: str = ""
    """What the error says; empty where the right blob comes."""
    starts: tuple[int | None, ...] | None = None
    """From where each request asks; None for a plain one. Not looked at where it is not given."""
    limits: Limits = LIMITS
    """Bounds."""


FAULTS = [
    Fault("nothing is wrong", [GOOD], starts=(None,)),
    Fault("no length is announced", [replace(GOOD, length="none")]),
    Fault("it comes in chunks", [replace(GOOD, length="chunked", pieces=(7_000, 0))]),
    # Cut connections.
    Fault("cut, then gone on with", [CUT, GOOD], starts=(None, 100_000)),
    Fault("cut twice", [CUT, CUT, GOOD], starts=(None, 100_000, 200_000)),
    Fault("cut before the first byte", [replace(GOOD, stop_after=0), GOOD], starts=(None, None)),
    Fault("cut before the last byte", [replace(GOOD, stop_after=SIZE - 1), GOOD], starts=(None, SIZE - 1)),
    Fault("reset in the middle", [replace(CUT, reset=True), GOOD]),
    Fault("cut each time before a byte came", [replace(GOOD, stop_after=0)], words="the connection was cut"),
    Fault("chunks are cut", [replace(CUT, length="chunked", pieces=(9_000, 0)), GOOD], starts=(None, 100_000)),
    Fault("chunks that never end well", [replace(GOOD, length="chunked", stop_after=0)], words="connection was cut"),
    Fault("without a length, a cut looks like an end", [replace(CUT, length="none"), GOOD], starts=(None, None)),
    Fault("the head is cut", [Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Le"), GOOD]),
    Fault("closed without a word", [Reply(raw=b""), GOOD]),
    Fault("closed without a word, always", [Reply(raw=b"")], words="the connection was cut (3 attempts)"),
    # Resuming.
    Fault("a server that ignores Range", [CUT, replace(GOOD, ranges=False)], starts=(None, 100_000)),
    Fault("changed in between, to the right one", [replace(WRONG, stop_after=100_000), GOOD], starts=(None, 100_000)),
    Fault(
        "changed in between, and nothing says so",
        [replace(WRONG, etag="", stop_after=100_000), replace(GOOD, etag=""), replace(GOOD, etag="")],
        starts=(None, 100_000, None),
    ),
    Fault("changed in between, to a wrong one", [CUT, WRONG], words="SHA-256 is"),
    Fault("always a wrong one, resumed", [replace(WRONG, stop_after=100_000), WRONG], words="SHA-256 is"),
    Fault("a weak ETag", [replace(CUT, etag='W/"v1"'), replace(GOOD, etag='W/"v1"')], starts=(None, 100_000)),
    Fault(
        "another version in a 206",
        [CUT, replace(GOOD, etag='"v3"', status=206), GOOD],
        starts=(None, 100_000, None),
    ),
    Fault("206 from another offset", [CUT, replace(GOOD, shift=10), GOOD], starts=(None, 100_000, None)),
    Fault("206 with nonsense for a range", [CUT, replace(GOOD, content_range="bytes x"), GOOD]),
    Fault("206 of another size", [CUT, replace(GOOD, content_range=f"bytes 100000-{SIZE - 1}/{SIZE + 5}"), GOOD]),
    Fault("206 of a size it does not know", [CUT, replace(GOOD, content_range=f"bytes 100000-{SIZE - 1}/*")]),
    Fault("416 to a good range", [CUT, status(416), GOOD], starts=(None, 100_000, None)),
    Fault("206 to a plain request", [replace(GOOD, status=206)], words="answered 206"),
    # Lengths.
    Fault("more than announced", [replace(GOOD, length=SIZE - 10)], words="SHA-256 is"),
    Fault("the right bytes and more behind them", [replace(GOOD, extra=b"more")]),
    Fault("less than announced, always", [replace(GOOD, length=SIZE + 10)], words="the connection was cut"),
    Fault("a length that is no number", [replace(GOOD, length="many")]),
    Fault("a negative length", [replace(GOOD, length=-5)]),
    Fault("two lengths", [replace(GOOD, headers=(("Content-Length", "5"),))], words="cannot be read"),
    Fault("too large, as announced", [replace(GOOD, length=2_000_000)], words="2,000,000 bytes; the limit is 1,000"),
    Fault(
        "too large, without a word",
        [Reply(bytes(2_000_000), length="chunked")],
        words="larger than the limit of 1,000,000",
    ),
    Fault("larger than any disk", [replace(GOOD, length=10**18)], words="free on the disk",
          limits=replace(LIMITS, max_bytes=10**19)),
    Fault("an empty file", [Reply(b"")], words="SHA-256 is"),
    # Content.
    Fault("a sign-in page in its stead", [Reply(b"<html>sign in</html>")], words="SHA-256 is"),
    Fault("one bit is wrong", [Reply(CONTENT[:-1] + bytes([CONTENT[-1] ^ 1]))], words="SHA-256 is"),
    Fault(
        "gzip where none was asked",
        [replace(GOOD, content=gzip.compress(CONTENT), headers=(("Content-Encoding", "gzip"),))],
        words="compressed copy",
    ),
    Fault("an encoding that says nothing", [replace(GOOD, headers=(("Content-Encoding", "identity"),))]),
    # Statuses.
    Fault("404", [status(404)], words="the server answered 404", starts=(None,)),
    Fault("403 and no retry", [status(403), GOOD], words="the server answered 403", starts=(None,)),
    Fault("204 without a file", [status(204)], words="the server answered 204"),
    Fault("503, then it is well", [status(503), status(503), GOOD]),
    Fault("500 for ever", [status(500)], words="the server answered 500 Played (3 attempts)"),
    Fault("429 and a Retry-After that is capped", [status(429, ("Retry-After", "1")), GOOD],
          limits=replace(LIMITS, max_wait_seconds=0.6)),
    Fault("429 and a Retry-After that nobody waits for", [status(429, ("Retry-After", "86400")), GOOD],
          words="the server answered 429 Played; it asks to wait 24 hours",
          starts=(None,)),
    Fault("429 for ever with a Retry-After", [status(429, ("Retry-After", "1"))], starts=(None,) * 2,
          words="429 Played (2 attempts); it asks to wait 1 s",
          limits=replace(LIMITS, max_wait_seconds=1, retries=1)),
    Fault(
        "503 and a Retry-After as a date",
        [status(503, ("Retry-After", format_datetime(NOW + timedelta(days=3), usegmt=True))), GOOD],
        words="503 Played; it asks to wait 3 days",
        starts=(None,),
    ),
    Fault("503 and nonsense in Retry-After", [status(503, ("Retry-After", "soon")), GOOD]),
    # Redirects.
    Fault("a redirect", [redirect("/elsewhere"), GOOD]),
    Fault("a redirect loop", [redirect("/net.ckpt")], words="more than 5 redirects", starts=(None,) * 6),
    Fault("a redirect to a file", [redirect("file:///etc/passwd")], words="to file:///etc/passwd, which is not safe"),
    Fault("a redirect to nowhere", [redirect("http://[")], words="net.ckpt: "),
    # Time.
    Fault("silent before the head", [Reply(silent=True)], words="silent for longer", limits=IMPATIENT),
    Fault("silent once", [Reply(silent=True), GOOD], limits=IMPATIENT),
    Fault("silent in the body", [replace(GOOD, pieces=(100_000, 1)), GOOD], limits=IMPATIENT),
    Fault("it dribbles", [replace(GOOD, pieces=(10, 0.02))], words="which is too slow", limits=HURRIED),
    Fault(
        "it dribbles in the head",
        [Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000, pieces=(1, 0.02))],
        words="which is too slow",
        limits=HURRIED,
    ),
    # No HTTP.
    Fault("another protocol", [Reply(raw=b"220 smtp.example ESMTP\r\n")], words="the connection failed"),
    Fault("a thousand header lines", [Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 999)], words="failed"),
]  # fmt: skip


def options(url: str, limits: Limits = LIMITS) -> FetchOptions:
    return FetchOptions(mirrors={CARD_HOST: (url,)}, limits=limits)


def check_no_wrong_byte(store: BlobStore) -> None:
    """What lies under a final name is what the name says."""
    for digest in store.digests():
        assert hashlib.sha256(store.path(digest).read_bytes()).hexdigest() == digest


def outcome(url: str, words: str, limits: Limits, store: BlobStore) -> None:
    """The right blob comes, or an error with these words."""
    try:
        if words:
            with pytest.raises(FetchError) as caught:
                fetch(CARD_URL, DIGEST, store, options(url, limits))
            assert words in str(caught.value)
            assert list(store.digests()) == []
        else:
            assert fetch(CARD_URL, DIGEST, store, options(url, limits)).path.read_bytes() == CONTENT
            assert list(store.incoming.iterdir()) == []
    finally:
        check_no_wrong_byte(store)
    assert not list(store.root.rglob("*.lock"))


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "store")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_faults_of_a_server(fault: Fault, store: BlobStore) -> None:
    with fault_server(fault.script) as server:
        outcome(server.url, fault.words, fault.limits, store)
        if fault.starts is not None:
            assert tuple(server.starts) == fault.starts


HEAD = 200  # bytes that an answer's head has at least

SPOILS: dict[str, tuple[Sequence[Spoil], str, Limits]] = {
    "cut in the head": ([cutting(30), passing], "", LIMITS),
    "cut in the body": ([cutting(90_000), passing], "", LIMITS),
    "cut more than once": ([cutting(90_000), cutting(150_000), passing], "", LIMITS),
    "cut always at once": ([cutting(1)], "the connection", LIMITS),
    "a bit turned in the body": ([corrupting(200_000), passing], "SHA-256 is", LIMITS),
    "a bit turned in what is resumed": ([cutting(90_000), corrupting(50_000), passing], "", LIMITS),
    "a bit turned in the status": ([corrupting(9), passing], "the server answered 300", LIMITS),
    "delays within the bounds": ([delaying(0.02, 30)], "", LIMITS),
    "delays beyond the bounds": ([delaying(0.5, 20)], "silent for longer", IMPATIENT),
    "delays once": ([delaying(0.5, 20), passing], "", IMPATIENT),
    "pieces out of order": ([reordering(1_000), passing], "SHA-256 is", LIMITS),
    "pieces out of order after a cut": ([cutting(90_000), reordering(1_000), passing], "", LIMITS),
}


@pytest.mark.parametrize("name", SPOILS)
def test_faults_of_a_network(name: str, store: BlobStore) -> None:
    spoils, words, limits = SPOILS[name]
    with fault_server([GOOD]) as server, proxy(server.url, spoils) as url:
        outcome(url, words, limits, store)


def test_enough_kinds_of_trouble_are_named() -> None:
    names = [fault.name for fault in FAULTS] + list(SPOILS)
    assert len(names) == len(set(names)) >= 40


@pytest.mark.parametrize(
    ("first", "condition"),
    [
        (CUT, '"v1"'),
        (replace(CUT, etag="", changed=LONG_AGO), format_datetime(LONG_AGO, usegmt=True).lower()),
        (replace(CUT, etag="", changed=NOT_LONG_AGO), ""),  # it may have changed twice within that second
        (replace(CUT, etag='W/"v1"', changed=LONG_AGO), ""),
        (replace(CUT, etag='"v1'), ""),
    ],
    # No word of the time: processes that share the tests between them must collect the same.
    ids=["etag", "changed long ago", "changed just now", "weak etag", "etag without its end"],
)
def test_a_part_is_asked_for_on_the_condition_that_nothing_changed(
    first: Reply, condition: str, store: BlobStore
) -> None:
    with fault_server([first, replace(first, stop_after=None)]) as server:
        outcome(server.url, "", LIMITS, store)
        assert server.conditions == ["", condition]
        assert server.sent == SIZE


def give_up(server: FaultServer, store: BlobStore) -> None:
    with pytest.raises(FetchError, match="refused"):
        fetch(CARD_URL, DIGEST, store, options(server.url, replace(LIMITS, retries=0)))


def test_the_next_run_goes_on_where_the_last_one_stopped(store: BlobStore) -> None:
    with fault_server([CUT, CUT, GOOD]) as server:
        give_up(server, store)
        give_up(server, store)
        seen: list[tuple[int, int | None]] = []
        fetch(CARD_URL, DIGEST, store, options(server.url), lambda *progress: seen.append(progress))
        assert server.starts == [None, 100_000, 200_000]
        assert server.conditions == ["", '"v1"', '"v1"']
        assert server.sent == SIZE
        assert seen[0] == (200_000, SIZE)
        assert list(store.incoming.iterdir()) == []


def test_a_mirror_goes_on_where_another_stopped_without_its_condition(store: BlobStore) -> None:
    with fault_server([CUT]) as first, fault_server([GOOD]) as second:
        mirrors = {CARD_HOST: (first.url, second.url)}
        fetch(CARD_URL, DIGEST, store, FetchOptions(mirrors=mirrors, limits=replace(LIMITS, retries=0)))
        assert (second.starts, second.conditions) == ([100_000], [""])
        check_no_wrong_byte(store)


def test_what_a_wrong_mirror_began_is_thrown_away(store: BlobStore) -> None:
    with fault_server([replace(WRONG, stop_after=100_000)]) as first, fault_server([GOOD]) as second:
        mirrors = {CARD_HOST: (first.url, second.url)}
        fetch(CARD_URL, DIGEST, store, FetchOptions(mirrors=mirrors, limits=replace(LIMITS, retries=0)))
        assert second.starts == [100_000, None]
        check_no_wrong_byte(store)


def test_bytes_that_rotted_while_they_waited_are_fetched_again(store: BlobStore) -> None:
    with fault_server([CUT, GOOD]) as server:
        give_up(server, store)
        (left,) = store.incoming.glob("*.part")
        left.write_bytes(b"rot" + left.read_bytes()[3:])
        outcome(server.url, "", LIMITS, store)
        assert server.starts == [None, 100_000, None]


def test_more_than_the_whole_file_is_fetched_again(store: BlobStore) -> None:
    store.incoming.mkdir(parents=True)
    (store.incoming / f"{DIGEST}.part").write_bytes(CONTENT + b"more")
    with fault_server([GOOD]) as server:
        outcome(server.url, "", LIMITS, store)
        assert server.starts == [SIZE + 4, None]


def test_a_whole_file_that_was_left_over_needs_no_server(store: BlobStore) -> None:
    store.incoming.mkdir(parents=True)
    (store.incoming / f"{DIGEST}.part").write_bytes(CONTENT)
    assert fetch(CARD_URL, DIGEST, store, options("http://127.0.0.1:9/")).path.read_bytes() == CONTENT


@pytest.mark.parametrize("origin", ["", "[]", "{}", '{"url": 1, "validator": 2, "total": "x"}'])
def test_a_damaged_note_on_the_origin_is_as_good_as_none(origin: str, store: BlobStore) -> None:
    with fault_server([CUT, GOOD]) as server:
        give_up(server, store)
        (store.incoming / f"{DIGEST}.json").write_text(origin, encoding="utf-8")
        outcome(server.url, "", LIMITS, store)
        assert server.conditions == ["", ""]


def test_the_error_names_everything_that_was_tried_and_the_way_by_hand(store: BlobStore) -> None:
    with fault_server([status(404)]) as first, fault_server([status(500)]) as second:
        private = second.url.replace("http://", "http://user:secret@")
        with pytest.raises(FetchError) as caught:
            fetch(CARD_URL, DIGEST, store, FetchOptions(mirrors={CARD_HOST: (first.url, private)}, limits=LIMITS))
        text = str(caught.value)
        assert f"{CARD_URL}: the connection was refused" in text
        assert f"also tried: {first.url}net.ckpt: the server answered 404" in text
        assert f"also tried: {second.url}net.ckpt: the server answered 500" in text
        assert "secret" not in text
        assert f"it would lie at {store.path(DIGEST)}" in text
        assert f"curl -fL -C - -o ./net.ckpt {CARD_URL} && hubkit cache add --sha256 {DIGEST} ./net.ckpt" in text


def test_the_way_by_hand_is_safe_to_paste(store: BlobStore) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(f"{CARD_HOST}a;rm -rf ~'\x1b[2J.ckpt", DIGEST, store, FetchOptions(limits=LIMITS))
    line = next(line for line in caught.value.__notes__ if line.startswith("by hand"))
    assert "-o ./a_rm_-rf____2J.ckpt" in line or "-o ./a_rm_-rf_____2J.ckpt" in line
    assert "\x1b" not in line
    assert "'\"'\"'" in line  # the quote in the URL is quoted


def test_stop_ends_a_download_and_keeps_what_came(store: BlobStore) -> None:
    with fault_server([replace(GOOD, pieces=(50_000, 0.2)), GOOD]) as server:
        slow = options(server.url)
        with pytest.raises(FetchError, match="stopped"):
            fetch(CARD_URL, DIGEST, store, slow, lambda received, _: slow.stop.set() if received else None)
        (left,) = store.incoming.glob("*.part")
        kept = left.stat().st_size
        outcome(server.url, "", LIMITS, store)
        assert server.starts == [None, kept]
        assert 0 < kept < SIZE
