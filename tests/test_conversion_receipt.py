"""What a receipt says of a conversion beside the worker's own words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.conversion_receipt import with_layers
from hubkit.receipts import Layer, Receipt
from tests import model_files
from tests.site.examples import U2NET, passed


@pytest.fixture
def receipt() -> Receipt:
    """A receipt that names a MINDIR and an ONNX file, and no layers."""
    return replace(passed(U2NET), layers=())


def test_layers_are_read_from_a_file_that_was_made(tmp_path: Path, receipt: Receipt) -> None:
    path = tmp_path / receipt.models[1].path
    path.parent.mkdir(parents=True)
    path.write_bytes(model_files.checkpoint((1.0, 2.0, 3.0), "conv.weight"))
    assert with_layers(receipt, tmp_path).layers == (Layer("conv.weight", 3, 12),)


def test_without_a_file_that_can_be_read_there_are_none(tmp_path: Path, receipt: Receipt) -> None:
    assert with_layers(receipt, tmp_path) == receipt
    for model in receipt.models:
        path = tmp_path / model.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no model")
    assert with_layers(receipt, tmp_path) == receipt


def test_layers_that_are_known_are_not_read_again(tmp_path: Path, receipt: Receipt) -> None:
    known = replace(receipt, layers=(Layer("a", 1, 4),))
    assert with_layers(known, tmp_path) is known
