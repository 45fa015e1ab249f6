"""What somebody, or a bad disk, left in the store: it stops nothing, and nothing outside is written."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import hubkit
from hubkit.errors import FetchError
from hubkit.store.adding import add_file
from hubkit.store.blobs import BlobStore
from hubkit.store.completed import completed, record_path
from hubkit.store.fetch import FetchOptions, fetch
from hubkit.store.listing import items
from hubkit.store.part import Part
from hubkit.store.verifying import Check, verify_blobs
from tests.hubs import ASSET_HOST, SETTINGS, write_card
from tests.model_files import checkpoint
from tests.servers import AssetHost, asset_host

WEIGHTS = b"weights" * 1000
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()
OTHER = "ab" * 32
LINK = f"{ASSET_HOST}net.ckpt"
CHECKPOINT = checkpoint()
NESTED = "[" * 200_000


@pytest.fixture
def host() -> Iterator[AssetHost]:
    with asset_host() as server:
        server.files["net.ckpt"] = WEIGHTS
        yield server


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    store = BlobStore(tmp_path / "store")
    store.incoming.mkdir(parents=True)
    return store


def fetched(host: AssetHost, store: BlobStore) -> Path:
    return fetch(LINK, DIGEST, store, FetchOptions(mirrors={ASSET_HOST: (host.url,)})).path


def test_a_link_in_the_place_of_what_came_is_not_written_through(
    host: AssetHost, store: BlobStore, tmp_path: Path
) -> None:
    precious = tmp_path / "precious"
    precious.write_text("not the store's", encoding="utf-8")
    (store.incoming / f"{DIGEST}.part").symlink_to(precious)
    blob = fetched(host, store)
    assert precious.read_text(encoding="utf-8") == "not the store's"
    assert not blob.is_symlink()
    assert blob.read_bytes() == WEIGHTS


def test_a_pipe_in_the_place_of_what_came_is_not_waited_for(store: BlobStore) -> None:
    os.mkfifo(store.incoming / f"{DIGEST}.part")
    program = (
        "import sys; from pathlib import Path; from hubkit.store.part import Part\n"
        "part = Part(Path(sys.argv[1]), sys.argv[2]); part.read_back(lambda: None); print(part.size); part.release()"
    )
    command = [sys.executable, "-c", program, str(store.incoming), DIGEST]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "0\n"
    assert list(store.incoming.iterdir()) == []


@pytest.mark.parametrize("validator", ['"a\nX-Other: b"', "\ud800", "\u00e9", "v" * 100_000], ids=repr)
def test_a_validator_that_no_header_can_hold_is_not_sent(host: AssetHost, store: BlobStore, validator: str) -> None:
    (store.incoming / f"{DIGEST}.part").write_bytes(WEIGHTS[:1000])
    origin = {"url": f"{host.url}net.ckpt", "validator": validator, "total": None}
    (store.incoming / f"{DIGEST}.json").write_text(json.dumps(origin), encoding="utf-8")
    assert fetched(host, store).read_bytes() == WEIGHTS


def test_a_note_on_the_origin_that_is_nested_too_deeply(host: AssetHost, store: BlobStore) -> None:
    (store.incoming / f"{DIGEST}.part").write_bytes(WEIGHTS[:1000])
    (store.incoming / f"{DIGEST}.json").write_text(NESTED, encoding="utf-8")
    assert fetched(host, store).read_bytes() == WEIGHTS


def test_a_lock_that_is_a_link_is_not_followed(host: AssetHost, store: BlobStore, tmp_path: Path) -> None:
    (store.incoming / f"{DIGEST}.lock").symlink_to(tmp_path / "elsewhere")
    assert fetched(host, store).read_bytes() == WEIGHTS
    assert not (tmp_path / "elsewhere").exists()


def test_a_completed_record_that_is_nested_too_deeply(store: BlobStore) -> None:
    path = record_path(store, LINK, DIGEST[:16])
    path.parent.mkdir(parents=True)
    path.write_text(NESTED, encoding="utf-8")
    assert completed(store, LINK, DIGEST[:16]) is None


def stamp(path: Path) -> list[object]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ino]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _path: NESTED,
        lambda path: json.dumps({str(path): stamp(path)}),
        lambda path: json.dumps({str(path): [*stamp(path), None]}),
        lambda path: json.dumps({str(path): [*stamp(path), OTHER]}),
        lambda path: json.dumps({str(path): [*stamp(path), DIGEST, 1]}),
        lambda _path: "[]",
    ],
)
def test_a_damaged_memory_of_digests_calls_no_right_file_wrong(
    host: AssetHost, store: BlobStore, damage: Callable[[Path], str]
) -> None:
    path = fetched(host, store)
    (store.root / "verified.json").write_text(damage(path), encoding="utf-8")
    assert list(verify_blobs(store, [DIGEST], full=False, jobs=1)) == [Check(DIGEST, len(WEIGHTS), DIGEST)]


def test_verifying_needs_no_memory_of_digests(host: AssetHost, store: BlobStore) -> None:
    fetched(host, store)
    (store.root / "verified.json").mkdir()  # as little to be written as in another user's folder
    assert [check.right for check in verify_blobs(store, [DIGEST], full=False, jobs=1)] == [True]


def test_a_link_that_leads_nowhere_hides_no_other_file(host: AssetHost, store: BlobStore) -> None:
    path = fetched(host, store)
    store.path(OTHER).parent.mkdir()
    store.path(OTHER).symlink_to("nowhere")
    store.damaged.mkdir()
    (store.damaged / OTHER).symlink_to("nowhere")
    assert str(path) in [item.path for item in items(store)]


@pytest.mark.parametrize("link", ["https://[bad/net.ckpt", "https://a]b/net.ckpt"])
def test_a_link_that_is_no_url_is_told(store: BlobStore, link: str) -> None:
    with pytest.raises(FetchError, match="it is no valid URL"):
        fetch(link, DIGEST, store, FetchOptions())


def test_a_name_that_a_mirror_on_a_disk_cannot_have_leaves_the_next_one(
    host: AssetHost, store: BlobStore, tmp_path: Path
) -> None:
    name = "n" * 5000
    host.files[name] = WEIGHTS
    mirrors = {ASSET_HOST: (f"{tmp_path.as_uri()}/", host.url)}
    assert fetch(f"{ASSET_HOST}{name}", DIGEST, store, FetchOptions(mirrors=mirrors)).path.read_bytes() == WEIGHTS


def test_a_redirect_that_is_written_in_utf_8(host: AssetHost, store: BlobStore) -> None:
    def redirect(handler: object) -> None:
        handler.send_response(302)  # type: ignore[attr-defined]
        handler.send_header("Location", "/é.ckpt".encode().decode("latin-1"))  # type: ignore[attr-defined]
        handler.send_header("Content-Length", "0")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]

    host.answers["net.ckpt"] = redirect  # type: ignore[assignment]
    host.files["%C3%A9.ckpt"] = WEIGHTS
    assert fetched(host, store).read_bytes() == WEIGHTS


def test_a_full_disk_is_told_with_the_place(tmp_path: Path) -> None:
    program = (
        "import resource, sys; from pathlib import Path; from hubkit.store.part import Part\n"
        "part = Part(Path(sys.argv[1]), 'net')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: part.append(bytes(5000))\n"
        "except OSError as error: print(error.filename)"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.startswith(str(tmp_path / "net."))


def test_an_interrupted_copy_leaves_nothing(store: BlobStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(WEIGHTS)
    append = Part.append

    def interrupted(part: Part, data: bytes) -> None:
        append(part, data)
        raise KeyboardInterrupt

    monkeypatch.setattr(Part, "append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        add_file(tmp_path / "file", store)
    assert list(store.incoming.iterdir()) == []


@pytest.mark.parametrize("arguments", [["fetch", "--all"], ["fetch", "--all", "--json"], ["pull", "net_data"]])
def test_a_path_that_is_not_utf_8_is_printed_as_it_is(host: AssetHost, tmp_path: Path, arguments: list[str]) -> None:
    write_card(tmp_path / "cards", "net", content=CHECKPOINT)
    host.files["net.ckpt"] = CHECKPOINT
    settings = f'{SETTINGS}[mirrors]\n"{ASSET_HOST}" = "{host.url}"\n'
    (tmp_path / "hubkit.toml").write_text(settings, encoding="utf-8")
    environment = {
        **os.environ,
        "HUBKIT_CACHE": str(tmp_path / "\udcff"),
        "PYTHONIOENCODING": "utf-8:strict",
        "PYTHONPATH": str(Path(hubkit.__file__).parents[1]),
    }
    command = [sys.executable, "-m", "hubkit", *arguments]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert b"/\xff/sha256/" in done.stdout


def test_what_cannot_be_read_hides_no_other_file(host: AssetHost, store: BlobStore) -> None:
    fetched(host, store)
    store.path(OTHER).mkdir(parents=True)
    checks = list(verify_blobs(store, [OTHER, DIGEST], full=False, jobs=1))
    assert [(check.right, bool(check.error)) for check in checks] == [(False, True), (True, False)]


def test_another_users_part_is_left_alone(host: AssetHost, store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    part = store.incoming / f"{DIGEST}.part"
    part.write_bytes(b"x")
    monkeypatch.setattr(os, "access", lambda *_: False)  # who runs the tests may read everything
    assert fetched(host, store).read_bytes() == WEIGHTS
    assert part.read_bytes() == b"x"
