"""BibTeX: what a card says of its model and its publications, and that nothing in it can break the file."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubkit.card.model import Card, load_card
from hubkit.site.citation import bibtex
from tests.site.examples import card_text

ENTRY = re.compile(r"@(?P<kind>\w+)\{(?P<key>[^\s{},\"#%'()~\\]+),\n(?P<fields>(?:  \w+ = .*,\n)*)\}\n", re.ASCII)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    path = tmp_path / "mindspore/1.9/u2net_dutstr.md"
    path.parent.mkdir(parents=True)
    path.write_text(card_text("mindspore/1.9/u2net_dutstr"), encoding="utf-8")
    return load_card(path, tmp_path)


def entries(text: str) -> list[tuple[str, dict[str, str]]]:
    """Key -> fields of every entry; every character of the file is part of one."""
    found = []
    rest = text
    while rest:
        match = ENTRY.match(rest.lstrip("\n"))
        assert match, rest
        found.append((match["key"], dict(re.findall(r"  (\w+) = (.*),\n", match["fields"]))))
        rest = rest.lstrip("\n")[match.end() :]
    return found


def test_the_model_is_an_entry(card: Card) -> None:
    (key, fields), *_ = entries(bibtex(replace(card, body="")))
    assert key == "mindspore/1.9/u2net_dutstr"
    assert fields == {
        "title": r"{{u2net\_dutstr (trained on dutstr, MindSpore 1.9)}}",
        "author": "{{MindSpore team}}",
        "year": "{2023}",
        "month": "feb",
        "version": "{1.9}",
        "url": "{https://git.example/models/u2net}",
        "note": r"{Model card mindspore/1.9/u2net\_dutstr, licence Apache-2.0}",
    }


def test_its_page_is_its_url_where_that_is_known(card: Card) -> None:
    assert "url = {https://hub.example/a.html}" in bibtex(card, "https://hub.example/a.html")


def test_a_linked_paper_is_an_entry(card: Card) -> None:
    body = "## Citation\n\n[U2-Net: Going Deeper & Deeper](https://arxiv.org/pdf/2005.09007v2.pdf): Qin, Zhang\n"
    _, (key, fields) = entries(bibtex(replace(card, body=body)))
    assert key == "mindspore/1.9/u2net_dutstr:paper1"
    assert fields == {
        "title": r"{{U2-Net: Going Deeper \& Deeper}}",
        "eprint": "{2005.09007}",
        "archivePrefix": "{arXiv}",
        "url": "{https://arxiv.org/pdf/2005.09007v2.pdf}",
        "note": r"{U2-Net: Going Deeper \& Deeper: Qin, Zhang}",
    }


def test_a_reference_in_words_is_an_entry(card: Card) -> None:
    body = '## 引用\n\n1. He, Zhang. "Deep Residual Learning"\n2. Talebi. *NIMA*, <i>50%</i> better\n\n'
    _, (_, first), (_, second) = entries(bibtex(replace(card, body=body)))
    assert first == {"title": "{{Deep Residual Learning}}", "note": '{He, Zhang. "Deep Residual Learning"}'}
    assert second == {"note": r"{Talebi. NIMA, 50\% better}"}


def test_the_cards_own_bibtex_is_kept(card: Card) -> None:
    own = "@article{qin2020,\n  title = {U$^2$-Net},\n  author = {Qin, X. and {The {Lab}}},\n}"
    text = bibtex(replace(card, body=f"## Citation\n\n```bibtex\n{own}\n```\n\n[x](https://a.example/)\n"))
    assert text.endswith(f"\n{own}\n")
    assert text.count("@") == 2


@pytest.mark.parametrize("own", ["@article{a,\n title = {x", "@comment{x, y}", "@string{a = {b}}", "@preamble{x,}"])
def test_bibtex_that_is_not_sound_is_left_out(card: Card, own: str) -> None:
    assert len(entries(bibtex(replace(card, body=own)))) == 1


@given(st.text(max_size=60), st.text(max_size=200))
def test_no_text_breaks_the_file(text: str, body: str) -> None:
    card = Card(
        "a/1.9/" + (text.replace("/", "").replace(".", "") or "x"), text, text, text, text, True, (), text, text, text,
        text, text, text, text, text, text, text, text, text, False, (), text, text, f"## Citation\n\n{body}\n{text}",
    )  # fmt: skip
    written = bibtex(card)
    depth = 0
    for character in re.sub(r"\\[#$%&_]", "", written):
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"(?<!\\)[#$%&]", re.sub(r"url = .*", "", written).replace("month = feb", ""))
    assert entries(written)
    written.encode("utf-8")


def test_cards_of_other_scripts_have_keys_of_their_own(card: Card) -> None:
    keys = {entries(bibtex(replace(card, uid=uid, body="")))[0][0] for uid in ("a/模型", "a/数据", "a/ ", "a")}
    assert len(keys) == 4
