"""``hubkit links`` and ``hubkit lint --online``: exit statuses, reports, the summary."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from hubkit.cli import cli
from hubkit.errors import ConfigError
from hubkit.settings import LinkSettings, load_settings
from tests.cli.test_main import hubkit
from tests.links.server import Host, Reply, link_host
from tests.links.test_check import PLACE, html
from tests.lint.samples import card

SCRIPT = {
    "/ok": html(PLACE),
    "/moved": Reply(301, {"Location": "/ok"}),
    "/shy": Reply(403),
    "/gone": Reply(404),
    "/there": Reply(),
}
Run: TypeAlias = Callable[..., Result]

SETTINGS = '[links]\nallowed-private-hosts = ["127.0.0.1"]\ninterval-seconds = 0\n'


@pytest.fixture
def host() -> Iterator[Host]:
    with link_host(SCRIPT) as host:
        yield host


def hub(folder: Path, host: Host, *names: str, settings: str = SETTINGS) -> Path:
    """A hub with one card, in which all links lead to ``host``."""
    ok = f"{host.url}/ok"
    body = "".join(f"[words {number}]({host.url}/{name})\n" for number, name in enumerate(names))
    path = folder / "cards" / "1.9" / "u2net_dutstr.md"
    path.parent.mkdir(parents=True)
    path.write_text(card({"repo-link": ok, "asset-link": ok}, body=body), encoding="utf-8")
    (folder / "hubkit.toml").write_text(settings, encoding="utf-8")
    return path


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `hubkit links` in the hub."""

    def run(*words: str, folder: Path = tmp_path, **env: str) -> Result:
        monkeypatch.chdir(folder)
        return CliRunner().invoke(cli, ["links", *words], env=env)

    return run


@pytest.mark.parametrize(
    ("names", "options", "status", "rules"),
    [
        ((), [], 0, []),
        (("gone",), [], 1, ["link-dead"]),
        (("moved",), [], 0, ["link-moved"]),
        (("moved",), ["--strict"], 1, ["link-moved"]),
        (("shy",), ["--strict"], 0, ["link-uncertain"]),
        (("shy", "moved"), ["--severity", "warning"], 0, ["link-moved"]),
        (("ok#install", "ok#instal"), [], 0, ["link-fragment"]),
    ],
)
def test_exit_status_and_findings(
    tmp_path: Path,
    host: Host,
    links: Run,
    names: tuple[str, ...],
    options: list[str],
    status: int,
    rules: list[str],
) -> None:
    hub(tmp_path, host, *names)
    done = links("cards", "--format", "json", *options)
    assert done.exit_code == status, done.stderr
    assert [row["rule"] for row in json.loads(done.stdout)] == rules


def test_the_summary_counts_links_and_goes_to_standard_error(tmp_path: Path, host: Host, links: Run) -> None:
    hub(tmp_path, host, "ok#install", "moved", "shy", "gone", "gone")
    first = links("cards")
    assert first.stderr == "5 links on 1 host: 2 alive, 1 moved, 1 uncertain, 1 dead\n"
    assert first.stdout.endswith("1 card checked: 2 errors, 1 warning, 1 note\n")
    again = links("cards")
    assert again.stderr == "5 links on 1 host: 2 alive, 1 moved, 1 uncertain, 1 dead (3 known from earlier runs)\n"
    assert again.stdout == first.stdout
    fresh = links("cards", "--no-cache")
    assert fresh.stderr == first.stderr


def test_a_card_that_cannot_be_read_is_told(tmp_path: Path, host: Host, links: Run) -> None:
    path = hub(tmp_path, host, "ok")
    path.with_name("broken_data.md").write_text("---\nrepo-link: [\n---\n[a](https://a.example/)\n", encoding="utf-8")
    done = links("cards", "--offline")
    assert done.exit_code == 1
    assert "broken_data.md: its front matter cannot be read, so its links were not asked for" in done.stderr
    assert "1 of 2 cards cannot be read in full; `hubkit lint` says why" in done.stderr


def test_receipts_lie_beside_the_settings(tmp_path: Path, host: Host, links: Run) -> None:
    hub(tmp_path, host)
    links(".", folder=tmp_path / "cards")
    links = json.loads((tmp_path / ".hubkit_cache" / "links.json").read_text())["links"]
    assert links[f"{host.url}/ok"]["status"] == 200


@pytest.mark.parametrize(("options", "env"), [(["--offline"], {}), ([], {"HUBKIT_OFFLINE": "1"})])
def test_offline_what_is_not_known_is_said_to_be_skipped(
    tmp_path: Path, host: Host, links: Run, options: list[str], env: dict[str, str]
) -> None:
    hub(tmp_path, host, "gone")
    lint = hubkit("lint", "--online", "--select", "links", "cards", *options, "--format", "json", cwd=tmp_path, **env)
    for done in (lint, links("cards", *options, "--format", "json", **env)):
        assert done.stderr == "2 links on 1 host: 2 skipped: offline\n"
        rows = [row for row in json.loads(done.stdout) if row["rule"] == "link-uncertain"]
        words = "the link was not checked: offline, and no earlier result is fresh enough"
        assert [row["message"] for row in rows] == [words] * 3
    assert host.connections == 0


def test_private_addresses_are_refused_and_an_option_allows_them(tmp_path: Path, host: Host, links: Run) -> None:
    hub(tmp_path, host, settings="")
    refused = links("cards", "--format", "json")
    assert (refused.exit_code, host.connections) == (1, 0)
    assert {row["rule"] for row in json.loads(refused.stdout)} == {"link-refused"}
    assert links("cards", "--allow-private", "127.0.0.1").exit_code == 0


def test_lint_asks_only_when_told_to(tmp_path: Path, host: Host) -> None:
    hub(tmp_path, host, "gone")
    select = ["--select", "link-dead", "--select", "license-spdx"]
    assert hubkit("lint", "cards", *select, cwd=tmp_path).stdout == "1 card checked: no findings\n"
    assert host.connections == 0
    online = hubkit("lint", "cards", *select, "--online", cwd=tmp_path)
    assert (online.returncode, host.connections > 0) == (1, True)
    assert "error[link-dead] the link is dead: the server answers 404" in online.stdout


@pytest.mark.parametrize("format_", ["sarif", "github", "junit", "statistics"])
def test_every_format_tells_it(tmp_path: Path, host: Host, links: Run, format_: str) -> None:
    hub(tmp_path, host, "gone")
    done = links("cards", "--output", f"{format_}=report")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "link-dead" in (tmp_path / "report").read_text(encoding="utf-8")


def test_a_baseline_keeps_known_links_quiet(tmp_path: Path, host: Host, links: Run) -> None:
    path = hub(tmp_path, host, "gone")
    hubkit("lint", "cards", "--online", "--write-baseline", "known.json", cwd=tmp_path)
    assert links("cards", "--baseline", "known.json").exit_code == 0
    path.write_text(path.read_text(encoding="utf-8") + f"\n[more]({host.url}/gone)\n", encoding="utf-8")
    assert links("cards", "--baseline", "known.json").exit_code == 1


def test_standard_input_can_be_checked_online(tmp_path: Path, host: Host) -> None:
    path = hub(tmp_path, host, "gone")
    words = ["lint", "--online", "--select", "link-dead", "--stdin-filename", "cards/1.9/new.md", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "hubkit", *words],
        cwd=tmp_path,
        input=path.read_bytes(),
        capture_output=True,
        check=False,
    )
    assert [row["path"] for row in json.loads(done.stdout)] == ["cards/1.9/new.md"]


def test_unsafe_fixes_write_the_new_address_of_a_link_only_where_that_is_https(tmp_path: Path, host: Host) -> None:
    path = hub(tmp_path, host, "moved")
    before = path.read_bytes()
    hubkit("lint", "cards", "--online", "--select", "link-moved", "--unsafe-fixes", cwd=tmp_path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["lint", "--select", "link-dead"], "--select: link-dead is found out only by asking the network"),
        (["lint", "--online", "--watch"], "--online does not go with --watch"),
        (["links", "nowhere"], "nowhere: no such file or folder"),
        (["links", "--baseline", "missing.json"], "missing.json: the baseline cannot be read"),
    ],
)
def test_what_could_not_run(tmp_path: Path, words: list[str], message: str) -> None:
    done = hubkit(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_of_links(tmp_path: Path) -> None:
    text = '[links]\nallowed-private-hosts = ["a"]\nrequests-per-host = 3\ninterval-seconds = 0.5\nmax-age-days = 1\n'
    (tmp_path / "hubkit.toml").write_text(text, encoding="utf-8")
    assert load_settings(tmp_path).links == LinkSettings(("a",), 3, 0.5, 1.0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("links = 3", "links must be a table, whose keys are among allowed-private-hosts, requests-per-host"),
        ("[links]\nretries = 3", "links must be a table, whose keys are among"),
        ("[links]\nrequests-per-host = 0", "links has a wrong value: requests-per-host must be a whole number from 1"),
        ("[links]\nrequests-per-host = true", "requests-per-host must be a whole number from 1"),
        ("[links]\ninterval-seconds = -1", "interval-seconds must be a number from 0 to 3600"),
        ("[links]\ninterval-seconds = 1e300", "interval-seconds must be a number from 0 to 3600"),
        ("[links]\nmax-age-days = 1e300", "max-age-days must be a number from 0 to 36500"),
        ("[links]\nmax-age-days = inf", "max-age-days must be a number from 0 to 36500"),
        ("[links]\nallowed-private-hosts = 'a'", "allowed-private-hosts must be a list of texts"),
    ],
)
def test_a_wrong_setting_of_links_is_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "hubkit.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert f"hubkit.toml:{len(text.splitlines())}: " in caught.value.message
    assert words in caught.value.message
