from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.card.find import find_cards, uid_of
from hubkit.card.model import Asset, Card, bare_link, card_from_document, load_card
from hubkit.card.parse import parse_text
from hubkit.errors import CardError

UNET3PLUS = Card(
    uid="mindspore/1.10/unet3plus_lits2017",
    title="UNet3+",
    model_name="UNet3+",
    backbone_name="UNet3+",
    module_type="cv",
    fine_tunable=True,
    input_shape=(),
    model_version="1.10",
    train_dataset="lits2017",
    evaluation="acc97.7",
    accuracy="",
    author="MindSpore team",
    update_time="2023-2-17",
    repo_link="https://gitee.com/mindspore/models/tree/r1.10/research/cv/UNet3+",
    user_id="MindSpore",
    used_for="inference",
    train_backend="",
    infer_backend="",
    mindspore_version="1.10",
    mindspore_lite=False,
    assets=(
        Asset(
            "ckpt",
            "https://download.mindspore.cn/models/r1.10/unet3plus_ascend_v1100_lits2017_research_cv_acc97.7.ckpt",
            "bcad7cb89d81da57d53b49928f6d0af96bb5d26552170bc4900402b8171d02b0",
        ),
    ),
    license="Apache2.0",
    summary="UNet3+ is used for cv",
    body="",
)


def test_a_real_card(corpus_dir: Path) -> None:
    card = load_card(corpus_dir / "mindspore" / "1.10" / "unet3plus_lits2017.md", corpus_dir)
    assert {name: getattr(card, name) for name in Card.__slots__ if name != "body"} == {
        name: getattr(UNET3PLUS, name) for name in Card.__slots__ if name != "body"
    }
    assert "## Introduction" in card.body
    assert (card.publisher, card.name, card.version) == ("mindspore", "unet3plus_lits2017", "1.10")
    assert card.assets[0].file_name == "unet3plus_ascend_v1100_lits2017_research_cv_acc97.7.ckpt"


def card_of(text: str, uid: str = "p/1.9/n") -> Card:
    return card_from_document(parse_text(text, "card.md"), uid)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# before\n---\nmodel-name: m\n---\n# in the body\n", "before"),
        ("\r\n#  before \r\n---\r\nmodel-name: m\r\n---\r\n", "before"),
        ("<!-- # no -->\n---\nmodel-name: m\n---\n## a\n# in the body\n", "in the body"),
        ("---\nmodel-name: m # comment\n# comment\n---\n", "m"),
        ("---\nmodel-name: m\n---\n```\n# code\n```\n", "m"),
        ("---\na: b\n---\n", "n"),
    ],
)
def test_the_title(text: str, title: str) -> None:
    assert card_of(text).title == title


def test_values_are_tidied_and_missing_ones_are_empty() -> None:
    card = card_of(
        "---\nauthor: ' me '\nfine-tunable: TRUE\ninput-shape: [3, x, true, 4]\nrepo-link: '< https://a.b >'\n"
        "asset:\n  - file-format: .ckpt\n    asset-link: <https://a.b/c%20d.ckpt?e=f/g#h>\n  - text\n"
        "mindspore-lite: no\n---\n"
    )
    assert (card.author, card.fine_tunable, card.mindspore_lite) == ("me", True, False)
    assert (card.input_shape, card.repo_link) == ((3, 4), "https://a.b")
    assert card.assets == (Asset("ckpt", "https://a.b/c%20d.ckpt?e=f/g#h", ""),)
    assert card.assets[0].file_name == "c%20d.ckpt"
    assert (card.license, card.model_name, card.model_version) == ("", "n", "")


@pytest.mark.parametrize(
    ("uid", "version"),
    [
        ("p/1.9/n", "1.9"),
        ("p/ascend/1.10/n", "1.10"),
        ("p/2.3.0/gpu/n", "2.3.0"),
        ("p/n", ""),
        ("1.9", ""),
        ("p/v1/n", ""),
    ],
)
def test_the_version_of_a_uid(uid: str, version: str) -> None:
    assert card_of("---\na: b\n---\n", uid).version == version


@pytest.mark.parametrize(
    ("text", "link"),
    [("<https://a>", "https://a"), (" < https://a > ", "https://a"), ("<a", "<a"), ("a>", "a>"), ("<>", ""), ("", "")],
)
def test_bare_link(text: str, link: str) -> None:
    assert bare_link(text) == link


def test_a_card_that_cannot_be_used_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("---\na: b\nc: d: e\n---\n", encoding="utf-8")
    with pytest.raises(CardError, match=r"a\.md:3: a second colon in a value") as caught:
        load_card(path, tmp_path)
    assert caught.value.hint == "Put the whole value between quotes."


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"a\.md: cannot be read: No such file or directory"):
        load_card(tmp_path / "a.md", tmp_path)


def test_cards_are_found_in_order_without_hidden_folders(tmp_path: Path) -> None:
    names = ["b/1.9/x.md", "b/1.10/x.md", "a.md", ".git/y.md", "b/.venv/z.md", "b/readme.txt", "b/MD", "c.md/d.md"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = find_cards(tmp_path)
    assert [uid_of(path, tmp_path) for path in found] == ["a", "b/1.10/x", "b/1.9/x", "c.md/d"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="nowhere: no such folder of cards"):
        find_cards(tmp_path / "nowhere")


def test_a_link_to_nothing_is_a_card_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / ".#lock.md").symlink_to("somebody@a.host.1234")
    (tmp_path / "folder.md").symlink_to(tmp_path)
    (tmp_path / "loop.md").symlink_to("loop.md")
    assert find_cards(tmp_path) == (tmp_path / "gone.md", tmp_path / "loop.md")
    for name in ("gone", "loop"):
        with pytest.raises(CardError, match=rf"{name}\.md: cannot be read"):
            load_card(tmp_path / f"{name}.md", tmp_path)


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "closed").mkdir()

    def scandir(path: str) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", scandir)
    with pytest.raises(CardError, match="cannot be read: Permission denied"):
        find_cards(tmp_path)
