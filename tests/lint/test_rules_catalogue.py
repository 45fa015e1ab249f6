"""The rules that look at all cards together: where they find something, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.lint.diagnostic import Severity
from tests.lint.calls import DIGEST, GOOD, card, catalogue_findings, findings, shown

CARD = "/hub/mindspore/1.9/u2net_dutstr.md"
CHINESE = "/hub/mindspore/1.9/u2net_dutstr_cn.md"


# uid-collision


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/hub/mindspore/1.9/U2Net_dutstr.md", CARD),
        ("/hub/MindSpore/1.9/u2net_dutstr.md", CARD),
        ("/hub/a/1.9/caf\u00e9.md", "/hub/a/1.9/cafe\u0301.md"),
        ("/hub/a/1.9/STRASSE_ä.md", "/hub/a/1.9/straße_ä.md"),
        ("/hub/a/1.9/\u212bngstr.md", "/hub/a/1.9/\u00e5ngstr.md"),
    ],
)
def test_two_cards_with_one_address_are_found_at_the_second(first: str, second: str) -> None:
    (found,) = catalogue_findings("uid-collision", {first: GOOD, second: GOOD})
    earlier, later = sorted((first, second))
    assert (found.path, found.line) == (later, 1)
    assert found.message == f"the card's address differs only in case or accents from that of {earlier}"
    assert found.severity is Severity.ERROR


def test_three_cards_with_one_address_are_two_findings() -> None:
    cards = dict.fromkeys(["/hub/a/1.9/NET.md", "/hub/a/1.9/Net.md", "/hub/a/1.9/net.md"], GOOD)
    assert [found.path for found in catalogue_findings("uid-collision", cards)] == [
        "/hub/a/1.9/Net.md",
        "/hub/a/1.9/net.md",
    ]


def test_cards_with_addresses_of_their_own_are_fine() -> None:
    cards = dict.fromkeys([CARD, "/hub/mindspore/1.8/u2net_dutstr.md", "/hub/mindspore/1.9/u2net-dutstr.md"], GOOD)
    assert catalogue_findings("uid-collision", cards) == []


# translation


def test_a_translation_without_its_original_is_found(tmp_path: Path) -> None:
    path = tmp_path / "u2net_dutstr_cn.md"
    (found,) = findings("translation", GOOD, path=path)
    assert (found.line, found.source_line) == (1, "# u2net")
    assert found.message == "the card is a translation, but there is no original u2net_dutstr.md beside it"
    assert found.severity is Severity.WARNING
    path.with_name("u2net_dutstr.md").write_text(GOOD, encoding="utf-8")
    assert findings("translation", GOOD, path=path) == []


def test_a_card_that_is_no_translation_needs_no_original(tmp_path: Path) -> None:
    assert findings("translation", GOOD, path=tmp_path / "u2net_dutstr.md") == []
    assert findings("translation", GOOD, path=tmp_path / "u2net_cnn.md") == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'model-version: "1.9"',
            'model-version: "1.8"',
            "\"1.8\": model-version is '1.8', but the original u2net_dutstr.md says '1.9'",
        ),
        (
            "license: Apache-2.0",
            "license: MIT",
            "MIT: license is 'MIT', but the original u2net_dutstr.md says 'Apache-2.0'",
        ),
        (
            DIGEST,
            "0" * 64,
            f"{'0' * 64}: asset-sha256 is '{'0' * 64}', but the original u2net_dutstr.md says '{DIGEST}'",
        ),
    ],
)
def test_a_field_that_differs_from_the_original_is_found(old: str, new: str, said: str) -> None:
    found = catalogue_findings("translation", {CARD: GOOD, CHINESE: card((old, new))})
    assert shown(found) == [said]
    assert [one.path for one in found] == [CHINESE]
    assert found[0].hint == "Make both say the same."


def test_another_number_of_assets_is_found() -> None:
    more = card(
        (
            "license:",
            f"  - file-format: mindir\n    asset-link: https://a.example/b\n    asset-sha256: {DIGEST}\nlicense:",
        )
    )
    (found,) = catalogue_findings("translation", {CARD: GOOD, CHINESE: more})
    assert found.message == "the card names 2 asset(s), but the original u2net_dutstr.md names 1"
    assert found.line == 1


@pytest.mark.parametrize(
    "translated",
    [
        GOOD,
        card(("author: MindSpore team", "author: MindSpore 团队"), ("used-for: inference", "used-for: 推理")),
        card(("summary: u2net finds the salient object of a picture", "summary: 显著性检测")),
        card(
            (
                "repo-link: https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net",
                "repo-link: <https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net>",
            )
        ),
        "# u2net\n\n---\n模型名称：u2net\n\n模型版本：1.8\n---\n\n## 简介\n",
    ],
)
def test_words_that_are_translated_or_cannot_be_read_are_fine(translated: str) -> None:
    assert catalogue_findings("translation", {CARD: GOOD, CHINESE: translated}) == []


def test_a_translation_is_compared_with_the_card_of_its_own_folder_only() -> None:
    other = "/hub/mindspore/1.8/u2net_dutstr.md"
    assert catalogue_findings("translation", {other: GOOD, CHINESE: card(("Apache-2.0", "MIT"))}) == []


# family-field-jump


def family(*licences: tuple[str, str]) -> dict[str, str]:
    """(version, licence) of each card of one family."""
    return {f"/hub/mindspore/{version}/u2net_dutstr.md": card(("Apache-2.0", licence)) for version, licence in licences}


def test_a_licence_that_changes_within_a_family_is_found_in_the_newer_card() -> None:
    found = catalogue_findings(
        "family-field-jump", family(("1.10", "MIT"), ("1.9", "Apache-2.0"), ("1.8", "Apache-2.0"))
    )
    assert shown(found) == ["MIT: license is 'MIT', but 'Apache-2.0' in the family's card for 1.9"]
    assert [(one.path, one.severity) for one in found] == [("/hub/mindspore/1.10/u2net_dutstr.md", Severity.INFO)]


def test_an_author_that_changes_and_changes_back_is_found_twice() -> None:
    cards = {
        f"/hub/a/ascend/{version}/net.md": card(("MindSpore team", author))
        for version, author in (("0.7", "Ann"), ("1.0", "Ben"), ("1.1", "Ann"))
    }
    assert [found.message for found in catalogue_findings("family-field-jump", cards)] == [
        "author is 'Ben', but 'Ann' in the family's card for 0.7",
        "author is 'Ann', but 'Ben' in the family's card for 1.0",
    ]


def test_another_spelling_is_no_change() -> None:
    assert catalogue_findings("family-field-jump", family(("1.8", "Apache2.0"), ("1.9", "apache-2.0"))) == []


def test_a_card_without_the_field_is_passed_over() -> None:
    cards = family(("1.7", "MIT"), ("1.8", '""'), ("1.9", "MIT"))
    assert catalogue_findings("family-field-jump", cards) == []


@pytest.mark.parametrize(
    "other",
    [
        "/hub/other/1.8/u2net_dutstr.md",
        "/hub/mindspore/1.8/u2net_coco.md",
        "/hub/mindspore/gpu/1.8/u2net_dutstr.md",
        "/hub/mindspore/next/u2net_dutstr.md",
    ],
)
def test_cards_of_other_families_are_not_compared(other: str) -> None:
    assert catalogue_findings("family-field-jump", {CARD: GOOD, other: card(("Apache-2.0", "MIT"))}) == []


def test_a_version_of_any_length_is_put_in_order() -> None:
    cards = family((f"1.{'9' * 5000}", "MIT"), ("1.2", "MIT"))
    assert catalogue_findings("family-field-jump", cards) == []
