"""Badges: what each state of a receipt looks like, and that only a pass looks like one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hubkit.receipts import Receipt, Status, Step
from hubkit.resources import resource_dir
from hubkit.site.badges import badges, error_bar, standing, weights_note
from hubkit.site.claims import Badge, Mark, Standing
from hubkit.site.gather import Entry
from hubkit.site.i18n import CHINESE, load_texts, speaking
from tests.site.examples import REFUSED, U2NET, UNTRAINED_NOTE, Hub, failed, passed, seeded, skipped


@pytest.fixture
def entry(hub: Hub) -> Callable[[Receipt | None], Entry]:
    """Makes the entry of a card with a receipt."""
    hub.add(U2NET)

    def make(receipt: Receipt | None) -> Entry:
        if receipt:
            hub.verify(receipt)
        entries, problems = hub.gather()
        assert problems == ()
        return entries[0]

    return make


Make = Callable[[Receipt | None], Entry]


def by_slug(entry: Entry) -> dict[str, Badge]:
    return {badge.slug: badge for badge in badges(entry)}


def marks(entry: Entry) -> dict[str, Mark]:
    return {slug: badge.mark for slug, badge in by_slug(entry).items()}


def test_everything_passed(entry: Make) -> None:
    made = entry(passed(U2NET))
    found = by_slug(made)
    assert standing(made) is Standing.VERIFIED
    assert marks(made) == {"digest": Mark.PASSED, "mindir": Mark.PASSED, "onnx": Mark.PASSED}
    assert [(badge.label, badge.value) for badge in found.values()] == [
        ("Digest verified", "SHA-256, 1 file, 176 MB"),
        ("MINDIR parity", "bit-equal"),
        ("ONNX parity", "max 3.1e-6 (limit 1e-4)"),
    ]
    assert all(badge.date == "2023-02-17" and not badge.qualifier and not badge.reason for badge in found.values())
    assert [(figure.label, figure.value) for figure in found["onnx"].figures] == [
        ("batch 1, against MindSpore", "max 3.1e-6 of 1e-4; 0 of 100 ppm over 1e-3 relative"),
        ("batch 2, against MindSpore", "max 2.2e-6 of 1e-4; 12 of 100 ppm over 1e-3 relative"),
    ]


def test_untrained_weights_are_said_wherever_parity_is(entry: Make) -> None:
    made = entry(seeded(U2NET))
    found = by_slug(made)
    assert standing(made) is Standing.PARTIAL
    assert marks(made) == {"digest": Mark.SKIPPED, "mindir": Mark.PASSED, "onnx": Mark.PASSED}
    assert found["digest"].label == "Digest"
    assert "404 Not Found" in found["digest"].reason
    assert {badge.qualifier for badge in found.values()} == {"", "on untrained weights"}
    assert found["mindir"].qualifier == found["onnx"].qualifier == "on untrained weights"


def test_a_failed_parity(entry: Make) -> None:
    made = entry(failed(U2NET))
    onnx = by_slug(made)["onnx"]
    assert standing(made) is Standing.FAILED
    assert marks(made) == {"digest": Mark.PASSED, "mindir": Mark.PASSED, "onnx": Mark.FAILED}
    assert onnx.value == "max 0.021 (limit 1e-4)"
    assert onnx.reason == "ONNX Runtime differs by more than the tolerance."
    assert onnx.bar is not None
    assert onnx.bar.mark is Mark.FAILED
    assert onnx.bar.length > onnx.bar.limit


def test_the_worst_comparison_counts(entry: Make) -> None:
    receipt = failed(U2NET)
    pairs = (receipt.parity[0], receipt.parity[1], passed(U2NET).parity[2])
    assert by_slug(entry(replace(receipt, parity=pairs)))["onnx"].value == "max 0.021 (limit 1e-4)"


def test_measurements_on_several_inputs_are_one_comparison(entry: Make) -> None:
    receipt = passed(U2NET)
    first = replace(receipt.parity[1], output="maps")
    pairs = (first, replace(first, max_abs=7.7e-6), replace(first, output="edges"), replace(first, batch=2))
    onnx = by_slug(entry(replace(receipt, parity=pairs)))["onnx"]
    assert onnx.value == "max 7.7e-6 (limit 1e-4)"
    assert [(figure.label, figure.value.split(" of ")[0]) for figure in onnx.figures] == [
        ("output maps, batch 1, 2 inputs, against MindSpore", "max 7.7e-6"),
        ("output edges, batch 1, against MindSpore", "max 3.1e-6"),
        ("output maps, batch 2, against MindSpore", "max 3.1e-6"),
    ]


def test_too_many_elements_over_the_relative_tolerance(entry: Make) -> None:
    receipt = passed(U2NET)
    pair = replace(receipt.parity[1], ppm_over_rtol=250.0, passed=False)
    onnx = by_slug(entry(replace(receipt, parity=(receipt.parity[0], pair))))["onnx"]
    assert (onnx.mark, onnx.value) == (Mark.FAILED, "250 ppm over 1e-3 (limit 100)")


def test_an_output_that_is_not_finite(entry: Make) -> None:
    receipt = passed(U2NET)
    pair = replace(receipt.parity[1], max_abs=None, max_rel=None, passed=False)
    onnx = by_slug(entry(replace(receipt, parity=(pair,))))["onnx"]
    assert (onnx.mark, onnx.value) == (Mark.FAILED, "not finite")
    assert onnx.bar is not None
    assert onnx.bar.length == 100


def test_a_parity_of_an_output_that_does_not_move_is_no_pass(entry: Make) -> None:
    receipt = passed(U2NET)
    assert receipt.sensitivity is not None
    made = entry(replace(receipt, sensitivity=replace(receipt.sensitivity, passed=False)))
    assert standing(made) is Standing.FAILED
    assert marks(made) == {"digest": Mark.PASSED, "mindir": Mark.FAILED, "onnx": Mark.FAILED}
    assert "hardly moves" in by_slug(made)["onnx"].reason


def test_steps_that_did_not_run(entry: Make) -> None:
    made = entry(skipped(U2NET))
    assert standing(made) is Standing.PARTIAL
    assert marks(made) == {"digest": Mark.PASSED, "mindir": Mark.SKIPPED, "onnx": Mark.SKIPPED}
    assert by_slug(made)["onnx"].reason == "no network is known for 'u2net'"
    assert by_slug(made)["onnx"].value == ""


def test_a_conversion_that_failed(entry: Make) -> None:
    receipt = passed(U2NET)
    steps = (
        *receipt.steps[:3],
        Step("onnx", Status.FAILED, "no lowering for Foo", 0.1),
        Step("smoke", Status.SKIPPED, "there is no ONNX file"),
    )
    made = entry(replace(receipt, steps=steps, parity=(), models=receipt.models[:1]))
    found = by_slug(made)
    assert marks(made) == {"digest": Mark.PASSED, "mindir": Mark.SKIPPED, "onnx": Mark.FAILED}
    assert (found["onnx"].value, found["onnx"].reason) == ("not converted", "no lowering for Foo")
    assert found["mindir"].reason == "there is no ONNX file"


def test_a_digest_that_is_wrong(entry: Make) -> None:
    receipt = passed(U2NET)
    wrong = replace(receipt.assets[0], status=Status.FAILED, reason="the bytes have another digest")
    digest = by_slug(entry(replace(receipt, assets=(wrong,))))["digest"]
    assert (digest.mark, digest.label, digest.reason) == (Mark.FAILED, "Digest", "the bytes have another digest")


def test_no_receipt(entry: Make) -> None:
    made = entry(None)
    assert standing(made) is Standing.NOT_VERIFIED
    assert set(marks(made).values()) == {Mark.NONE}
    assert all(not badge.date and not badge.value and not badge.figures for badge in badges(made))


def test_only_a_checked_card_is_not_verified(entry: Make) -> None:
    receipt = skipped(U2NET)
    steps = tuple(step if step.name == "lint" else Step(step.name, Status.SKIPPED, "offline") for step in receipt.steps)
    asset = replace(receipt.assets[0], status=Status.SKIPPED, reason="offline")
    assert standing(entry(replace(receipt, steps=steps, assets=(asset,)))) is Standing.NOT_VERIFIED


def test_a_receipt_older_than_its_card_is_outdated(hub: Hub) -> None:
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    hub.add(U2NET, body="Another text.\n")
    entries, _ = hub.gather()
    assert standing(entries[0]) is Standing.STALE
    assert set(marks(entries[0]).values()) == {Mark.STALE}
    assert all("changed" in badge.reason for badge in badges(entries[0]))
    assert by_slug(entries[0])["digest"].label == "Digest"


@pytest.mark.parametrize(
    ("max_abs", "atol", "length"),
    [
        (0.0, 1e-4, 0.0),
        (1e-4, 1e-4, 75.0),
        (1e-5, 1e-4, 62.5),
        (1e-12, 1e-4, 2.0),
        (1.0, 1e-4, 100.0),
        (1e-9, 0.0, 100.0),
    ],
)
def test_the_bar_is_logarithmic(max_abs: float, atol: float, length: float) -> None:
    pair = replace(passed(U2NET).parity[1], max_abs=max_abs, atol=atol)
    assert error_bar(pair).length == pytest.approx(length)


def test_no_two_marks_or_standings_share_their_words() -> None:
    assert len({mark.word for mark in Mark}) == len(Mark)
    assert len({found.word for found in Standing}) == len(Standing)
    assert [found for found in Standing if found.mark is Mark.PASSED] == [Standing.VERIFIED]


@pytest.mark.parametrize(
    ("note", "chinese"),
    [
        (UNTRAINED_NOTE, f"未训练的权重（种子 0）：无法取得文件：{REFUSED}"),
        ("untrained weights (seed 7): the card names no checkpoint", "未训练的权重（种子 7）：卡片没有列出检查点"),
        ("something else", "something else"),
        ("", ""),
    ],
)
def test_what_is_said_of_weights_is_said_in_the_readers_language(note: str, chinese: str) -> None:
    receipt = replace(seeded(U2NET), note=note)
    assert weights_note(receipt) == note
    with speaking(load_texts(CHINESE, [resource_dir("site_templates")])):
        assert weights_note(receipt) == chinese
    assert weights_note(None) == ""
