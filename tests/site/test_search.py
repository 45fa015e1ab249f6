from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from hubkit.site import search
from hubkit.site.search_cards import search_data
from hubkit.site.search_tables import SearchCard
from tests.site.examples import U2NET, Hub


def card(page: str = "models/a/1.9/net.html", **fields: Any) -> SearchCard:
    values: dict[str, Any] = {
        "title": "Net",
        "name": "net",
        "author": "A team",
        "updated": "2023-02-17",
        "metrics": (("acc", "76.9"),),
        "facets": (("cv",), ("coco",), ("1.9",), ("verified",), ("ckpt",), (), ("MIT",), ("a",)),
        "words": "finds things",
    }
    return SearchCard(page=page, **{**values, **fields})


def search_files(families: Iterable[Sequence[SearchCard]]) -> dict[str, bytes]:
    return search.search_files(search_data(families))


def parsed(files: dict[str, bytes]) -> dict[str, Any]:
    index: dict[str, Any] = json.loads(files["search.json"])
    return index


def test_the_index_of_a_family() -> None:
    newer = card("models/a/1.10/net.html", metrics=())
    index = parsed(search_files([[newer, card()]]))
    assert index["families"] == [
        ["Net", "net", 0, "models/a/1.", "/net.html", [["10", 0, 0, "2023-02-17"], ["9", 0, 1, "2023-02-17"]]]
    ]
    assert index["metrics"] == [[], [["acc", "76.9"]]]
    assert index["authors"] == ["A team"]
    assert index["profiles"] == [[[0], [0], [0], [0], [0], [], [0], [0]]]
    assert index["facets"]["version"] == ["1.9"]


def test_prefix_and_suffix_do_not_overlap() -> None:
    pages = ["models/aa.html", "models/aaa.html"]
    (family,) = parsed(search_files([[card(page) for page in pages]]))["families"]
    _, _, _, prefix, suffix, cards = family
    assert [prefix + each[0] + suffix for each in cards] == pages


def test_the_words_lie_in_parts_in_order() -> None:
    members = [card(f"models/{number}.html", words=" ".join(f"w{number}x{each}" for each in range(90)))
               for number in range(90)]  # fmt: skip
    files = search_files([[each] for each in members])
    parts = parsed(files)["parts"]
    assert len(parts) > 1
    assert [path for _, path in parts] == [path for path in files if path != "search.json"]
    found = [json.loads(files[path]) for _, path in parts]
    assert [first for first, _ in parts] == [next(iter(each)) for each in found]
    every = [word for each in found for word in each]
    assert every == sorted(every)
    assert len(every) == 90 * 90
    assert all(len(content) < 60_000 for path, content in files.items() if path != "search.json")


def test_places_are_written_as_distances() -> None:
    words = ["net", "net", "other", "net"]
    files = search_files([[card(f"models/{index}.html", words=each)] for index, each in enumerate(words)])
    ((_, path),) = parsed(files)["parts"]
    assert json.loads(files[path]) == {"net": [0, 0, 1], "other": [2]}


def test_a_word_of_one_version_names_the_card() -> None:
    old, new = card("models/b.html", words="old"), card("models/c.html", words="new")
    files = search_files([[card("models/a.html", words="net")], [old, new]])
    ((_, path),) = parsed(files)["parts"]
    assert json.loads(files[path]) == {"net": [0], "new": [[], [2]], "old": [[], [1]]}


def test_no_cards_no_parts() -> None:
    files = search_files([])
    assert list(files) == ["search.json"]
    assert parsed(files)["families"] == []


def test_a_translation_is_found_with_its_original(hub: Hub) -> None:
    hub.add(U2NET)
    hub.add(f"{U2NET}_cn", body="显著性目标检测")
    hub.build()
    index = json.loads((hub.site / "search.json").read_text())
    assert [family[1] for family in index["families"]] == ["u2net_dutstr"]
    words = {word for _, path in index["parts"] for word in json.loads((hub.site / path).read_text())}
    assert {"目标", "检测", "pictures"} <= words


def test_a_hostile_text_stays_text(hub: Hub) -> None:
    hub.add(U2NET, title="</script><b>\u202e", body="\ud7ff x")
    hub.build()
    text = (hub.site / "search.json").read_text()
    assert json.loads(text)["families"][0][0] == "</script><b>\ufffd"


def test_the_same_cards_give_the_same_bytes(hub: Hub) -> None:
    for version in ("1.8", "1.9"):
        hub.add(f"mindspore/{version}/u2net_dutstr", body=f"Version {version} 目标检测")
    hub.build()
    before = {path: path.read_bytes() for path in hub.site.rglob("search*/*")} | {
        hub.site / "search.json": (hub.site / "search.json").read_bytes()
    }
    for path in before:
        path.unlink()
    hub.build()
    assert {path: path.read_bytes() for path in before} == before
