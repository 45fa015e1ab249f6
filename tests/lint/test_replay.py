"""A run in which nothing changed says what the last one said, without reading a card."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hubkit.cli import cli
from hubkit.lint.cache_folder import write_record
from tests.hubs import write_card

SETTINGS = 'known-hosts = ["127.0.0.1", "gitee.com"]\n'


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "hubkit.toml").write_text(SETTINGS, encoding="utf-8")
    for number in range(3):
        write_card(tmp_path / "cards", f"net{number}", content=b"x")
    spoil(tmp_path / "cards/tests/1.9/net1_data.md")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def spoil(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("Apache-2.0", "Apache2.0"), encoding="utf-8")


def lint(*options: str) -> Result:
    return CliRunner().invoke(cli, ["lint", "cards", "--format", "json", "--jobs", "1", *options])


def was_replayed(hub: Path, *options: str) -> bool:
    """Whether the next run says what is written down, rather than what it finds: the record is changed to tell."""
    file = hub / ".hubkit_cache" / "run.json"
    data = json.loads(file.read_bytes().partition(b"\n")[2])
    data["record"]["reports"]["json"] = "said before"
    write_record(file, data["key"], data["record"])
    return lint(*options).stdout == "said before"


def test_nothing_changed(hub: Path) -> None:
    first, second = lint(), lint()
    assert (first.stdout, first.exit_code) == (second.stdout, second.exit_code)
    assert second.exit_code == 1
    assert was_replayed(hub)


def test_the_exit_status_counts_warnings_where_they_do(hub: Path) -> None:
    (hub / "hubkit.toml").write_text(SETTINGS + '[severity]\nlicense-spdx = "warning"\n', encoding="utf-8")
    assert [lint().exit_code, lint().exit_code, lint("--strict").exit_code] == [0, 0, 1]
    assert was_replayed(hub, "--strict")


@pytest.mark.parametrize(
    "options",
    [
        ["--select", "license-spdx"],
        ["--ignore", "license-spdx"],
        ["--severity", "error"],
        ["--no-cache"],
        ["--fix"],
        ["--diff"],
        ["--output", "text=-"],
    ],
    ids=" ".join,
)
def test_another_run_is_made(hub: Path, options: list[str]) -> None:
    lint()
    assert not was_replayed(hub, *options)


def test_a_changed_card_an_added_one_and_a_removed_one(hub: Path) -> None:
    card = hub / "cards/tests/1.9/net2_data.md"
    changes: list[Callable[[], object]] = [
        lambda: spoil(card),
        lambda: write_card(hub / "cards", "net9", content=b"x"),
        card.unlink,
    ]
    for change in changes:
        lint()
        change()
        assert not was_replayed(hub)


def test_changed_settings(hub: Path) -> None:
    lint()
    (hub / "hubkit.toml").write_text(SETTINGS + 'ignore = ["license-spdx"]\n', encoding="utf-8")
    assert not was_replayed(hub)


def test_a_file_that_a_rule_looked_at(hub: Path) -> None:
    card = hub / "cards/tests/1.9/net1_data.md"
    card.write_text(card.read_text(encoding="utf-8") + "\n![net](net.png)\n", encoding="utf-8")
    assert "relative-link" in lint().stdout
    (hub / "cards/tests/1.9/net.png").write_bytes(b"png")
    assert not was_replayed(hub)
    assert "relative-link" not in lint().stdout


def test_a_baseline_that_changed(hub: Path) -> None:
    lint("--write-baseline", "known.json")
    assert lint("--baseline", "known.json").stdout == "[]\n"
    assert was_replayed(hub, "--baseline", "known.json")
    lint("--baseline", "known.json")
    known = hub / "known.json"
    known.write_text(known.read_text(encoding="utf-8").replace("license-spdx", "file-name"), encoding="utf-8")
    assert not was_replayed(hub, "--baseline", "known.json")


def test_a_card_written_while_it_is_read_counts_as_changed(hub: Path) -> None:
    """The stamps are older than the reading."""
    program = (
        "import sys; from pathlib import Path; from hubkit.lint import engine; parse = engine.read_document\n"
        "def late(path):\n"
        "    document = parse(path)\n"
        "    path.write_text(path.read_text().replace('Apache-2.0', 'Apache2.0'))\n"
        "    return document\n"
        "engine.read_document = late\n"
        "from hubkit.cli import cli; cli(['lint', 'cards', '--format', 'json', '--jobs', '1'])"
    )
    subprocess.run([sys.executable, "-c", program], cwd=hub, env=os.environ, check=False, capture_output=True)
    assert lint().stdout.count("license-spdx") == 3


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"key": 3, "record": {}}'])
def test_a_damaged_record_is_as_good_as_none(hub: Path, content: str) -> None:
    first = lint()
    (hub / ".hubkit_cache" / "run.json").write_text(content, encoding="utf-8")
    assert lint().stdout == first.stdout


def test_no_rule_is_loaded_and_no_card_read(hub: Path) -> None:
    program = (
        "import sys; from hubkit.cli import cli\n"
        "try: cli(['lint', 'cards', '--format', 'json'])\n"
        "except SystemExit: pass\n"
        "print([name for name in ('hubkit.lint.engine', 'hubkit.lint.rules', 'yaml') if name in sys.modules])"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], cwd=hub, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert [run.splitlines()[-1] for run in runs] == ["['hubkit.lint.engine', 'hubkit.lint.rules', 'yaml']", "[]"]


@pytest.mark.parametrize(
    "damage",
    [
        {"stamps": None},
        {"around": None},
        {"around": []},
        {"reports": None},
        {"reports": {"json": None}},
        {"errors": None},
        {"warnings": "2"},
    ],
    ids=repr,
)
def test_a_record_that_is_damaged_inside_is_as_good_as_none(hub: Path, damage: dict[str, object]) -> None:
    first = lint()
    file = hub / ".hubkit_cache" / "run.json"
    digest, _, text = file.read_bytes().partition(b"\n")
    data = json.loads(text)
    data["record"].update(damage)
    file.write_bytes(digest + b"\n" + json.dumps(data).encode())
    second = lint()
    assert (second.stdout, second.exit_code) == (first.stdout, first.exit_code)


def test_a_change_that_keeps_size_and_time(hub: Path) -> None:
    card = hub / "cards/tests/1.9/net2_data.md"
    lint()
    before = card.stat()
    content = card.read_bytes().replace(b"Apache-2.0", b"Apache-2,0")
    with card.open("r+b") as stream:  # the same file, as an editor with a restored time leaves it
        stream.write(content)
    os.utime(card, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not was_replayed(hub)


@pytest.mark.parametrize("name", ["HUBKIT_CACHE", "XDG_CACHE_HOME", "HOME"])
def test_another_store_of_fetched_files(hub: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    lint()
    monkeypatch.setenv(name, str(hub / "elsewhere"))
    assert not was_replayed(hub)


def test_another_python_and_other_packages(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lint()
    with monkeypatch.context() as changed:
        changed.setattr(sys, "version", "3.99.0")
        assert not was_replayed(hub)
    packages = hub / "site-packages"
    packages.mkdir()
    monkeypatch.syspath_prepend(packages)
    lint()
    assert was_replayed(hub)
    lint()
    (packages / "parser-2.0.dist-info").mkdir()
    assert not was_replayed(hub)
