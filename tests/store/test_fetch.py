"""Fetching: a blob is there whole and right, or not at all."""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.errors import FetchError
from hubkit.store.blobs import BlobStore, DigestMismatchError
from hubkit.store.fetch import FetchOptions, Limits, fetch
from tests.servers import AssetHost, asset_host, redirect, send

CONTENT = bytes(range(256)) * 5000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
FAST = Limits(connect_seconds=2, read_seconds=2, retries=2, backoff_seconds=0.001)
CARD_URL = "https://127.0.0.1:9/models/net.ckpt"


@pytest.fixture
def host() -> Iterator[AssetHost]:
    with asset_host() as server:
        yield server


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "store")


def mirrored(host: AssetHost, **limits: float) -> FetchOptions:
    return FetchOptions(
        mirrors={"https://127.0.0.1:9/": (host.url,)},
        limits=replace(FAST, max_bytes=int(limits.get("size", 10**9))),
    )


def files(store: BlobStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def blobs(store: BlobStore) -> list[str]:
    return list(store.digests())


def test_a_file_is_fetched_verified_and_kept_once(host: AssetHost, store: BlobStore) -> None:
    host.files["models/net.ckpt"] = CONTENT
    seen: list[tuple[int, int | None]] = []
    blob = fetch(CARD_URL, DIGEST, store, mirrored(host), lambda *progress: seen.append(progress))
    assert blob.path.read_bytes() == CONTENT
    assert (blob.sha256, blob.size) == (DIGEST, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert fetch(CARD_URL, DIGEST, store, mirrored(host)) == blob
    assert host.requests == ["models/net.ckpt"]
    assert files(store) == [blob.path]


def test_a_blob_is_nobodys_to_write(host: AssetHost, store: BlobStore) -> None:
    host.files["models/net.ckpt"] = CONTENT
    assert fetch(CARD_URL, DIGEST, store, mirrored(host)).path.stat().st_mode & 0o777 == 0o444


def test_other_bytes_are_refused_and_leave_nothing(host: AssetHost, store: BlobStore) -> None:
    host.files["models/net.ckpt"] = CONTENT[:-1] + b"x"
    with pytest.raises(FetchError, match="SHA-256 is"):
        fetch(CARD_URL, DIGEST, store, mirrored(host))
    assert files(store) == []


def test_the_mismatch_of_a_mirror_is_told_even_where_the_host_is_out_of_reach(
    host: AssetHost, store: BlobStore
) -> None:
    host.files["models/net.ckpt"] = b"<html>captive portal</html>"
    with pytest.raises(DigestMismatchError, match=hashlib.sha256(b"<html>captive portal</html>").hexdigest()):
        fetch(CARD_URL, DIGEST, store, mirrored(host))


def test_a_blob_that_rotted_on_disk_is_fetched_again(host: AssetHost, store: BlobStore) -> None:
    host.files["models/net.ckpt"] = CONTENT
    path = fetch(CARD_URL, DIGEST, store, mirrored(host)).path
    path.chmod(0o644)
    path.write_bytes(b"rot" + CONTENT[3:])
    assert fetch(CARD_URL, DIGEST, store, mirrored(host)).path.read_bytes() == CONTENT
    assert len(host.requests) == 2


@pytest.mark.parametrize(
    ("announced", "content", "words"),
    [
        (len(CONTENT), CONTENT[:-5], "the connection was cut"),
        (len(CONTENT) - 5, CONTENT, "SHA-256 is"),  # the client reads only what was announced
    ],
)
def test_a_wrong_length(host: AssetHost, store: BlobStore, announced: int, content: bytes, words: str) -> None:
    host.answers["models/net.ckpt"] = lambda handler: send(handler, content, announced=announced)
    with pytest.raises(FetchError) as caught:
        fetch(CARD_URL, DIGEST, store, mirrored(host))
    assert words in str(caught.value) or words in str(caught.value.__notes__)
    assert blobs(store) == []


def test_the_size_limit_is_held_before_anything_is_read(host: AssetHost, store: BlobStore) -> None:
    host.files["models/net.ckpt"] = CONTENT
    with pytest.raises(FetchError) as caught:
        fetch(CARD_URL, DIGEST, store, mirrored(host, size=1000))
    assert "1,280,000 bytes; the limit is 1,000" in "\n".join(caught.value.__notes__)
    assert files(store) == []


def test_the_size_limit_is_held_where_no_size_is_announced(host: AssetHost, store: BlobStore) -> None:
    def endless(handler: object) -> None:
        handler.send_response(200)  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]
        handler.wfile.write(CONTENT)  # type: ignore[attr-defined]

    host.answers["models/net.ckpt"] = endless
    with pytest.raises(FetchError) as caught:
        fetch(CARD_URL, DIGEST, store, mirrored(host, size=1000))
    assert "larger than the limit of 1,000 bytes" in "\n".join(caught.value.__notes__)
    assert files(store) == []


def test_a_silent_server_is_given_up(store: BlobStore) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        options = FetchOptions(mirrors={"https://127.0.0.1:9/": (url,)}, limits=replace(FAST, read_seconds=0.2))
        with pytest.raises(FetchError) as caught:
            fetch(CARD_URL, DIGEST, store, options)
    assert "silent for longer than the time limit" in "\n".join(caught.value.__notes__)


def test_an_answer_that_is_no_success_names_the_status(host: AssetHost, store: BlobStore) -> None:
    with pytest.raises(FetchError) as caught:
        fetch(CARD_URL, DIGEST, store, mirrored(host))
    assert "the server answered 404 Not Found" in "\n".join(caught.value.__notes__)


def test_redirects_are_followed_but_not_for_ever(host: AssetHost, store: BlobStore) -> None:
    host.files["moved"] = CONTENT
    host.answers["models/net.ckpt"] = redirect("/moved")
    assert fetch(CARD_URL, DIGEST, store, mirrored(host)).path.read_bytes() == CONTENT
    host.answers["models/loop.ckpt"] = redirect("/models/loop.ckpt")
    with pytest.raises(FetchError) as caught:
        fetch("https://127.0.0.1:9/models/loop.ckpt", "0" * 64, store, mirrored(host))
    assert "more than 5 redirects" in "\n".join(caught.value.__notes__)


def test_mirrors_are_tried_in_order_and_may_be_folders(host: AssetHost, store: BlobStore, tmp_path: Path) -> None:
    folder = tmp_path / "mirror of files" / "models"
    folder.mkdir(parents=True)
    (folder / "net.ckpt").write_bytes(CONTENT)
    options = FetchOptions(
        mirrors={"https://127.0.0.1:9/": (host.url, f"{(tmp_path / 'mirror of files').as_uri()}/")}, limits=FAST
    )
    assert fetch(CARD_URL, DIGEST, store, options).path.read_bytes() == CONTENT
    assert host.requests == ["models/net.ckpt"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/net.ckpt", "file:///etc/passwd", "ftp://a.example/x", "net.ckpt"])
def test_a_card_names_https_only(store: BlobStore, url: str) -> None:
    with pytest.raises(FetchError, match="files are not fetched by"):
        fetch(url, DIGEST, store, FetchOptions())


def test_offline_says_so_at_once_and_serves_what_is_there(host: AssetHost, store: BlobStore) -> None:
    with pytest.raises(FetchError, match="not in the store, and hubkit is offline"):
        fetch(CARD_URL, DIGEST, store, FetchOptions(offline=True))
    host.files["models/net.ckpt"] = CONTENT
    fetch(CARD_URL, DIGEST, store, mirrored(host))
    assert fetch(CARD_URL, DIGEST, store, FetchOptions(offline=True)).size == len(CONTENT)


@pytest.mark.parametrize("digest", ["", "77dcaf0f", DIGEST.upper(), "../" * 21 + "x"])
def test_without_a_whole_digest_nothing_is_fetched(host: AssetHost, store: BlobStore, digest: str) -> None:
    with pytest.raises(FetchError, match="is no SHA-256 digest"):
        fetch(CARD_URL, digest, store, mirrored(host))
    assert host.requests == []


def test_a_full_disk_leaves_no_blob(host: AssetHost, store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    host.files["models/net.ckpt"] = CONTENT
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        fetch(CARD_URL, DIGEST, store, mirrored(host))
    assert blobs(store) == []
