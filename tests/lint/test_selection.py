"""Which rules run: by the command line, the settings, and the path."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.errors import ConfigError
from hubkit.lint.diagnostic import Severity
from hubkit.lint.engine import lint
from hubkit.lint.rules import RULES
from hubkit.lint.selection import Selection, choose
from hubkit.settings import Settings, load_settings
from tests.hubs import write_card


def ids(selection: Selection) -> set[str]:
    return {rule.id for rule in selection.rules}


def settings(folder: Path, text: str) -> Settings:
    (folder / "hubkit.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_all_rules_run_where_nothing_is_said() -> None:
    assert [rule.id for rule in choose(Settings(), online=True).rules] == [rule.id for rule in RULES]


def test_select_by_id_by_category_and_all() -> None:
    assert ids(choose(Settings(), select=["license-spdx", "hashes"])) == {"license-spdx"} | {
        rule.id for rule in RULES if rule.category.value == "hashes"
    }
    everything = choose(Settings(select=("license-spdx",)), select=["all"], online=True)
    assert ids(everything) == {rule.id for rule in RULES}


def test_the_command_line_selects_in_place_of_the_settings_and_both_ignore() -> None:
    chosen = choose(Settings(select=("schema",), ignore=("link-host",)), select=["links"], ignore=["link-form"])
    assert "schema" not in ids(chosen)
    assert ids(chosen) & {"link-host", "link-form"} == set()
    assert "link-brackets" in ids(chosen)


def test_a_severity_of_the_hub_counts_for_the_least_one_too() -> None:
    hub = Settings(severity={"link-brackets": "error", "schema": "info"})
    chosen = choose(hub, least=Severity.ERROR)
    assert {rule.severity for rule in chosen.rules} == {Severity.ERROR}
    assert "link-brackets" in ids(chosen)
    assert "schema" not in ids(chosen)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('ignore = [\n  "licence-spdx",\n]', "hubkit.toml:1: ignore: there is no rule 'licence-spdx'"),
        ('\n\nselect = ["nothing"]', "hubkit.toml:3: select: there is no rule 'nothing'"),
        ('[severity]\nschema = "fatal"', "hubkit.toml:2: severity: schema cannot be 'fatal'"),
        ('[per-path-ignores]\n"old/**" = ["x"]', "hubkit.toml:2: per-path-ignores: there is no rule 'x'"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        choose(settings(tmp_path, text))
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\nknwon-hosts = []", "hubkit.toml:2: unknown setting 'knwon-hosts'"),
        ("[severity]\n[mirors]", "hubkit.toml:2: unknown setting 'mirors'"),
        ("# text\nknown-hosts = 3", "hubkit.toml:2: known-hosts must be a list of texts"),
        ("[per-path-ignores]\nx = 3", "hubkit.toml:2: per-path-ignores has a wrong value: x must be a list of texts"),
    ],
)
def test_a_setting_that_is_none_is_named_with_file_and_line(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings(tmp_path, text)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("licens", "license-spdx"),
        ("spdx", "license-spdx"),
        ("line_ends", "line-ends"),
        ("Trailing", "trailing-space"),
        ("hashs", "hashes"),
        ("zebra", ""),
    ],
)
def test_words_of_a_rule_stand_for_it_in_what_is_proposed(name: str, meant: str) -> None:
    with pytest.raises(ConfigError) as caught:
        choose(Settings(), select=[name])
    assert caught.value.hint == f"{f'Did you mean {meant!r}? ' if meant else ''}`hubkit rules` lists them."


def test_a_misspelt_rule_gets_the_nearest_one() -> None:
    with pytest.raises(ConfigError) as caught:
        choose(Settings(), ignore=["licence-spdx"])
    assert caught.value.message == "--ignore: there is no rule 'licence-spdx'"
    assert "Did you mean 'license-spdx'?" in caught.value.hint


def test_rules_are_silent_where_the_settings_say_so(tmp_path: Path) -> None:
    for name in ("one", "two"):
        path = tmp_path / "cards" / f"{write_card(tmp_path / 'cards', name)}.md"
        path.write_text(path.read_text(encoding="utf-8").replace("Apache-2.0", "Apache2.0"), encoding="utf-8")
    hub = settings(
        tmp_path, 'known-hosts = ["127.0.0.1", "gitee.com"]\n[per-path-ignores]\n"cards/**/one_*.md" = ["license-spdx"]'
    )
    report = lint([tmp_path / "cards"], hub)
    assert [Path(found.path).name for found in report.diagnostics if found.rule == "license-spdx"] == ["two_data.md"]


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("old/**", "old/a/b.md", True),
        ("old/*", "old/a/b.md", False),
        ("**/b.md", "b.md", True),
        ("**/b.md", "x/y/b.md", True),
        ("a?.md", "ab.md", True),
        ("a?.md", "a/.md", False),
        ("a.md", "axmd", False),
    ],
)
def test_globs(tmp_path: Path, glob: str, path: str, matches: bool) -> None:
    chosen = choose(settings(tmp_path, f'[per-path-ignores]\n"{glob}" = ["schema"]'))
    assert bool(chosen.ignored((tmp_path.resolve() / path).as_posix())) is matches
