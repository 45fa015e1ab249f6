"""A slice of the damaged files of `tests.fuzz`: each is read or refused in words, in bounded time and memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import campaign, seeds
from tests.fuzz.child import HOSTILE
from tests.fuzz.wire_tree import Node, parse, write
from tests.requirements import needs_mindspore

FILES = 400
"""How many; all 10,000 are `make zoo`."""


@pytest.fixture(scope="module")
def good(networks: Path, files: Path, control: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Small good files of every kind."""
    folder = tmp_path_factory.mktemp("fuzz") / "seeds"
    assert networks.parent == files.parent == control.parent
    seeds.gather(networks.parent, folder)
    return folder


@needs_mindspore
def test_damaged_files_are_read_or_refused(good: Path, tmp_path: Path) -> None:
    report = campaign.run(good, tmp_path, first=0, count=FILES)
    assert report.faults == []
    assert sum(report.outcomes.values()) == FILES
    # Of each kind some are refused; of MINDIR and ONNX, whose mutations are of one field, some are still good.
    assert {"mindir refused", "onnx refused", "ckpt refused", "safetensors refused"} <= set(report.outcomes)
    assert {"mindir read", "onnx read"} <= set(report.outcomes)


@needs_mindspore
def test_a_crash_a_hang_and_a_traceback_are_faults(good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOSTILE, "1")
    report = campaign.run(good, tmp_path, first=0, count=12)
    said = "\n".join(fault.what for fault in report.faults)
    assert "ZeroDivisionError" in said
    assert "the process ended with -11" in said
    assert "Timeout" in said
    assert "MemoryError" in said
    assert sum(report.outcomes.values()) == 12


def test_a_campaign_is_the_same_every_time(good: Path) -> None:
    assert campaign.case(good, 0, 7) == campaign.case(good, 0, 7)
    assert campaign.case(good, 0, 7) != campaign.case(good, 1, 7)


@pytest.mark.parametrize("name", ["hand.mindir", "hand.onnx", "hand.ckpt", "files-net.mindir"])
def test_a_tree_is_written_as_it_was_read(good: Path, name: str) -> None:
    data = (good / name).read_bytes()
    tree = parse(data)
    assert tree is not None
    assert write(tree) == data
    assert any(isinstance(node.value, list) for node in tree)


def test_a_field_may_be_written_as_it_stands() -> None:
    assert write([Node(1, -1, b"\x0a\xff")]) == b"\x0a\xff"
