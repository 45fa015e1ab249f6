"""What code requires on a command line, where there is none."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import pytest

from hubkit.compat import use
from hubkit.compat.command_line import not_given, refused, spare_required


@pytest.fixture(autouse=True)
def spared(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(use, "_used", {})
    monkeypatch.setattr("sys.argv", ["mindspore_hub_conf.py"])
    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", argparse.ArgumentParser.parse_known_args)
    spare_required()
    spare_required()
    return iter(())


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser()
    made.add_argument("-c", "--config", required=True, default="net.yaml")
    made.add_argument("--width", type=int, required=True)
    made.add_argument("data")
    made.add_argument("--depth", type=int, default=2)
    one = made.add_mutually_exclusive_group(required=True)
    one.add_argument("--fast", action="store_true")
    one.add_argument("--slow", action="store_true")
    return made


def test_what_is_required_has_its_default_and_is_told() -> None:
    found = vars(parser().parse_args())
    assert found == {"config": "net.yaml", "width": None, "data": None, "depth": 2, "fast": False, "slow": False}
    assert not_given() == ("--config", "--width", "data")
    assert parser().parse_known_args()[1] == []


def test_what_an_entry_file_gave_is_not_told_as_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["eval.py", "--config", "own.yaml", "folder"])
    found = parser().parse_args()
    assert (found.config, found.width, found.data) == ("own.yaml", None, "folder")
    assert not_given() == ("--width",)


def test_a_list_that_the_code_itself_gives_must_be_whole(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as found:
        parser().parse_args(["--fast", "--width", "3"])
    told = "the following arguments are required: -c/--config, data"
    assert refused(found.value.__traceback__) == told
    assert told in capsys.readouterr().err
    assert not_given() == ()


def test_what_else_ends_a_process_is_not_told_as_a_command_line() -> None:
    with pytest.raises(SystemExit) as found:
        raise SystemExit(2)
    assert refused(found.value.__traceback__) == ""
