"""Code runs only where its user said so, for this repository and this commit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hubkit.repos.checkout import PinnedCode
from hubkit.repos.trust import Trust, how_to_trust

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "f" * 40
MODELS = "https://gitee.com/mindspore/models"
CODE = PinnedCode(MODELS, COMMIT, "official/cv/resnet")


def entry(repository: str = MODELS, *commits: str, file: Path | None = None) -> Trust:
    return Trust(entries={repository: commits or (COMMIT,)}, file=file, place="hubkit.toml:3")


def test_nobody_said_so(tmp_path: Path) -> None:
    assert Trust().granted(CODE, tmp_path) == ""


def test_the_flag_says_so(tmp_path: Path) -> None:
    assert Trust(flag=True).granted(CODE, tmp_path) == "--trust-repo"


@pytest.mark.parametrize("repository", [MODELS, f"{MODELS}.git", f"{MODELS}/", "https://Gitee.com/mindspore/models"])
def test_an_entry_says_so_for_its_repository_and_commit(tmp_path: Path, repository: str) -> None:
    assert entry(repository, OTHER, COMMIT).granted(CODE, tmp_path) == "hubkit.toml:3"


@pytest.mark.parametrize(
    "trust",
    [
        entry(MODELS, OTHER),
        entry("https://gitee.com/mindspore"),
        entry("https://gitee.com/mindspore/"),
        entry("https://gitee.com/mindspore/models2"),
        entry("https://gitee.com.example/mindspore/models"),
        entry("https://github.com/mindspore/models"),
        entry("*"),
        entry(""),
    ],
)
def test_an_entry_for_something_else_does_not(tmp_path: Path, trust: Trust) -> None:
    assert trust.granted(CODE, tmp_path) == ""


def test_settings_in_the_store_do_not_count(tmp_path: Path) -> None:
    store = tmp_path / "store"
    code = store / "repositories" / "0" / COMMIT / "code"
    code.mkdir(parents=True)
    (tmp_path / "way").symlink_to(code)
    for folder in (code, tmp_path / "way"):
        assert entry(file=folder / "hubkit.toml").granted(CODE, store) == ""
    assert entry(file=tmp_path / "hubkit.toml").granted(CODE, store) == "hubkit.toml:3"


@pytest.mark.parametrize(
    ("remote", "counts"),
    [
        (MODELS, False),
        (f"{MODELS}.git", False),
        ("https://gitee.com/mindspore/hub", True),
    ],
)
def test_settings_in_a_clone_of_the_repository_itself_do_not_count(tmp_path: Path, remote: str, counts: bool) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text(f'[remote "origin"]\n\turl = {remote}\n', encoding="utf-8")
    below = tmp_path / "official" / "cv"
    below.mkdir(parents=True)
    found = entry(file=below / "hubkit.toml").granted(CODE, tmp_path / "store")
    assert found == ("hubkit.toml:3" if counts else "")


def test_the_way_to_trust_is_exact() -> None:
    lines = [line.strip() for line in how_to_trust(CODE).splitlines()]
    assert tomllib.loads("\n".join(lines[1:])) == {"trust": {MODELS: [COMMIT]}}
    assert "--trust-repo" in how_to_trust(CODE)
