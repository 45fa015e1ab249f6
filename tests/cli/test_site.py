"""``hubkit site``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hubkit.cli import cli
from hubkit.cli.site import checked_base_url
from hubkit.errors import SiteError


@pytest.fixture
def project(project_dir: Path, tmp_path: Path) -> Path:
    """A folder with cards in it."""
    shutil.copytree(project_dir / "cards", tmp_path / "cards")
    return tmp_path


def build(project: Path, *options: str) -> str:
    result = CliRunner().invoke(
        cli, ["site", "build", "--cards", str(project / "cards"), "--out", str(project / "build"), *options]
    )
    assert result.exit_code == 0, result.output
    return result.output


def test_what_did_not_change_is_not_written(project: Path) -> None:
    assert " 0 unchanged" in build(project)
    assert " 0 files written" in build(project)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_nobody_need_listen(project: Path, closed: str) -> None:
    command = f"exec '{sys.executable}' -m hubkit site build --cards cards --out build {closed}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=project, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (project / "build/site/index.html").is_file()


def test_templates_beside_the_cards_are_taken_and_others_where_they_are_named(project: Path) -> None:
    for name in ("site_templates", "others"):
        (project / name).mkdir()
        (project / name / "404.html").write_text(f"from {name}")
    build(project)
    assert (project / "build/site/404.html").read_text() == "from site_templates"
    build(project, "--templates", str(project / "others"))
    assert (project / "build/site/404.html").read_text() == "from others"


def test_a_template_that_takes_the_place_of_none_is_told_with_near_names(project: Path) -> None:
    own = project / "site_templates"
    (own / "static").mkdir(parents=True)
    (own / "modle.html").write_text("x")
    (own / "style.css").write_text("x")
    (own / "404.html").write_text("{% include 'ours.html' %}")
    (own / "ours.html").write_text("ours")
    (own / "README.md").write_text("notes")
    output = build(project)
    assert f"{own / 'modle.html'} has no effect: no template, static file or text of hubkit has this name" in output
    assert "Did you mean model.html" in output
    assert "Did you mean static/style.css?" in output
    assert output.count("has no effect") == 2
    strict = CliRunner().invoke(
        cli, ["site", "build", "--cards", str(project / "cards"), "--out", str(project / "build"), "--strict"]
    )
    assert strict.exit_code == 1


def test_a_base_url_is_where_the_site_will_be(project: Path) -> None:
    build(project, "--base-url", "https://hub.example/models")
    assert 'href="https://hub.example/models/index.html"' in (project / "build/site/index.html").read_text()


@pytest.mark.parametrize(
    "url",
    [
        "hub.example",
        "ftp://hub.example/",
        "https://",
        "https://h/?q",
        "https://h/#a",
        'https://h/"',
        "https://[",
        "https://h/ a",
    ],
)
def test_what_is_no_url_of_a_site(url: str) -> None:
    with pytest.raises(SiteError, match="no URL of a site"):
        checked_base_url(url)


def test_strict_fails_where_a_card_cannot_be_shown(project: Path) -> None:
    (project / "cards/bad.md").write_text("")
    options = ["site", "build", "--cards", str(project / "cards"), "--out", str(project / "build")]
    assert CliRunner().invoke(cli, options).exit_code == 0
    result = CliRunner().invoke(cli, [*options, "--strict"])
    assert result.exit_code == 1
    assert "the file is empty" in result.output


def test_a_folder_without_cards_does_not_empty_a_site(project: Path) -> None:
    options = ["site", "build", "--cards", str(project / "cards"), "--out", str(project / "build")]
    assert CliRunner().invoke(cli, options).exit_code == 0
    before = (project / "build/site/index.html").read_bytes()
    (project / "none").mkdir()
    with pytest.raises(SiteError, match="holds no cards"):
        CliRunner().invoke(
            cli, ["site", "build", "--cards", str(project / "none"), *options[4:]], catch_exceptions=False
        )
    assert (project / "build/site/index.html").read_bytes() == before
