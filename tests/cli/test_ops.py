"""``hubkit ops``: the table, one operator, JSON."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result

from hubkit.cli import cli
from hubkit.convert.operators import operators


def ops(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["ops", *arguments])


def test_the_table_names_every_operator() -> None:
    done = ops()
    assert done.exit_code == 0
    head, *lines = done.output.splitlines()
    assert head.split() == ["operator", "family", "ONNX", "form"]
    listed = [line.split()[0] for line in lines]
    assert listed[: len(operators())] == [operator.name for operator in operators()]


def test_a_part_of_a_name_shows_the_operators_in_full() -> None:
    done = ops("conv2dt")
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == "Conv2DTranspose (convolution)"
    assert "\n  arguments:  Conv2DTranspose(x, w, output_size; kernel_size" in done.output
    assert "\n  ONNX:       ConvTranspose\n" in done.output
    assert "\n  limits:     Padding is derived from" in done.output


def test_the_name_of_an_onnx_operator_finds_what_becomes_it() -> None:
    assert "HSwish (activation)" in ops("HardSwish").output


def test_an_operator_without_a_form_shows_its_rewrite() -> None:
    done = ops("multinomial")
    assert done.exit_code == 0
    assert done.output.lstrip().startswith("Multinomial has no ONNX form. What it draws differs")


def test_a_name_that_there_is_not() -> None:
    done = ops("zebra")
    assert done.exit_code == 1
    assert "No operator's name has 'zebra' in it: `hubkit ops` lists all." in done.output


def test_json_holds_everything() -> None:
    document = json.loads(ops("--json").output)
    assert [item["name"] for item in document["operators"]] == [operator.name for operator in operators()]
    gelu = next(item for item in json.loads(ops("GeLU", "--json").output)["operators"] if item["name"] == "GeLU")
    assert gelu["family"] == "activation"
    assert gelu["signature"] == "GeLU(x)"
    assert gelu["onnx"] == "Mul, Add, Tanh"
    assert gelu["meaning"].startswith("x / 2 * (1 + tanh(")
