from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.errors import ConfigError
from hubkit.settings import Settings, load_settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hubkit.toml", 'known-hosts = ["a.example"]'),
        ("pyproject.toml", '[tool.hubkit]\nknown-hosts = ["a.example"]'),
    ],
)
def test_settings_hold_in_the_folders_below(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    below = tmp_path / "cards" / "mindspore"
    below.mkdir(parents=True)
    assert load_settings(below).known_hosts == ("a.example",)


def test_a_project_without_settings_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "hubkit.toml").write_text('known-hosts = ["a.example"]', encoding="utf-8")
    below = tmp_path / "project"
    below.mkdir()
    (below / "pyproject.toml").write_text("[tool.ruff]\n", encoding="utf-8")
    assert load_settings(below).known_hosts == ("a.example",)


def test_the_nearest_file_holds(tmp_path: Path) -> None:
    below = tmp_path / "project"
    below.mkdir()
    (tmp_path / "hubkit.toml").write_text('known-hosts = ["a.example"]', encoding="utf-8")
    (below / "hubkit.toml").write_text("", encoding="utf-8")
    assert load_settings(below).known_hosts == Settings().known_hosts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("known-hosts = ", "hubkit.toml: Invalid value (at end of document)"),
        ("a = 1\nb = [\n", "hubkit.toml: "),
        ("known-hosts = 'a'", "hubkit.toml:1: known-hosts must be a list of texts"),
        ("known-hosts = [1]", "hubkit.toml:1: known-hosts must be a list of texts"),
        ("knwon-hosts = []", "hubkit.toml:1: unknown setting 'knwon-hosts'"),
    ],
)
def test_a_bad_setting_is_named_with_its_file(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "hubkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert words in caught.value.message
    assert str(tmp_path) in caught.value.message


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "hubkit.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"hubkit\.toml: "):
        load_settings(tmp_path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool]\nhubkit = 3", "pyproject.toml:2: hubkit must be a table"),
        ("a = " + "[" * 20_000, "pyproject.toml: "),
    ],
)
def test_a_project_file_of_another_shape_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert words in caught.value.message


def test_a_byte_order_mark_and_a_tool_that_is_no_table_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("tool = 3", encoding="utf-8")
    assert load_settings(tmp_path).known_hosts == Settings().known_hosts
    (tmp_path / "hubkit.toml").write_text('known-hosts = ["a.example"]', encoding="utf-8-sig")
    assert load_settings(tmp_path).known_hosts == ("a.example",)
