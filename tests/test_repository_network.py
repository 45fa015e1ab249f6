"""From a card to code that may run, or must not. A stand-in plays the worker; tests/convert runs the real one."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hubkit import verification
from hubkit.card.model import load_card
from hubkit.cli import cli
from hubkit.client.lockfile import read_lock
from hubkit.client.model import CodeCommit
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.records import ConvertJob, ConvertResult
from hubkit.receipts import Receipt, Repository, Status, Step, read_receipt, receipt_path
from hubkit.repos.checkout import CloneOptions
from hubkit.repos.trust import Trust
from hubkit.repository_network import CodeOptions
from hubkit.store.blobs import BlobStore
from hubkit.store.digest import DigestCache, sha256_file
from hubkit.store.fetch import FetchOptions
from hubkit.verification import VerifyOptions, verify
from tests.hubs import write_card
from tests.repos.networks import ENTRY, FILES, INPUTS, LINK, NET
from tests.repos.repositories import commit, make_repository
from tests.test_verification import passed, statuses

MODELS = "https://git.example/owner/models"
BLOCK = f"{{repo: net, arguments: {{width: 6}}, {INPUTS}}}"
SKIPPED = {"mindir": "skipped", "onnx": "skipped", "smoke": "skipped"}
FAILED = {"mindir": "failed", "onnx": "skipped", "smoke": "skipped"}
PASSED = {"mindir": "passed", "onnx": "passed", "smoke": "passed"}


class Bench:
    """A card whose network is made by the code of a repository, and a worker that counts its jobs."""

    def __init__(self, folder: Path) -> None:
        self.cards = folder / "cards"
        self.out = folder / "out"
        self.store = folder / "store"
        self.repository = folder / "git" / "owner" / "models"
        self.mirrors = {"https://git.example/": (f"file://{folder}/git/",)}
        self.commit = make_repository(self.repository, FILES)
        self.jobs: list[ConvertJob] = []
        self.said: list[str] = []
        self.answer: Callable[[ConvertJob], ConvertResult] = passed

    def run(self, job: ConvertJob, **_: Any) -> ConvertResult:
        self.jobs.append(job)
        self.said.append("(it runs)")
        return self.answer(job)

    def card(self, block: str = BLOCK, link: str = LINK) -> str:
        uid = write_card(self.cards, "some-net", network=block)
        path = self.cards / f"{uid}.md"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("https://gitee.com/mindspore/models/tree/r1.9/research/cv/some-net", link))
        return uid

    def verify(self, uid: str, trust: Trust | None = None, **changes: Any) -> Receipt:
        path = self.cards / f"{uid}.md"
        clone = CloneOptions(self.store, mirrors=self.mirrors, offline=changes.pop("offline", False))
        options = VerifyOptions(
            out=self.out,
            store=BlobStore(self.store),
            fetch=FetchOptions(),
            formats=("mindir", "onnx"),
            seed=0,
            strict=False,
            code=CodeOptions(clone, trust or Trust(flag=True), renew=changes.pop("renew", False)),
        )
        return verify(
            load_card(path, self.cards),
            sha256_file(path),
            Step("lint", Status.PASSED),
            replace(options, **changes),
            DigestCache(self.out / ".digests.json"),
            self.said.append,
            threading.Event(),
        )


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    found = Bench(tmp_path)
    monkeypatch.setattr(verification, "run", found.run)
    return found


def steps(receipt: Receipt) -> dict[str, str]:
    return {name: status for name, status in statuses(receipt).items() if name in SKIPPED}


def test_code_that_is_not_trusted_is_neither_copied_nor_run(bench: Bench) -> None:
    receipt = bench.verify(bench.card(), Trust())
    assert steps(receipt) == SKIPPED
    reason = receipt.steps[-1].reason
    assert reason.startswith(
        f"the repository's code is not trusted: {MODELS} at commit {bench.commit}, folder official/net"
    )
    assert f'[trust]\n  "{MODELS}" = ["{bench.commit}"]' in reason
    assert "--trust-repo" in reason
    assert (bench.jobs, receipt.conversion) == ([], ConversionStatus.SKIPPED)
    assert receipt.repository == Repository(MODELS, bench.commit, "official/net", "", "")
    assert list(bench.store.rglob("mindspore_hub_conf.py")) == []


def test_what_passed_holds_on_where_the_code_is_not_trusted_again(bench: Bench) -> None:
    uid = bench.card()
    passed = bench.verify(uid)
    again = bench.verify(uid, Trust())
    assert steps(again) == PASSED
    assert (again, len(bench.jobs)) == (passed, 1)
    assert any("what passed before still holds: the repository's code is not trusted" in line for line in bench.said)


def test_what_passed_holds_no_longer_where_its_files_or_the_card_changed(bench: Bench) -> None:
    uid = bench.card()
    (model, *_) = bench.verify(uid).models
    (bench.out / model.path).write_bytes(b"other")
    assert steps(bench.verify(uid, Trust())) == SKIPPED
    bench.verify(uid)
    path = bench.cards / f"{uid}.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert steps(bench.verify(uid, Trust())) == SKIPPED


def test_trusted_code_is_shown_and_then_run(bench: Bench) -> None:
    receipt = bench.verify(bench.card())
    assert steps(receipt) == PASSED
    (job,) = bench.jobs
    assert (job.network, dict(job.kwargs), job.inputs[0].name) == ("net", {"width": 6}, "image")
    assert job.repository is not None
    assert (job.repository.path / "src" / "net.py").is_file()
    digest = sha256_file(bench.repository / "official/net/mindspore_hub_conf.py")
    shown = bench.said[bench.said.index("(it runs)") - 3 : bench.said.index("(it runs)")]
    assert shown == [
        f"running code of {MODELS} at commit {bench.commit}, which --trust-repo allows",
        f"  official/net/mindspore_hub_conf.py, SHA-256 {digest}",
        '  create_network("net", width=6)',
    ]
    assert receipt.repository == Repository(MODELS, bench.commit, "official/net", digest, "--trust-repo")
    assert receipt.network == "net"
    assert read_receipt(receipt_path(bench.out, receipt.uid)) == receipt


@pytest.mark.parametrize(("digits", "expected"), [("", PASSED), ("f" * 40, SKIPPED)])
def test_an_entry_of_the_settings_trusts_one_commit(bench: Bench, digits: str, expected: dict[str, str]) -> None:
    trust = Trust(entries={f"{MODELS}.git": (digits or bench.commit,)}, place="hubkit.toml:7")
    receipt = bench.verify(bench.card(), trust)
    assert steps(receipt) == expected
    assert receipt.repository is not None
    assert receipt.repository.trusted_by == ("" if digits else "hubkit.toml:7")


def test_the_commit_is_looked_up_once(bench: Bench) -> None:
    uid = bench.card()
    bench.verify(uid, Trust())
    commit(bench.repository, {"official/net/src/net.py": "raise SystemExit\n"})
    receipt = bench.verify(uid)
    assert receipt.repository is not None
    assert receipt.repository.commit == bench.commit
    assert bench.jobs[0].repository is not None
    assert "class Net" in (bench.jobs[0].repository.path / "src" / "net.py").read_text(encoding="utf-8")


def test_a_commit_that_is_used_on_is_said_with_its_age_and_renewed_where_it_is_wanted(bench: Bench) -> None:
    uid = bench.card()
    bench.verify(uid)
    assert not any("--renew-code" in line for line in bench.said)
    later = commit(bench.repository, {"official/net/src/net.py": NET + "# later\n"})
    (manifest,) = bench.store.rglob("manifest.json")
    week_ago = time.time() - 7.5 * 86400
    os.utime(manifest, (week_ago, week_ago))
    bench.verify(uid)
    (said,) = (line for line in bench.said if "--renew-code" in line)
    day = datetime.fromtimestamp(week_ago, UTC).date()
    assert said == (
        f"the card names r1.9 of {MODELS}; used is its commit {bench.commit[:12]}, copied on {day} (7 days ago); "
        "--renew-code looks the branch up again"
    )
    bench.said.clear()
    receipt = bench.verify(uid, renew=True)
    assert receipt.repository is not None
    assert (receipt.repository.commit, len(bench.jobs)) == (later, 2)
    assert not any("--renew-code" in line for line in bench.said)


def test_the_cards_commit_wins(bench: Bench) -> None:
    uid = bench.card()
    bench.verify(uid)
    later = commit(bench.repository, {"official/net/src/net.py": "# later\n"})
    bench.card(BLOCK.replace("repo: net", f"repo: net, commit: {later}"))
    receipt = bench.verify(uid)
    assert receipt.repository is not None
    assert receipt.repository.commit == later
    assert len(bench.jobs) == 2


def test_nothing_is_done_twice_and_nothing_is_announced(bench: Bench) -> None:
    uid = bench.card()
    first = bench.verify(uid)
    bench.said.clear()
    assert bench.verify(uid) == first
    assert len(bench.jobs) == 1
    assert not any("running code" in line for line in bench.said)


@pytest.mark.parametrize(
    ("block", "link", "words"),
    [
        (BLOCK.replace("net,", "nett,"), LINK, "has no network 'nett'\n  Did you mean net? It offers net, other."),
        (BLOCK, LINK.replace("official/net", "official"), "the folder has no mindspore_hub_conf.py"),
        (BLOCK, LINK.replace("r1.9", "r9"), "has no branch and no tag r9"),
        (BLOCK, LINK.replace("official/net", "research/net"), "has no folder research/net"),
        (BLOCK, "https://git.example/owner/models", "repo-link names no branch"),
        (BLOCK, "ssh://git@git.example/owner/models/tree/r1.9/official/net", "cannot be cloned"),
        (f"{{repo: net, builder: net, {INPUTS}}}", LINK, "network has builder and repo"),
    ],
)
def test_code_that_cannot_do_fails_the_card(bench: Bench, block: str, link: str, words: str) -> None:
    receipt = bench.verify(bench.card(block, link))
    assert steps(receipt) == FAILED
    assert words in receipt.steps[2].reason
    assert (bench.jobs, receipt.conversion) == ([], ConversionStatus.COULD_NOT_BUILD)


def test_an_entry_file_that_may_know_the_name_is_asked(bench: Bench) -> None:
    commit(
        bench.repository, {"official/net/mindspore_hub_conf.py": ENTRY.replace("raise", "return globals()[name]\n#")}
    )
    bench.verify(bench.card(BLOCK.replace("net,", "more,")))
    assert bench.jobs[0].network == "more"


@pytest.mark.parametrize(("strict", "expected"), [(False, SKIPPED), (True, FAILED)])
def test_a_repository_that_cannot_be_reached_is_no_verdict(
    bench: Bench, strict: bool, expected: dict[str, str]
) -> None:
    bench.mirrors = {"https://git.example/": ("file:///nowhere/",)}
    uid = bench.card()
    path = bench.cards / f"{uid}.md"
    path.write_text(path.read_text().split("asset:")[0] + "license: Apache-2.0\nnetwork: " + BLOCK + "\n---\n")
    receipt = bench.verify(uid, strict=strict)
    assert steps(receipt) == expected
    assert "git ls-remote failed" in receipt.steps[2].reason


def test_offline_a_copy_that_is_there_is_used(bench: Bench) -> None:
    uid = bench.card()
    assert steps(bench.verify(uid, offline=True)) == SKIPPED
    bench.verify(uid)
    bench.verify(uid, seed=1, offline=True)
    assert len(bench.jobs) == 2


# By the command line: what may say that code is trusted, and what may not.


@pytest.fixture
def started(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    monkeypatch.setenv("HUBKIT_CACHE", str(bench.store))
    monkeypatch.chdir(tmp_path)
    settings(bench)
    bench.card()
    return bench


def settings(bench: Bench, trust: str = "", folder: Path = Path()) -> None:
    mirror = bench.mirrors["https://git.example/"][0]
    (folder / "hubkit.toml").write_text(f'{trust}\n[mirrors]\n"https://git.example/" = ["{mirror}"]\n')


def convert(*arguments: str) -> str:
    return CliRunner().invoke(cli, ["convert", "tests/1.9/some-net_data", "--out", "out", *arguments]).output


def test_without_a_word_of_its_user_code_is_not_run(started: Bench) -> None:
    assert "the repository's code is not trusted" in convert()
    assert started.jobs == []


def test_the_flag_runs_it(started: Bench) -> None:
    output = convert("--trust-repo")
    assert f"running code of {MODELS} at commit {started.commit}, which --trust-repo allows" in output
    assert len(started.jobs) == 1


def test_an_entry_in_the_users_settings_runs_it(started: Bench) -> None:
    settings(started, f'[trust]\n"{MODELS}" = ["{started.commit}"]\n')
    assert "hubkit.toml:1 allows" in convert()
    assert len(started.jobs) == 1


def test_the_lock_file_holds_the_commit_and_convert_takes_it(started: Bench) -> None:
    convert("--trust-repo")
    locked = CliRunner().invoke(cli, ["lock", "tests/1.9/some-net_data", "--out", "out"], prog_name="hubkit")
    assert locked.exit_code == 0, locked.output
    file = read_lock(Path("hubkit.lock"))["tests/1.9/some-net_data"]
    assert file.code == CodeCommit(MODELS, started.commit, "official/net")
    commit(started.repository, {"official/net/src/net.py": "# later\n"})
    shutil.rmtree("out")
    assert f"at commit {started.commit}" in convert("--trust-repo")
    Path("hubkit.lock").unlink()
    shutil.rmtree("out")
    assert f"at commit {started.commit}" not in convert("--trust-repo")


def test_smoke_runs_no_code_that_is_not_trusted(started: Bench) -> None:
    convert("--trust-repo")
    done = CliRunner().invoke(cli, ["smoke", "tests/1.9/some-net_data", "--out", "out"], prog_name="hubkit")
    assert done.exit_code == 1
    assert done.output.startswith("skipped: the repository's code is not trusted")


def test_check_runs_no_code_that_is_not_trusted(started: Bench) -> None:
    assert "the repository's code is not trusted" in convert("--check")


@pytest.mark.parametrize("value", ["1", "true", "yes", MODELS])
def test_no_variable_of_the_environment_runs_it(started: Bench, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    for name in ("HUBKIT_TRUST_REPO", "HUBKIT_CONVERT_TRUST_REPO", "HUBKIT_TRUST", "TRUST_REPO", "CI", "HUBKIT_YES"):
        monkeypatch.setenv(name, value)
    assert "the repository's code is not trusted" in convert()
    assert started.jobs == []


def test_settings_beside_the_card_or_in_the_code_do_not_run_it(started: Bench) -> None:
    trust = f'[trust]\n"{MODELS}" = ["{started.commit}"]\n'
    settings(started, trust, started.cards)
    settings(started, trust, started.cards / "tests" / "1.9")
    settings(started, trust, started.repository / "official" / "net")
    assert "the repository's code is not trusted" in convert()
    copy = started.store / "repositories"
    copy.mkdir(parents=True, exist_ok=True)
    settings(started, trust, copy)
    os.chdir(copy)
    runner = CliRunner()
    cards, out = str(started.cards), str(started.out)
    done = runner.invoke(cli, ["convert", "tests/1.9/some-net_data", "--cards", cards, "--out", out])
    assert "the repository's code is not trusted" in done.output
    assert started.jobs == []
