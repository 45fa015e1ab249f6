from __future__ import annotations

import pytest

from tests.lint.samples import card, findings

HINT = "Name the file <model>_<dataset>.md, or mend the field."


@pytest.mark.parametrize(
    ("file", "model", "dataset"),
    [
        ("u2net_dutstr", "u2net", "dutstr"),
        ("u2net_dutstr", "U2-Net", "DUTS-TR"),
        ("unet3plus_lits2017", "UNet3+", "lits2017"),
        ("res2netyolov3_coco2017", "yolov3_res2net", "coco2017"),
        ("deeptext_icdar2013", "DeepText", "ICDAR2013 | SCUT-FORU"),
        ("yolov5_small_640_coco2017", "yolov5", "COCO 2017"),
        ("模型_数据", "模型", "数据"),
    ],
)
def test_a_name_that_says_both_is_right(file: str, model: str, dataset: str) -> None:
    text = card({"model-name": model, "train-dataset": dataset})
    assert findings("file-name", text, path=f"mindspore/1.9/{file}.md") == []


def test_a_name_that_says_neither_is_told_at_both_fields() -> None:
    assert findings("file-name", card(), path="mindspore/1.9/unet_duts.md") == [
        ("u2net", "the file name unet_duts.md does not name the model 'u2net'", HINT),
        ("dutstr", "the file name unet_duts.md does not name the data set 'dutstr'", HINT),
    ]


def test_a_quoted_field_is_shown_with_its_quotes() -> None:
    [(shown, message, _)] = findings("file-name", card({"model-name": '"vgg"'}))
    assert shown == '"vgg"'
    assert message == "the file name u2net_dutstr.md does not name the model 'vgg'"


def test_a_single_letter_is_no_word_to_find() -> None:
    assert len(findings("file-name", card({"model-name": "u n e t"}))) == 1


def test_a_missing_data_set_is_not_asked_for() -> None:
    assert findings("file-name", card({"train-dataset": None})) == []
