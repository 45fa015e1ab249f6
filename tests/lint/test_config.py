from __future__ import annotations

import os
from pathlib import Path

import pytest

from hubkit.errors import ConfigError
from hubkit.lint.selection import choose
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


def test_settings_behind_a_link_that_leads_nowhere_are_told(tmp_path: Path) -> None:
    (tmp_path / "hubkit.toml").symlink_to("hubkit.toml")
    with pytest.raises(ConfigError, match=r"hubkit\.toml: it cannot be read: Too many levels"):
        load_settings(tmp_path)


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
        (
            'known-hosts = ["https://gitee.com/mindspore"]',
            "has 'https://gitee.com/mindspore'; write the host alone, such as 'gitee.com'",
        ),
        ('known-hosts = ["gitee.com:443"]', "has 'gitee.com:443'; write the host alone, such as 'gitee.com'"),
        ('known-hosts = ["*.gitee.com"]', "write the host alone, such as 'gitee.com'"),
        ('known-hosts = [""]', "has ''; write the host alone"),
        (
            "[links]\nmax-age-days = 1\nrequests-per-host = 0",
            "hubkit.toml:3: links has a wrong value: requests-per-host",
        ),
        ("[links]\nmax-age-days = 1\nmax-age = 0", "hubkit.toml:3: links must be a table, whose keys are among"),
        (
            "[links]\nallowed-private-hosts = ['http://a/']",
            "hubkit.toml:2: links has a wrong value: allowed-private-hosts",
        ),
        ("[severity]\na = 'error'\nb = 3", "hubkit.toml:3: severity must be a table of texts"),
        ("[per-path-ignores]\n'a' = ['x']\n'b/**' = 3", "hubkit.toml:3: per-path-ignores has a wrong value: b/**"),
        ("[mirrors]\n'https://a/' = ['https://b/']\n'http://c/' = []", "hubkit.toml:3: mirrors has 'http://c/'"),
        ("[trust]\n'https://a/b' = []\n'https://a/c' = ['1']", "hubkit.toml:3: trust has 'https://a/c' = '1'"),
        ("[vocabularies]\ndatasets = []\ncolours = []", "hubkit.toml:3: vocabularies must be a table of lists"),
        ("ignore = []\nlinks = {max-age-days = 'x'}", "hubkit.toml:2: links has a wrong value: max-age-days"),
    ],
)
def test_a_bad_setting_is_named_with_its_file(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "hubkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert words in caught.value.message
    assert str(tmp_path) in caught.value.message


def test_hosts_may_be_names_and_addresses(tmp_path: Path) -> None:
    hosts = ["gitee.com", "localhost", "my_host.intranet", "10.0.0.1", "::1", "xn--fiqs8s.cn"]
    (tmp_path / "hubkit.toml").write_text(f"known-hosts = {hosts}\n[links]\nallowed-private-hosts = {hosts}")
    found = load_settings(tmp_path)
    assert found.known_hosts == found.links.allowed_private_hosts == tuple(hosts)


def test_a_rule_that_does_not_exist_is_named_with_the_line_of_its_key(tmp_path: Path) -> None:
    (tmp_path / "hubkit.toml").write_text('[severity]\nlink-host = "error"\nlink-hots = "error"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"hubkit\.toml:3: severity: there is no rule 'link-hots'"):
        choose(load_settings(tmp_path))


def test_a_folder_or_a_pipe_in_the_files_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "hubkit.toml").mkdir()
    with pytest.raises(ConfigError, match=r"hubkit\.toml: it is a folder") as caught:
        load_settings(tmp_path)
    assert caught.value.hint == "Move it away, or rename it."
    (tmp_path / "inside").mkdir()
    os.mkfifo(tmp_path / "inside" / "hubkit.toml")
    with pytest.raises(ConfigError, match=r"hubkit\.toml: it is no regular file"):
        load_settings(tmp_path / "inside")


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
