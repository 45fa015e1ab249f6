"""What a run remembers: never more than what still holds. And many processes find the same as one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from hubkit.lint import engine
from hubkit.lint.cache import Cache, fingerprint
from hubkit.lint.cache_folder import write_record
from hubkit.lint.diagnostic import Report
from hubkit.lint.engine import lint
from hubkit.lint.selection import choose
from hubkit.settings import Settings
from tests.hubs import write_card

HUB = Settings(known_hosts=("127.0.0.1", "gitee.com"))


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    for number in range(4):
        write_card(tmp_path / "cards", f"net{number}")
    spoil(tmp_path / "cards" / "tests" / "1.9" / "net1_data.md")
    return tmp_path / "cards"


def spoil(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("Apache-2.0", "Apache2.0"), encoding="utf-8")


def run(cards: Path, hub: Settings = HUB) -> tuple[Report, list[str]]:
    """The report of a run with the cache, and the cards that it parsed."""
    parsed: list[str] = []
    parse = engine.read_document

    def counting(path: Path, **options: object) -> object:
        parsed.append(path.name)
        return parse(path)

    engine.read_document = counting  # type: ignore[assignment]
    try:
        report = lint([cards], hub, cache=Cache(cards.parent / "cache", fingerprint(hub, choose(hub))))
    finally:
        engine.read_document = parse
    return report, parsed


def test_the_second_run_reads_nothing_and_says_the_same(cards: Path) -> None:
    first, parsed = run(cards)
    assert len(parsed) == 4
    second, parsed = run(cards)
    assert (second, parsed) == (first, [])
    assert second == lint([cards], HUB)


def test_a_changed_card_is_read_again_and_no_other(cards: Path) -> None:
    run(cards)
    spoil(cards / "tests" / "1.9" / "net2_data.md")
    report, parsed = run(cards)
    assert parsed == ["net2_data.md"]
    assert report == lint([cards], HUB)


def test_a_change_that_keeps_size_and_time_is_seen_by_the_new_file(cards: Path) -> None:
    run(cards)
    path = cards / "tests" / "1.9" / "net1_data.md"
    stat = path.stat()
    beside = path.with_suffix(".new")
    beside.write_text(path.read_text(encoding="utf-8").replace("Apache2.0", "Apache9.9"), encoding="utf-8")
    os.utime(beside, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    beside.replace(path)
    report, parsed = run(cards)
    assert parsed == ["net1_data.md"]
    assert any("Apache9.9" in found.message for found in report.diagnostics)


def test_removed_and_added_cards(cards: Path) -> None:
    run(cards)
    (cards / "tests" / "1.9" / "net1_data.md").unlink()
    write_card(cards, "net9")
    report, parsed = run(cards)
    assert parsed == ["net9_data.md"]
    assert report == lint([cards], HUB)


def test_other_settings_know_nothing_of_it(cards: Path) -> None:
    run(cards)
    _, parsed = run(cards, Settings(known_hosts=("elsewhere.example",)))
    assert len(parsed) == 4


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"key": "other"}', "\udcff", '{"key": KEY, "record": 3}', "[" * 9999]
)
def test_a_damaged_cache_is_as_good_as_none(cards: Path, content: str) -> None:
    first, _ = run(cards)
    key = json.dumps(fingerprint(HUB, choose(HUB)))
    damaged = content.replace("KEY", key).encode("utf-8", "surrogateescape")
    (cards.parent / "cache" / "cards.json").write_bytes(damaged)
    spoil(cards / "tests" / "1.9" / "net3_data.md")
    second, _ = run(cards)
    assert len(second.diagnostics) == len(first.diagnostics) + 1


@pytest.mark.parametrize("part", range(5))
@pytest.mark.parametrize("value", [None, 3, "x", [3], [[3, 4]]])
def test_a_damaged_row_is_as_good_as_none(cards: Path, part: int, value: object) -> None:
    first, _ = run(cards)
    file = cards.parent / "cache" / "cards.json"
    data = json.loads(file.read_bytes().partition(b"\n")[2])
    row = data["record"][str(cards / "tests" / "1.9" / "net1_data.md")]
    row[part] = value
    write_record(file, data["key"], data["record"])
    assert len(run(cards)[0].diagnostics) == len(first.diagnostics)


def test_a_damaged_finding_is_as_good_as_none(cards: Path) -> None:
    spoil(cards / "tests" / "1.9" / "net3_data.md")
    first, _ = run(cards)
    file = cards.parent / "cache" / "cards.json"
    digest, _, text = file.read_bytes().partition(b"\n")
    data = json.loads(text)
    for row in data["record"].values():
        for finding in row[2]:
            finding[1] = None  # its line
    file.write_bytes(digest + b"\n" + json.dumps(data).encode())
    assert run(cards)[0] == first


def test_a_cache_that_cannot_be_written_stops_nothing(cards: Path) -> None:
    (cards.parent / "cache").write_text("a file in its place", encoding="utf-8")
    assert run(cards)[0] == lint([cards], HUB)


def test_it_stays_out_of_version_control(cards: Path) -> None:
    run(cards)
    assert "*" in (cards.parent / "cache" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert json.loads((cards.parent / "cache" / "cards.json").read_bytes().partition(b"\n")[2])["record"]


def test_two_processes_find_the_same_in_the_same_order(tmp_path: Path) -> None:
    for number in range(330):
        write_card(tmp_path / "cards", f"net{number}")
        if number % 7 == 0:
            spoil(tmp_path / "cards" / "tests" / "1.9" / f"net{number}_data.md")
    one = lint([tmp_path / "cards"], HUB, jobs=1)
    two = lint([tmp_path / "cards"], HUB, jobs=2)
    assert one == two
    assert sum(found.rule == "license-spdx" for found in one.diagnostics) == 48
