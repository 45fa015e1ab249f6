"""What earlier runs found out: believed as long as it is fresh and good, and all there is when offline."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hubkit.links import receipts
from hubkit.links.check import check
from hubkit.links.verdict import State, Verdict
from tests.links.server import Reply, link_host
from tests.links.test_check import OPTIONS, PLACE, html

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
FULL = Verdict(
    State.MOVED, NOW, 200, "has moved to https://b.example/", "https://b.example/", fragments={"a": True, "b": False}
)


def test_a_receipt_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = tmp_path / "below" / "links.json"
    verdicts = {"https://a.example/": FULL, "https://b.example/\u00e9": Verdict(State.DEAD, NOW, reason="is dead")}
    receipts.write(cache, verdicts)
    expected = {page: replace(verdict, from_cache=True) for page, verdict in verdicts.items()}
    assert receipts.read(cache, NOW, WEEK) == expected
    assert [path.name for path in cache.parent.iterdir()] == ["links.json"]


def test_a_receipt_tells_when_and_what() -> None:
    row = receipts._row(FULL)
    assert (row["checked"], row["status"], row["state"]) == ("2026-01-10T12:00:00+00:00", 200, "moved")


@pytest.mark.parametrize(("age", "known"), [(0, True), (7, True), (7.01, False), (-0.01, False)])
def test_receipts_have_an_age_limit(tmp_path: Path, age: float, known: bool) -> None:
    cache = tmp_path / "links.json"
    receipts.write(cache, {"https://a.example/": replace(FULL, checked=NOW - timedelta(days=age))})
    assert bool(receipts.read(cache, NOW, WEEK)) is known


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"version": 2, "links": {}}',
        '{"version": 1}',
        '{"version": 1, "links": []}',
        '{"version": 1, "links": {"a": 3}}',
        '{"version": 1, "links": {"a": {"state": "well", "checked": "2026-01-10T12:00:00+00:00"}}}',
        '{"version": 1, "links": {"a": {"state": "alive", "checked": "2026-01-10T12:00:00"}}}',
        '{"version": 1, "links": {"a": {"state": "alive", "checked": 3}}}',
        '{"version": 1, "links": {"a": {"state": "alive", "checked": "2026-01-10T12:00:00+00:00", "reason": 3}}}',
        '{"version": 1, "links": {"a": {"state": "alive", "checked": "2026-01-10T12:00:00+00:00", "fragments": 3}}}',
    ],
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    cache = tmp_path / "links.json"
    cache.write_text(text, encoding="utf-8")
    assert receipts.read(cache, NOW, WEEK) == {}


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = tmp_path / "links.json"
    receipts.write(cache, {"https://a.example/": FULL})
    before = cache.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        receipts.write(cache, {})
    assert cache.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["links.json"]


def test_good_news_is_believed_and_bad_news_is_looked_at_again(tmp_path: Path) -> None:
    cache = tmp_path / "links.json"
    script = {"/ok": Reply(), "/moved": Reply(301, {"Location": "/ok"}), "/gone": Reply(404), "/shy": Reply(403)}
    with link_host(script) as host:
        links = [host.url + path for path in script]
        first = check(links, OPTIONS, cache)
        host.hits.clear()
        second = check(links, OPTIONS, cache)
    assert {verdict.state for verdict in first.values()} == {
        State.ALIVE,
        State.MOVED,
        State.DEAD,
        State.UNCERTAIN,
    }
    assert {page: verdict.state for page, verdict in second.items()} == {
        page: verdict.state for page, verdict in first.items()
    }
    assert {path for _, path in host.hits} == {"/gone", "/shy"}
    assert [second[link].from_cache for link in links] == [True, True, False, False]


def test_a_fragment_that_is_new_is_looked_for(tmp_path: Path) -> None:
    cache = tmp_path / "links.json"
    with link_host({"/page": html(PLACE)}) as host:
        for fragment, hits in (("#install", 1), ("#install", 1), ("", 1), ("#other", 2), ("#other", 3)):
            verdict = check([f"{host.url}/page{fragment}"], OPTIONS, cache)[f"{host.url}/page"]
            assert (host.hits.total(), verdict.state) == (hits, State.ALIVE)


def test_offline_nothing_is_asked_for(tmp_path: Path) -> None:
    cache = tmp_path / "links.json"
    with link_host({"/ok": Reply(), "/gone": Reply(404)}) as host:
        known, dead, new = (f"{host.url}/{name}" for name in ("ok", "gone", "new"))
        check([known, dead], OPTIONS, cache)
        host.hits.clear()
        verdicts = check([known, dead, new], replace(OPTIONS, offline=True), cache)
        none = check([known], replace(OPTIONS, offline=True), None)
    assert host.hits.total() == 0
    assert [verdicts[link].state for link in (known, dead, new)] == [State.ALIVE, State.DEAD, State.SKIPPED]
    assert verdicts[new].reason == "was not checked: offline, and no earlier result is fresh enough"
    assert none[known].state is State.SKIPPED


def test_what_is_too_old_is_dropped_and_what_is_fresh_stays(tmp_path: Path) -> None:
    cache = tmp_path / "links.json"
    now = datetime.now(UTC)
    old, fresh = replace(FULL, checked=now - timedelta(days=8)), replace(FULL, checked=now - timedelta(days=6))
    receipts.write(cache, {"https://old.example/": old, "https://fresh.example/": fresh})
    with link_host({"/ok": Reply()}) as host:
        check([f"{host.url}/ok"], OPTIONS, cache)
    assert set(json.loads(cache.read_text())["links"]) == {"https://fresh.example/", f"{host.url}/ok"}


def test_what_was_found_out_before_an_interruption_is_kept(tmp_path: Path) -> None:
    cache = tmp_path / "links.json"

    def interrupt(done: int, total: int) -> None:
        if done == total - 1:
            raise KeyboardInterrupt

    with link_host({f"/{number}": Reply() for number in range(5)}) as host, pytest.raises(KeyboardInterrupt):
        check([f"{host.url}/{number}" for number in range(5)], OPTIONS, cache, progress=interrupt)
    assert len(json.loads(cache.read_text())["links"]) == 4
