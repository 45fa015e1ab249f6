"""Bringing the search up to date gives what all cards give."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hubkit.site.folder import SiteFolder
from hubkit.site.record import read_record, write_record
from hubkit.site.search import SEARCH, SEARCH_CARDS, SEARCH_WORDS, SearchKeys, search_files
from hubkit.site.search_amending import Amended, amend_search
from hubkit.site.search_cards import search_data
from hubkit.site.search_tables import SearchCard

Families = dict[str, list[SearchCard]]


def a_card(key: str, rng: random.Random) -> SearchCard:
    words = rng.sample([f"w{number}" for number in range(12)], rng.randint(0, 6))
    facets = tuple((rng.choice("abc"),) for _ in range(8))
    page = f"models/lab/{rng.randrange(4)}/{key}.html"
    return SearchCard(page, key, key, rng.choice(["A", "B"]), "2024-01-02", (), facets, " ".join(words))


def part(families: Families, changed: set[str]) -> tuple[dict[str, int], Families]:
    """All families with their sizes, and those that may have changed."""
    return {key: len(cards) for key, cards in families.items()}, {key: families[key] for key in changed & {*families}}


def files(folder: SiteFolder) -> list[Path]:
    return [path for path in folder.root.rglob("*") if path.is_file()]


def publish(folder: SiteFolder, found: dict[str, bytes | None]) -> None:
    """Bring the site's files up to date, as a build does."""
    for path in files(folder) if found else []:
        if path.relative_to(folder.root).as_posix() not in found:
            path.unlink()
    for name, content in found.items():
        if content is not None:
            (folder.root / name).parent.mkdir(parents=True, exist_ok=True)
            (folder.root / name).write_bytes(content)


def written(root: Path, families: Families) -> SiteFolder:
    """The site and the records of a build of these."""
    folder = SiteFolder(root / "site")
    folder.root.mkdir()
    folder.work.mkdir()
    data = search_data(families.values())
    publish(folder, dict(search_files(data)))
    write_record(folder.work / SEARCH_WORDS, "0", data.index)
    write_record(folder.work / SEARCH_CARDS, "0", data.cards)
    return folder


def some_cards(key: str, rng: random.Random) -> list[SearchCard]:
    return [a_card(key, rng) for _ in range(rng.randint(1, 4))]


def edited(families: Families, rng: random.Random) -> tuple[Families, set[str]]:
    """The families with some of them changed, gone or new, in order, and the keys of those."""
    keys = {f"k{rng.randrange(40):02}" for _ in range(rng.randint(1, 4))}
    now = dict(families)
    for key in keys:
        if key in now and rng.random() < 0.4:
            del now[key]
        else:
            now[key] = some_cards(key, rng)
    return dict(sorted(now.items())), keys


@pytest.mark.parametrize("seed", range(20))
def test_what_is_amended_is_what_all_cards_give(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    families = {key: some_cards(key, rng) for key in sorted({f"k{rng.randrange(40):02}" for _ in range(20)})}
    folder = written(tmp_path, families)
    keys = SearchKeys("0", "0")
    for number in range(1, 11):
        before = families
        families, changed = edited(before, rng)
        found = amend_search(folder, keys, str(number), *(part(each, changed) for each in (before, families)))
        assert found
        keys = found.keys
        data = search_data(families.values())
        assert read_record(folder.work / SEARCH_WORDS, keys.words) == data.index
        assert read_record(folder.work / SEARCH_CARDS, keys.cards) == data.cards
        expected = search_files(data)
        publish(folder, found.files)
        assert {path.relative_to(folder.root).as_posix(): path.read_bytes() for path in files(folder)} == expected


def test_where_nothing_changed_nothing_is_made(tmp_path: Path) -> None:
    rng = random.Random(1)
    families = {key: some_cards(key, rng) for key in ("a", "b")}
    folder = written(tmp_path, families)
    found = amend_search(folder, SearchKeys("0", "0"), "1", part(families, {"a"}), part(families, {"a"}))
    assert found == Amended({}, SearchKeys("0", "0"))


@pytest.mark.parametrize("name", [SEARCH, SEARCH_WORDS, SEARCH_CARDS])
@pytest.mark.parametrize("content", [None, b"nonsense"])
def test_what_is_lost_or_damaged_is_told(tmp_path: Path, name: str, content: bytes | None) -> None:
    rng = random.Random(1)
    families = {key: some_cards(key, rng) for key in ("a", "b")}
    folder = written(tmp_path, families)
    path = (folder.root if name == SEARCH else folder.work) / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    after = {"a": [card._replace(title="Other", words="other") for card in families["a"]], "b": families["b"]}
    assert amend_search(folder, SearchKeys("0", "0"), "1", part(families, {"a"}), part(after, {"a"})) is None
