from __future__ import annotations

import pytest

from hubkit.site import search_words
from hubkit.site.search_words import postings, put_in, renumber, take_out, word_index, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U2Net finds u2net", ["u2net", "finds"]),
        ("resnet50_imagenet2012", ["resnet50", "imagenet2012"]),
        ("MindSpore 1.10, or r1.9", ["mindspore", "1.10", "or", "r1"]),
        ("目标检测", ["目标", "标检", "检测", "测"]),
        ("用UNet检测", ["用", "unet", "检测", "测"]),
        ("ＵＮｅｔ", ["unet"]),
        ("café", ["café"]),
        ("a b 7", []),
        ("", []),
    ],
    ids=str,
)
def test_how_a_text_is_cut(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_long_lines_are_not_remembered() -> None:
    before = search_words._short_line_words.cache_info().currsize
    assert words("word " * 2000) == ["word"]
    assert search_words._short_line_words.cache_info().currsize == before


def test_a_text_counts_with_so_many_words_of_such_a_length() -> None:
    assert words("x" * 41) == []
    assert words("x" * 40) == ["x" * 40]
    assert len(words("\n".join(f"word{number}" for number in range(9000)))) == 4000


def test_a_word_of_all_versions_stands_once_for_the_family() -> None:
    found, common = postings(word_index([["net old", "net old", "net new"], ["net"]]))
    assert found == {"net": ([0, 1], []), "new": ([], [2]), "old": ([], [0, 1])}
    assert common == []


def test_a_word_of_most_families_is_left_out_where_there_are_many() -> None:
    few = [["the one"], ["the other"]]
    many = [[f"the model{number}"] for number in range(30)]
    assert postings(word_index(few))[1] == []
    found, common = postings(word_index(many))
    assert common == ["the"]
    assert "the" not in found
    assert len(found) == 30


def test_a_card_without_words_has_none() -> None:
    assert postings(word_index([["", ""]])) == ({}, [])


def test_a_family_that_is_taken_out_and_put_in_leaves_the_index_as_it_was() -> None:
    families = [["net old", "net"], ["old", "old"], ["net new"]]
    index = word_index(families)
    take_out(index, 1, 2, families[1])
    put_in(index, 1, 2, ["new", "old"])
    assert index == word_index([families[0], ["new", "old"], families[2]])
    assert index.counts == {"net": 2, "old": 2, "new": 2}


def test_families_and_cards_take_other_numbers() -> None:
    index = word_index([["net old", "net"], ["net new", "new"]])
    renumber(index, [3, 5], [4, 6, 7, 9])
    assert index.whole == {"net": [3], "new": [5]}
    assert index.partly == {"old": [4], "net": [7]}
