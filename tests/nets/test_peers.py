"""Networks of other packages, by the entry-point group `hubkit.networks`."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubkit import nets
from hubkit.errors import ConvertError
from hubkit.nets import peers

_MODULE = """
from hubkit.nets.spec import InputSpec, NetworkSpec

LENET = NetworkSpec(
    name="whatever", builder="toy_nets:lenet", aliases=(), paper="",
    inputs=(InputSpec("digit", (1, 1, 28, 28), "float32", 0.0, 1.0),), outputs=("scores",),
)

def lenet():
    return "a cell"

class _Zoo:
    def names(self):
        return ("Ant", "bee")

    def find(self, name):
        return LENET

ZOO = _Zoo()
NUMBER = 7
"""
_ENTRY_POINTS = """
[hubkit.networks]
lenet = toy_nets:LENET
plain = toy_nets:lenet
zoo = toy_nets:ZOO
number = toy_nets:NUMBER
broken = toy_nets_that_is_missing:X
"""


@pytest.fixture(autouse=True)
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package toy-nets that adds networks, installed for one test."""
    (tmp_path / "toy_nets.py").write_text(_MODULE)
    information = tmp_path / "toy_nets-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-nets\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(_ENTRY_POINTS)
    monkeypatch.syspath_prepend(str(tmp_path))
    peers._entry_points.cache_clear()
    yield
    peers._entry_points.cache_clear()
    sys.modules.pop("toy_nets", None)


def test_a_network_is_found_by_the_name_of_its_entry_point() -> None:
    spec = nets.find("LeNet")
    assert (spec.name, spec.inputs[0].name, spec.outputs) == ("lenet", "digit", ("scores",))


def test_a_plain_builder_is_a_network_for_images() -> None:
    spec = nets.find("plain")
    assert (spec.name, spec.builder, spec.inputs[0].shape) == ("plain", "toy_nets:lenet", (1, 3, 224, 224))


@pytest.mark.parametrize("name", ["zoo:Ant", "ZOO:ant", " zoo:ANT "])
def test_a_network_of_a_family_is_found_by_both_names(name: str) -> None:
    assert nets.find(name).name == "zoo:Ant"


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    nets.find("u2net")
    assert "toy_nets" not in sys.modules


def test_the_name_of_an_entry_point_is_no_misspelling_and_loads_nothing(tmp_path: Path) -> None:
    entries = tmp_path / "toy_nets-1.0.dist-info" / "entry_points.txt"
    entries.write_text(f"{_ENTRY_POINTS}u2nets = toy_nets:LENET\n")
    peers._entry_points.cache_clear()
    assert [nets.meant(name) for name in ("U2Nets", "u2nett", "zoo:u2nett")] == ["", "u2net", ""]
    assert "toy_nets" not in sys.modules


def test_a_name_that_a_family_lacks_gets_the_nearest() -> None:
    with pytest.raises(ConvertError, match="zoo has no network 'aunt'") as caught:
        nets.find("zoo:aunt")
    assert "did you mean zoo:Ant? it has 2, such as zoo:Ant" in caught.value.hint


def test_a_family_is_not_a_network() -> None:
    with pytest.raises(ConvertError, match="zoo has no network ''"):
        nets.find("zoo")


def test_a_network_is_not_a_family() -> None:
    with pytest.raises(ConvertError, match="lenet is one network"):
        nets.find("lenet:5")


def test_a_broken_entry_point_is_named_with_its_package() -> None:
    with pytest.raises(ConvertError) as caught:
        nets.find("broken")
    assert "broken = toy_nets_that_is_missing:X (package toy-nets) cannot be loaded" in caught.value.message
    assert "No module named 'toy_nets_that_is_missing'" in caught.value.message
    assert "all other networks work" in caught.value.hint


def test_an_entry_point_of_another_kind_is_refused() -> None:
    with pytest.raises(ConvertError, match=r"number = toy_nets:NUMBER \(package toy-nets\) is a int"):
        nets.find("number")


def test_an_unknown_name_is_looked_for_everywhere_and_what_is_broken_is_told() -> None:
    with pytest.raises(ConvertError, match="no network is called 'antt'") as caught:
        nets.find("antt")
    assert caught.value.hint.startswith("did you mean zoo:Ant? known networks: u2net, ")
    assert "zoo:<name>" in caught.value.hint
    assert "broken = toy_nets_that_is_missing:X" in caught.value.hint


def test_all_names_are_listed_with_what_is_broken() -> None:
    known, broken = peers.names()
    assert {"lenet", "plain", "zoo:Ant", "zoo:bee"} <= set(known)
    assert [message.partition("(")[0] for message in broken] == [
        "the networks of broken = toy_nets_that_is_missing:X ",
        "the entry point number = toy_nets:NUMBER ",
    ]


def test_a_package_comes_before_the_adapter_of_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    own = importlib.metadata.EntryPoint("mindcv", "toy_nets:LENET", peers.GROUP)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [own])
    peers._entry_points.cache_clear()
    assert nets.find("mindcv").inputs[0].name == "digit"


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from hubkit.nets import mindcv

    monkeypatch.setattr(mindcv, "_PACKAGE", "mindcv_that_is_missing")
    monkeypatch.setattr(mindcv, "FAMILY", mindcv._Mindcv())
    with pytest.raises(ConvertError, match="the package mindcv is not installed") as caught:
        nets.find("mindcv:resnet18")
    assert "pip install mindcv" in caught.value.hint
