"""Networks by name."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from hubkit import nets
from hubkit.errors import ConvertError
from tests.requirements import needs_mindspore


def test_names_are_those_of_the_table() -> None:
    assert nets.names() == ("u2net", "u2netp", "unet3plus")


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("u2net", "u2net"),
        ("U2Net", "u2net"),
        ("U2-Net", "u2net"),
        ("U2NETP", "u2netp"),
        ("unet3plus", "unet3plus"),
        ("UNet3+", "unet3plus"),
        ("unet 3+", "unet3plus"),
        (" unet3+ ", "unet3plus"),
    ],
)
def test_a_name_is_found_without_case_and_by_alias(spelling: str, name: str) -> None:
    assert nets.find(spelling).name == name


@pytest.mark.parametrize("spelling", ["u2nt", "UNet3", "unet3-plus"])
def test_an_unknown_name_gets_the_nearest_one_and_the_list(spelling: str) -> None:
    with pytest.raises(ConvertError, match="no network is called") as caught:
        nets.find(spelling)
    assert "did you mean u" in caught.value.hint
    assert "known networks: u2net, u2netp, unet3plus" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("u2nett", "u2net"),
        (" U2-Nettp ", "u2netp"),
        ("unet3pluss", "unet3plus"),
        ("u2net", ""),
        ("UNet3+", ""),
        ("lenet5", ""),
        ("mindcv", ""),
        ("mindcv:u2nett", ""),
        ("other:u2nett", ""),
        ("", ""),
        ("u2net" * 10_000, ""),
    ],
)
def test_what_a_misspelt_name_means_is_told_and_nothing_of_other_packages(name: str, meant: str) -> None:
    assert nets.meant(name) == meant


def test_a_name_near_to_none_gets_the_list_alone() -> None:
    with pytest.raises(ConvertError) as caught:
        nets.find("a name like no other")
    assert caught.value.hint.startswith("known networks: u2net, u2netp, unet3plus")


@pytest.mark.parametrize("name", nets.names())
def test_every_network_says_where_it_comes_from_and_what_it_takes(name: str) -> None:
    spec = nets.find(name)
    assert spec.paper.startswith("https://arxiv.org/abs/")
    assert [(image.name, image.dtype, image.low, image.high) for image in spec.inputs] == [
        ("image", "float32", 0.0, 1.0)
    ]
    assert spec.inputs[0].shape == ((1, 3, 512, 512) if name == "unet3plus" else (1, 3, 320, 320))
    assert len(spec.outputs) == 1
    module, _, function = spec.builder.partition(":")
    assert importlib.util.find_spec(module) is not None
    assert function == name


def test_looking_networks_up_loads_no_heavy_package() -> None:
    code = (
        "import sys, hubkit.nets as nets; nets.names(); nets.find('u2net');"
        "print([m for m in ('mindspore', 'numpy', 'onnx', 'onnxruntime') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_without_mindspore_building_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mindspore", None)
    monkeypatch.delitem(sys.modules, "hubkit.nets.unet3plus", raising=False)
    with pytest.raises(ConvertError, match="unet3plus needs the package mindspore") as caught:
        nets.build("unet3plus")
    assert ".[convert]" in caught.value.hint


@needs_mindspore
def test_an_unknown_argument_is_named_with_those_accepted() -> None:
    with pytest.raises(ConvertError, match="u2netp takes no argument depth, width") as caught:
        nets.build("u2netp", width=3, in_channels=1, depth=2)
    assert caught.value.hint == "u2netp accepts, with these defaults: in_channels=3, out_channels=1"


@needs_mindspore
@pytest.mark.parametrize("name", ["u2netp", "unet3plus"])
@pytest.mark.parametrize("value", [0, -1, 1.5, "3", None])
def test_a_refused_value_is_quoted(name: str, value: object) -> None:
    with pytest.raises(ConvertError) as caught:
        nets.build(name, in_channels=value)
    assert f"{name} cannot be built with in_channels={value!r}: " in caught.value.message
    assert "\n" not in caught.value.message


@needs_mindspore
def test_a_cell_is_built_for_inference() -> None:
    cell = nets.build("UNet3+", in_channels=1, out_channels=2)
    assert not any(child.training for _, child in cell.cells_and_names())
    shapes = {p.name: tuple(p.shape) for p in cell.get_parameters()}
    assert shapes["conv1.conv.0.weight"] == (16, 1, 3, 3)
    assert shapes["outconv1.weight"] == (2, 80, 3, 3)
