"""``hubkit fetch``, ``verify`` and ``cache`` as a user runs them."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hubkit.cli import cli
from hubkit.errors import ConfigError
from hubkit.store.blobs import BlobStore
from hubkit.store.listing import Item, Kind, items
from tests.hubs import ASSET_HOST, SETTINGS, write_card
from tests.servers import AssetHost, asset_host

WEIGHTS = b"weights" * 1000
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AssetHost]:
    """A hub in the working folder, whose asset host is played here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUBKIT_CACHE", str(tmp_path / "store"))
    with asset_host() as server:
        (tmp_path / "hubkit.toml").write_text(
            f'{SETTINGS}[mirrors]\n"{ASSET_HOST}" = ["{server.url}"]\n', encoding="utf-8"
        )
        yield server


@pytest.fixture
def store(host: AssetHost, tmp_path: Path) -> BlobStore:
    return BlobStore(tmp_path / "store")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="hubkit")


def add(content: bytes) -> str:
    Path("file").write_bytes(content)
    assert run("cache", "add", "file").exit_code == 0
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("verb", ["ls", "prune --older-than 1d", "rm 0123456789"])
def test_a_file_is_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    place = tmp_path / "store"
    place.touch()
    monkeypatch.setenv("HUBKIT_CACHE", str(place))
    done = run("cache", *verb.split())
    assert isinstance(done.exception, ConfigError)
    assert done.exception.message == f"{place} is to hold the store, and is no folder"


class TestFetch:
    def test_one_file_of_many_cards_is_fetched_once(self, host: AssetHost, store: BlobStore) -> None:
        uids = [write_card(Path("cards"), name, content=WEIGHTS) for name in ("a", "b", "c")]
        host.files["b.ckpt"] = WEIGHTS  # a.ckpt is gone from the host
        done = run("fetch", "--all")
        assert done.exit_code == 0, done.output
        assert sorted(done.stdout.splitlines()) == [f"{uid}: {store.path(DIGEST)}" for uid in uids]
        assert host.requests == ["a.ckpt", "b.ckpt"]

    def test_json_is_one_document_on_standard_output(self, host: AssetHost, store: BlobStore) -> None:
        uids = [write_card(Path("cards"), "a", content=WEIGHTS), write_card(Path("cards"), "b", content=b"other")]
        host.files["a.ckpt"] = WEIGHTS
        done = run("fetch", "--all", "--json")
        assert done.exit_code == 1
        right, missing = json.loads(done.stdout)["files"]
        assert right == {
            "uids": [uids[0]],
            "links": [f"{ASSET_HOST}a.ckpt"],
            "asked": DIGEST,
            "sha256": DIGEST,
            "path": str(store.path(DIGEST)),
            "size": len(WEIGHTS),
            "error": None,
        }
        assert missing["sha256"] is None
        assert "the server answered 404" in missing["error"]

    def test_a_card_that_cannot_be_read_stops_no_other(self, host: AssetHost) -> None:
        write_card(Path("cards"), "a", content=WEIGHTS)
        Path("cards/tests/1.9/broken.md").write_text("no front matter", encoding="utf-8")
        host.files["a.ckpt"] = WEIGHTS
        done = run("fetch", "--all")
        assert done.exit_code == 1
        assert "a_data: " in done.stdout
        assert "broken.md" in done.stderr

    @pytest.mark.parametrize("value", ["1", "true"])
    def test_the_environment_can_say_offline(
        self, host: AssetHost, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        uid = write_card(Path("cards"), "a", content=WEIGHTS)
        host.files["a.ckpt"] = WEIGHTS
        monkeypatch.setenv("HUBKIT_OFFLINE", value)
        done = run("fetch", uid)
        assert (done.exit_code, host.requests) == (1, [])
        assert "not in the store, and hubkit is offline" in done.stderr
        add(WEIGHTS)
        assert run("fetch", uid).exit_code == 0
        assert host.requests == []

    @pytest.mark.parametrize("verb", ["fetch", "build", "convert", "smoke"])
    def test_every_verb_that_fetches_can_be_offline(self, verb: str) -> None:
        command = cli.get_command(cli.make_context("hubkit", [], resilient_parsing=True), verb)
        assert command is not None
        assert [option.envvar for option in command.params if option.name == "offline"] == ["HUBKIT_OFFLINE"]

    def test_progress_is_shown_on_a_terminal_and_results_go_to_standard_output(
        self, host: AssetHost, store: BlobStore
    ) -> None:
        uid = write_card(Path("cards"), "a", content=WEIGHTS)
        host.files["a.ckpt"] = WEIGHTS
        ours, theirs = pty.openpty()
        with os.fdopen(ours, "rb", buffering=0) as screen:
            done = subprocess.run(
                [sys.executable, "-m", "hubkit", "fetch", uid],
                stdout=subprocess.PIPE,
                stderr=theirs,
                env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
                timeout=60,
                check=True,
            )
            os.close(theirs)
            shown = screen.read(65536)
        assert done.stdout.decode() == f"{uid}: {store.path(DIGEST)}\n"
        assert b"a.ckpt" in shown


class TestTruncatedDigest:
    def test_fetch_then_lint_completes_it(self, host: AssetHost, store: BlobStore) -> None:
        uid = write_card(Path("cards"), "a", sha256=DIGEST[:8])
        card = Path("cards", f"{uid}.md")
        host.files["a.ckpt"] = WEIGHTS
        before = run("lint", "cards", "--unsafe-fixes")
        assert "the digest has 8 hexadecimal digits" in before.stdout
        assert DIGEST not in card.read_text(encoding="utf-8")
        done = run("fetch", uid)
        assert done.exit_code == 0, done.output
        assert done.stdout == f"{uid}: {store.path(DIGEST)}\n"
        assert f"the card gives only 8 digits of the digest; the file's is {DIGEST}" in done.stderr
        assert run("fetch", uid, "--offline").exit_code == 0
        assert host.requests == ["a.ckpt"]
        assert run("verify", uid).exit_code == 0
        safe = run("lint", "cards", "--fix")  # with the cache that the first run wrote
        assert f"Write {DIGEST}" in safe.stdout
        assert DIGEST not in card.read_text(encoding="utf-8")
        run("lint", "cards", "--unsafe-fixes")
        assert f"asset-sha256: {DIGEST}\n" in card.read_text(encoding="utf-8")
        assert "digest-form" not in run("lint", "cards").stdout

    def test_another_file_is_not_kept(self, host: AssetHost, store: BlobStore) -> None:
        uid = write_card(Path("cards"), "a", sha256="0" * 8)
        host.files["a.ckpt"] = WEIGHTS
        done = run("fetch", uid)
        assert done.exit_code == 1
        assert f"the file's SHA-256 is {DIGEST}" in done.stderr
        assert list(store.digests()) == []
        assert "digest of the file that was fetched" not in run("lint", "cards").stdout

    def test_without_the_file_the_record_says_nothing(self, host: AssetHost, store: BlobStore) -> None:
        uid = write_card(Path("cards"), "a", sha256=DIGEST[:8])
        host.files["a.ckpt"] = WEIGHTS
        run("fetch", uid)
        assert f"Write {DIGEST}" in run("lint", "cards").stdout
        run("cache", "rm", DIGEST[:8])
        assert f"Write {DIGEST}" not in run("lint", "cards").stdout

    @pytest.mark.parametrize("digits", ["c3a725b", "zzzzzzzz", "../../etc/passwd"])
    def test_less_than_eight_digits_are_no_beginning(self, host: AssetHost, digits: str) -> None:
        uid = write_card(Path("cards"), "a", sha256=digits)
        done = run("fetch", uid)
        assert (done.exit_code, host.requests) == (1, [])
        assert "is no SHA-256 digest" in done.stderr


class TestVerify:
    def test_what_is_right(self, store: BlobStore) -> None:
        add(b"one")
        add(b"three")
        done = run("verify", "--all")
        assert (done.exit_code, done.stdout) == (0, "2 of 2 files are right (8 B)\n")

    @pytest.mark.parametrize("full", [False, True])
    def test_what_is_wrong_is_moved_aside(self, store: BlobStore, full: bool) -> None:
        digest = add(b"one")
        assert run("verify", "--all").exit_code == 0
        path = store.path(digest)
        stat = path.stat()
        path.chmod(0o644)
        path.write_bytes(b"two")
        if full:  # a disk that changes bytes tells nobody
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            assert run("verify", "--all").exit_code == 0
        done = run("verify", "--all", *["--full"] * full)
        assert done.exit_code == 1
        assert f"{digest}: its SHA-256 is {hashlib.sha256(b'two').hexdigest()}" in done.stderr
        assert (store.damaged / digest).read_bytes() == b"two"
        assert list(store.digests()) == []
        assert run("verify", "--all").exit_code == 0
        assert digest in run("cache", "ls").stdout
        run("cache", "prune", "--damaged")
        assert run("cache", "ls").stdout == ""

    def test_a_second_time_nothing_is_read(self, store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
        add(b"one")
        assert run("verify", "--all").exit_code == 0
        monkeypatch.setattr("hubkit.store.digest.sha256_file", lambda _path: "0" * 64)
        assert run("verify", "--all").exit_code == 0
        assert run("verify", "--all", "--full").exit_code == 1

    def test_the_files_of_a_card(self, host: AssetHost, store: BlobStore) -> None:
        uid = write_card(Path("cards"), "a", content=WEIGHTS)
        done = run("verify", uid, "--json")
        assert done.exit_code == 1
        assert json.loads(done.stdout) == {"files": [{"sha256": DIGEST, "size": 0, "found": "", "moved_to": None}]}
        assert "not in the store" in run("verify", uid).stderr
        add(WEIGHTS)
        assert run("verify", uid).exit_code == 0

    def test_no_card_leads_out_of_the_store(self, host: AssetHost, store: BlobStore, tmp_path: Path) -> None:
        (store.root / "sha256").mkdir(parents=True)
        outside = tmp_path / "outside1"
        outside.write_bytes(b"mine")
        uid = write_card(Path("cards"), "a", sha256="./" * 25 + "../../outside1")
        done = run("verify", uid)
        assert (done.exit_code, "it is not in the store" in done.stderr) == (1, True)
        assert outside.read_bytes() == b"mine"

    def test_something_must_be_named(self) -> None:
        assert run("verify").exit_code == 2
        assert run("verify", "a", "--all").exit_code == 2

    def test_a_wrong_file_that_cannot_be_moved_is_told(self, store: BlobStore) -> None:
        digest, other = add(b"a"), add(b"b")
        for one in (digest, other):
            store.path(one).chmod(0o644)
            store.path(one).write_bytes(b"rotten")
        store.damaged.write_text("a file in its place", encoding="utf-8")
        done = run("verify", "--all")
        assert done.exit_code == 1
        assert done.stderr.count("could not be moved") == 2


class TestCache:
    def test_ls(self, store: BlobStore) -> None:
        small, large = add(b"s"), add(b"l" * 5000)
        os.utime(store.path(small), (time.time() - 40 * 86400,) * 2)
        lines = run("cache", "ls", "--sort", "size").stdout.splitlines()
        assert [line.split()[-1] for line in lines] == [large, small]
        assert "5.0 kB" in lines[0]
        assert run("cache", "ls", "--older-than", "30d").stdout.split()[-1] == small
        assert run("cache", "ls", "--larger-than", "1kB").stdout.split()[-1] == large
        document = json.loads(run("cache", "ls", "--json", "--sort", "used").stdout)
        assert [row["name"] for row in document["files"]] == [large, small]
        assert document["folder"] == str(store.root)

    def test_prune_by_age_and_size_and_nothing_by_mistake(self, store: BlobStore) -> None:
        old, large, new = add(b"old"), add(b"l" * 5000), add(b"new")
        for digest in (old, large):
            os.utime(store.path(digest), (time.time() - 40 * 86400,) * 2)
        assert run("cache", "prune").exit_code == 2
        everything = run("cache", "ls").stdout.splitlines()
        assert run("cache", "prune", "--older-than", "0d", "--dry-run").stdout.splitlines() == everything
        done = run("cache", "prune", "--older-than", "30d", "--dry-run")
        assert "2 files, 5.0 kB would be removed" in done.stderr
        assert len(list(store.digests())) == 3
        run("cache", "prune", "--older-than", "30d", "--larger-than", "1kB")
        assert set(store.digests()) == {old, new}
        run("cache", "prune", "--older-than", "4w")
        assert set(store.digests()) == {new}

    def test_prune_what_no_card_names(self, host: AssetHost, store: BlobStore) -> None:
        write_card(Path("cards"), "a", content=WEIGHTS)
        other = add(b"other")
        add(WEIGHTS)
        done = run("cache", "prune", "--unreferenced")
        assert other in done.stdout
        assert list(store.digests()) == [DIGEST]
        Path("cards/tests/1.9/broken.md").write_text("no front matter", encoding="utf-8")
        assert run("cache", "prune", "--unreferenced").exit_code != 0
        assert list(store.digests()) == [DIGEST]

    def test_prune_partials_but_not_those_being_written(self, store: BlobStore) -> None:
        add(b"kept")
        (store.incoming / f"{DIGEST}.part").write_bytes(b"left")
        (store.incoming / f"{DIGEST}.json").write_text("{}", encoding="utf-8")
        ours = store.incoming / f"{DIGEST}.{'0' * 12}.1.abcd.part"  # of another machine
        ours.write_bytes(b"being written")
        assert "1 file, 4 B removed" in run("cache", "prune", "--partials").stderr
        assert list(store.incoming.iterdir()) == [ours]
        os.utime(ours, (time.time() - 2 * 86400,) * 2)
        run("cache", "prune", "--partials")
        assert list(store.incoming.iterdir()) == []
        assert len(list(store.digests())) == 1

    def test_unreferenced_without_any_card_removes_nothing(self, store: BlobStore) -> None:
        digest = add(b"a")
        Path("empty").mkdir()
        done = run("cache", "prune", "--unreferenced", "--cards", "empty")
        assert "there is no card" in str(done.exception)
        assert store.path(digest).is_file()

    def test_unreferenced_keeps_what_a_cut_digest_may_mean(self, store: BlobStore) -> None:
        digest, other = add(b"a"), add(b"b")
        write_card(Path("cards"), "a", sha256=digest[:16])
        assert run("cache", "prune", "--unreferenced").exit_code == 0
        assert store.path(digest).is_file()
        assert not store.path(other).exists()

    def test_rm_takes_a_file_and_its_damaged_copy(self, store: BlobStore) -> None:
        digest = add(b"a")
        store.set_aside(digest)
        add(b"a")
        assert run("cache", "rm", digest).exit_code == 0
        assert list(items(store)) == []

    def test_a_time_that_no_calendar_has(self, store: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
        item = Item(Kind.BLOB, DIGEST, "file", 1, 4e11)
        monkeypatch.setattr("hubkit.cli.cache.items", lambda _store: [item])
        done = run("cache", "ls")
        assert (done.exit_code, "unknown" in done.stdout) == (0, True)

    def test_rm(self, store: BlobStore) -> None:
        digest = add(b"one")
        assert "would be removed" in run("cache", "rm", digest, "--dry-run").stderr
        assert run("cache", "rm", digest[:7]).exit_code == 2
        assert run("cache", "rm", "0" * 64).exit_code == 2
        assert run("cache", "rm", digest[:8].upper()).exit_code == 0
        assert list(store.digests()) == []

    def test_add_holds_the_file_against_what_was_expected(self, store: BlobStore) -> None:
        Path("file").write_bytes(WEIGHTS)
        wrong = run("cache", "add", "file", "--sha256", "0" * 64)
        assert wrong.exit_code != 0
        assert f"its SHA-256 is {DIGEST}" in str(wrong.exception)
        assert [path for path in store.root.rglob("*") if path.is_file()] == []
        done = run("cache", "add", "file", "--sha256", DIGEST)
        assert done.stdout == f"{DIGEST}: {store.path(DIGEST)}\n"
        assert Path("file").read_bytes() == WEIGHTS

    @pytest.mark.parametrize("words", [["--older-than", "soon"], ["--larger-than", "big"]])
    def test_amounts_that_are_not_understood(self, words: list[str]) -> None:
        done = run("cache", "prune", *words)
        assert done.exit_code == 2
        assert "write it like" in done.stderr


@pytest.mark.parametrize(
    ("mirrors", "words"),
    [
        ('"https://a/" = ["ftp://b/"]', "has 'ftp://b/'; a mirror begins with https://, http://, file:///"),
        ('"a/" = ["https://b/"]', "has 'a/', but cards name https only"),
        ('"https://a/" = ["https://b"]', "both or none must end with a slash"),
    ],
)
def test_settings_of_mirrors(tmp_path: Path, mirrors: str, words: str) -> None:
    from hubkit.errors import ConfigError
    from hubkit.settings import load_settings

    (tmp_path / "hubkit.toml").write_text(f"[mirrors]\n{mirrors}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert words in caught.value.message
    assert "hubkit.toml:2" in caught.value.message
