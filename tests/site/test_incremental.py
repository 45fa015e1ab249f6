"""Builds that follow each other, that run in many processes, and that are killed or watched."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hubkit.errors import SiteError
from hubkit.site import workers
from hubkit.site.build import build_site
from hubkit.site.folder import FOLDERS, MANIFEST, SPARE
from hubkit.site.known import CARDS, KNOWN
from hubkit.site.outlines import OUTLINES
from hubkit.site.record import read_record, write_record
from hubkit.site.search import SEARCH_CARDS, SEARCH_WORDS
from hubkit.site.state import STATE
from hubkit.site.workers import aside, spread
from tests.site.examples import U2NET, Hub, card_text, failed, passed, seeded

Files = dict[str, bytes]


def contents(root: Path) -> Files:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def times(root: Path) -> dict[str, tuple[int, int]]:
    return {
        path.relative_to(root).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in root.rglob("*")
        if path.is_file()
    }


def clean_build(hub: Hub, place: Path) -> Files:
    shutil.rmtree(place, ignore_errors=True)
    build_site(hub.cards, place / "site", receipts_dir=hub.out / "receipts", models_dir=hub.out / "models", jobs=1)
    return contents(place / "site")


def fill(hub: Hub, cards: int) -> None:
    for number in range(cards):
        for version in ("1.9", "1.10"):
            hub.add(f"lab/{version}/m{number}", body=f"## About {number}\n\nText of {version}.\n")


RECORDS = (STATE, CARDS, KNOWN, OUTLINES, SEARCH_WORDS, SEARCH_CARDS, FOLDERS)
EDITS: dict[str, Callable[[Hub, random.Random], None]] = {
    "body": lambda hub, rng: hub.add(a_card(hub, rng), body=f"Another text {rng.random()}.\n") and None,
    "title": lambda hub, rng: hub.add(a_card(hub, rng), title=f"Title {rng.random()}") and None,
    "task": lambda hub, rng: hub.add(a_card(hub, rng), task=rng.choice(["cv", "nlp", "cv-pose"])) and None,
    "new": lambda hub, rng: hub.add(f"lab/1.{rng.randrange(12)}/n{rng.randrange(4)}") and None,
    "translation": lambda hub, rng: hub.add(f"{a_card(hub, rng)}_cn", body=f"Text {rng.random()}\n") and None,
    "gone": lambda hub, rng: (hub.cards / f"{a_card(hub, rng)}.md").unlink(),
    "bad": lambda hub, rng: hub.add(a_card(hub, rng), "---\na: [\n---\n") and None,
    "verified": lambda hub, rng: hub.verify(rng.choice([passed, failed, seeded])(a_card(hub, rng))) and None,
    "model gone": lambda hub, rng: next((hub.out / "models").rglob("*.onnx"), hub.out / "none").unlink(missing_ok=True),
    "page damaged": lambda hub, rng: rng.choice(sorted(hub.site.rglob("*.html"))).write_text("damaged"),
    "page gone": lambda hub, rng: rng.choice(sorted(hub.site.rglob("*.html"))).unlink(),
    "record gone": lambda hub, rng: (hub.out / ".site.hubkit" / rng.choice(RECORDS)).unlink(missing_ok=True),
}


def a_card(hub: Hub, rng: random.Random) -> str:
    path = rng.choice(sorted(hub.cards.rglob("*.md")))
    return path.relative_to(hub.cards).with_suffix("").as_posix()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_edited_an_incremental_build_is_a_clean_one(hub: Hub, tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    fill(hub, 3)
    hub.verify(passed("lab/1.9/m0"))
    hub.build()
    for _ in range(8):
        names = [rng.choice(sorted(EDITS)) for _ in range(rng.randint(1, 3))]
        for name in names:
            EDITS[name](hub, rng)
        hub.build()
        assert contents(hub.site) == clean_build(hub, tmp_path / "clean"), names


@pytest.mark.parametrize("jobs", [2, 5])
def test_the_number_of_processes_changes_no_byte(built: Hub, tmp_path: Path, jobs: int) -> None:
    build_site(
        built.cards, tmp_path / "site", receipts_dir=built.out / "receipts", models_dir=built.out / "models", jobs=jobs
    )
    assert contents(tmp_path / "site") == contents(built.site)


def test_templates_that_are_compiled_anew_change_no_byte(built: Hub, tmp_path: Path) -> None:
    models = built.out / "models"
    build_site(built.cards, tmp_path / "site", receipts_dir=built.out / "receipts", models_dir=models, cache_dir=None)
    assert contents(tmp_path / "site") == contents(built.site)


def test_what_did_not_change_is_the_same_file(hub: Hub) -> None:
    fill(hub, 3)
    hub.build()
    before = times(hub.site)
    hub.add("lab/1.9/m1", body="Another text.\n")
    result = hub.build()
    after = times(hub.site)
    changed = {path for path in after if after[path] != before.get(path)}
    assert {path for path in changed if path.endswith(".html")} == {
        "models/lab/1.9/m1.html",
        "zh/models/lab/1.9/m1.html",
    }
    assert result.written == len(changed - {MANIFEST})


def test_a_changed_setting_makes_every_page_anew(hub: Hub) -> None:
    hub.add(U2NET)
    hub.build()
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://hub.example/")
    assert "https://hub.example/" in hub.page(U2NET)


def test_records_beside_the_site_may_be_damaged_or_forged(hub: Hub, tmp_path: Path) -> None:
    hub.add(U2NET)
    hub.build()
    whole = contents(hub.site)
    for name in RECORDS:
        (hub.out / ".site.hubkit" / name).write_bytes(b"\x80\x04nonsense")
    hub.add("lab/1.9/other")
    hub.build()
    (hub.cards / "lab/1.9/other.md").unlink()
    hub.build()
    assert contents(hub.site) == whole


class Evil:
    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("touch /tmp/hubkit-was-here",)


@pytest.mark.parametrize("data", [Evil(), {"a": [Evil()]}, Path("x"), (len, "abc")])
def test_a_record_holds_only_plain_data(tmp_path: Path, data: object) -> None:
    write_record(tmp_path / "record", "key", data)
    assert (tmp_path / "record").is_file()
    assert read_record(tmp_path / "record", "key") is None


def test_a_record_is_good_under_its_key_alone(tmp_path: Path) -> None:
    write_record(tmp_path / "record", "key", {"a": (1, "b")})
    assert read_record(tmp_path / "record", "key") == {"a": (1, "b")}
    assert read_record(tmp_path / "record", "other") is None
    assert read_record(tmp_path / "none", "key") is None


BUILD = (
    "import sys\nfrom pathlib import Path\nfrom hubkit.site.build import build_site\n"
    "build_site(Path(sys.argv[1]), Path(sys.argv[2]), receipts_dir=None, base_url=sys.argv[3])\n"
)


def start_build(hub: Hub, project: Path, base_url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, hub.cards, hub.site, base_url],
        env={**os.environ, "PYTHONPATH": str(project)},
    )


def test_a_build_that_is_killed_leaves_the_old_site_whole(hub: Hub, project_dir: Path) -> None:
    """Killed at many moments, among them that of the exchange: the site is the old one or the new one."""
    fill(hub, 15)
    sites: list[Files] = []
    for name in ("old", "new"):
        build_site(hub.cards, hub.site, receipts_dir=None, base_url=f"https://{name}.example/")
        sites.append(contents(hub.site))
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://old.example/")
    killed = 0
    for attempt in range(8):
        process = start_build(hub, project_dir, "https://new.example/")
        work = hub.out / ".site.hubkit" / "next"
        # Half of them while files are written, half about when the folders are exchanged.
        while process.poll() is None and not (work / (MANIFEST if attempt % 2 else "models")).exists():
            time.sleep(0.0005)
        time.sleep(0.002 * (attempt // 2))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert contents(hub.site) in sites
        build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://old.example/")
        assert contents(hub.site) == sites[0]
    assert killed >= 3
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://old.example/")
    left = {path.name for path in (hub.out / ".site.hubkit").iterdir()}
    # A killed build forgot how the folders were; the next one that has something to do finds out, and leaves a spare.
    assert left - {FOLDERS, SPARE} == {CARDS, KNOWN, OUTLINES, "lock", SEARCH_WORDS, SEARCH_CARDS, STATE}
    assert FOLDERS in left or SPARE not in left


def test_a_reader_never_sees_half_a_site(hub: Hub, project_dir: Path) -> None:
    """A reader that opens the site's folder once finds pages of one build alone, while others follow each other."""
    fill(hub, 20)
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://a.example/")
    pages = sorted(
        path.relative_to(hub.site).as_posix() for path in hub.site.rglob("*.html") if path.name != "404.html"
    )
    mixed: list[set[bytes]] = []
    missing: list[str] = []
    rounds = 0
    done = threading.Event()

    def read() -> None:
        nonlocal rounds
        while not done.is_set():
            try:
                root = os.open(hub.site, os.O_RDONLY)
            except FileNotFoundError:
                missing.append("the site")
                continue
            found = set()
            try:
                for page in pages:
                    with os.fdopen(os.open(page, os.O_RDONLY, dir_fd=root), "rb") as stream:
                        found |= set(re.findall(rb'rel="canonical" href="https://(\w+)\.example', stream.read()))
            except FileNotFoundError:
                pass  # the old state, which this reader held on to, is being removed
            finally:
                os.close(root)
            rounds += 1
            if len(found) > 1:
                mixed.append(found)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(4):
            assert start_build(hub, project_dir, f"https://{'ba'[number % 2]}.example/").wait() == 0
    finally:
        done.set()
        reader.join()
    assert (mixed, missing) == ([], [])
    assert rounds > 10


def test_two_builds_of_one_site_wait_for_each_other(hub: Hub, project_dir: Path) -> None:
    fill(hub, 20)
    builds = [start_build(hub, project_dir, f"https://{name}.example/") for name in ("a", "b", "c")]
    assert [build.wait() for build in builds] == [0, 0, 0]
    found = set(re.findall(r'canonical" href="https://(\w+)\.', "".join(map(bytes.decode, pages_of(hub)))))
    assert len(found) == 1


def pages_of(hub: Hub) -> list[bytes]:
    return [path.read_bytes() for path in hub.site.rglob("index.html")]


def test_work_is_spread_in_order() -> None:
    assert spread(lambda item: item * 2, range(100), 3) == [item * 2 for item in range(100)]
    assert spread(lambda item: item, [], 3) == []
    assert len(set(spread(lambda item: (time.sleep(0.01), os.getpid())[1], range(40), 2))) == 2


def test_an_error_of_a_process_is_raised() -> None:
    def fails(item: int) -> int:
        time.sleep(0.01)
        if os.getpid() != parent:
            raise SiteError("a template is wrong", hint="Mend it.")
        return item

    parent = os.getpid()
    with pytest.raises(SiteError, match="a template is wrong") as caught:
        spread(fails, range(20), 2)
    assert caught.value.hint == "Mend it."


def test_a_process_that_is_killed_is_an_error() -> None:
    def dies(item: int) -> int:
        time.sleep(0.01)
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    parent = os.getpid()
    with pytest.raises(SiteError, match=r"ended before its time \(signal 9\)"):
        spread(dies, range(20), 2)


def test_what_is_done_aside_gives_its_answer_within_and_after() -> None:
    parent = os.getpid()
    with aside(lambda: (time.sleep(0.01), os.getpid())[1], 2) as found:
        assert found() != parent
    assert found() != parent


def test_what_is_done_aside_is_waited_for_where_nobody_asks() -> None:
    with pytest.raises(SiteError, match="no cards"), aside(lambda: time.sleep(0.01), 2):
        raise SiteError("there are no cards")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_process_aside_that_is_killed_is_an_error() -> None:
    parent = os.getpid()
    with (
        pytest.raises(SiteError, match=r"ended before its time \(signal 9\)"),
        aside(lambda: os.getpid() == parent or os.kill(os.getpid(), signal.SIGKILL), 2) as found,
    ):
        found()


def test_beside_threads_nothing_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers.threading, "active_count", lambda: 2)
    assert set(spread(lambda item: (time.sleep(0.01), os.getpid())[1], range(10), 2)) == {os.getpid()}
    with aside(os.getpid, 2) as found:
        assert found() == os.getpid()


def test_the_list_of_files_is_in_order(built: Hub) -> None:
    files = json.loads((built.site / MANIFEST).read_text(encoding="utf-8"))["files"]
    assert list(files) == sorted(files)
    assert set(files) == set(contents(built.site)) - {MANIFEST}


def test_a_card_that_takes_the_place_of_the_newest(hub: Hub, tmp_path: Path) -> None:
    """The pages of the versions link to the newest at its own path then, and back."""
    for uid in ("lab/1.9/m", "lab/2.0/m"):
        hub.add(uid)
    hub.build()
    latest = hub.cards / "lab/latest/m.md"
    for change in (lambda: hub.add("lab/latest/m"), latest.unlink):
        change()
        hub.build()
        assert contents(hub.site) == clean_build(hub, tmp_path / "clean")


@pytest.mark.parametrize("before", [None, b"not the file of the receipt"])
def test_a_model_that_comes_late_is_published_where_nothing_else_changed(
    hub: Hub, tmp_path: Path, before: bytes | None
) -> None:
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    model = next((hub.out / "models").rglob("*.onnx"))
    content = model.read_bytes()
    model.unlink()
    if before:
        model.write_bytes(before)
    time.sleep(0.1)  # a card or a receipt that was changed just now is read again by the next build
    assert len(hub.build().problems) == 1
    assert hub.build().written == 0
    model.write_bytes(content)
    assert hub.build().problems == ()
    assert contents(hub.site) == clean_build(hub, tmp_path / "clean")


def test_a_card_that_changes_within_a_tick_is_seen(hub: Hub) -> None:
    path = hub.add("a/1.9/one", card_text("a/1.9/one", body="one\n"))
    hub.build()
    stat = path.stat()
    path.write_text(card_text("a/1.9/one", body="two\n"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    hub.build()
    assert "two" in hub.page("a/1.9/one")
