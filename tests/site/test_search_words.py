from __future__ import annotations

import random

import pytest

from hubkit.site import search_words
from hubkit.site.search_words import amend, postings, word_index, words


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


@pytest.mark.parametrize("seed", range(20))
def test_an_index_that_is_amended_is_the_one_of_the_new_words(seed: int) -> None:
    rng = random.Random(seed)

    def some_words() -> str:
        return " ".join(rng.sample([f"w{number}" for number in range(12)], rng.randint(0, 6)))

    families = [[some_words() for _ in range(rng.randint(1, 4))] for _ in range(25)]
    index = word_index(families)
    for _ in range(10):
        number = rng.randrange(len(families))
        before = families[number]
        families[number] = [rng.choice([text, some_words()]) for text in before]
        amend(index, number, sum(map(len, families[:number])), before, families[number])
        assert index == word_index(families)
        assert postings(index) == postings(word_index(families))
