"""Lint with the network: what is told, what is suppressed, what is mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from hubkit.errors import ConfigError
from hubkit.links.verdict import Verdict
from hubkit.lint.diagnostic import Report
from hubkit.lint.engine import lint
from hubkit.lint.mending import mend_cards
from hubkit.lint.online import OnlineCards, with_links
from hubkit.lint.selection import Selection, choose, only_online, without_online
from hubkit.settings import Settings
from tests.lint.answers import ALIVE, ANSWERS, online_findings
from tests.lint.samples import card
from tests.requirements import PROJECT

BAD = PROJECT / "tests" / "cards" / "bad"
GONE = "https://gone.example/recipe"


def write(folder: Path, text: str) -> Path:
    path = folder / "1.9" / "u2net_dutstr.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def whole(path: Path, selection: Selection, answers: Mapping[str, Verdict] = ANSWERS) -> Report:
    """What `hubkit lint --online` reports of one card."""
    report = lint([path], Settings(), selection=without_online(selection))
    cards = OnlineCards([path], selection)
    verdicts = {page: answers.get(page, ALIVE) for page in (link.partition("#")[0] for link in cards.links())}
    return with_links(report, cards.findings(verdicts), [str(path)])


@pytest.mark.parametrize(
    ("rule", "severity", "place", "message", "hint"),
    [
        (
            "link-dead",
            "error",
            GONE,
            "the link is dead: the server answers 404",
            "Write where it is to be found now, or take the link out.",
        ),
        (
            "link-refused",
            "error",
            "https://inside.example/recipe",
            "the link leads to a private address: inside.example",
            "Link to a public https address. A host of your own network goes into allowed-private-hosts of [links].",
        ),
        (
            "link-moved",
            "warning",
            "https://moved.example/recipe#steps",
            "the link has moved to https://new.example/recipe",
            "Write https://new.example/recipe#steps",
        ),
        (
            "link-fragment",
            "warning",
            "https://docs.example/recipe#stepps",
            "the page is there, but has no place called 'stepps'",
            "Write the name of a heading of that page.",
        ),
        (
            "link-on-mirror-only",
            "info",
            "https://mirrored.example/recipe",
            "the link is dead: the server answers 404; the mirror https://mirror.example/recipe has it",
            "Publish it again where the link leads, or link to a copy.",
        ),
        (
            "link-uncertain",
            "info",
            "https://journals.example/recipe",
            "the link is not shown to programs (status 403)",
            "Open it in a browser.",
        ),
    ],
)
def test_what_is_said(rule: str, severity: str, place: str, message: str, hint: str) -> None:
    (found,) = online_findings([BAD / rule / "1.9" / "u2net_dutstr.md"], ANSWERS)
    assert (found.rule, found.severity.value, found.message, found.hint) == (rule, severity, message, hint)
    assert found.source_line[found.column - 1 : found.end_column - 1] == place


@pytest.mark.parametrize(
    ("key", "value"), [("repo-link", GONE), ("asset-link", f"<{GONE}>"), ("repo-link", f'"{GONE}"')]
)
def test_links_of_the_front_matter_are_found_with_their_place(tmp_path: Path, key: str, value: str) -> None:
    (found,) = online_findings([write(tmp_path, card({key: value}))], ANSWERS)
    assert found.source_line[found.column - 1 : found.end_column - 1] == GONE


def test_what_is_no_web_link_is_not_asked_for(tmp_path: Path) -> None:
    body = "[a](mailto:a@b.example) [b](#x) [c](../c.md) [d](ftp://d.example/) ![e](e.png) <https://f.example/>\n"
    path = write(tmp_path, card({"repo-link": "to be told", "asset-link": "https://a b/"}, body=body))
    assert list(OnlineCards([path], choose(Settings(), online=True)).links()) == ["https://f.example/"]


def test_links_in_raw_html_are_asked_for(tmp_path: Path) -> None:
    body = (
        f'<p><img src="https://a.example/x?a=1&amp;b=2" data-src="https://no.example/"></p>\n\n'
        f'words <a href={chr(39)}{GONE}{chr(39)}>there</a> <!-- <a href="https://no.example/"> -->\n'
    )
    path = write(tmp_path, card({"repo-link": "", "asset-link": ""}, body=body))
    links = list(OnlineCards([path], choose(Settings(), online=True)).links())
    assert links == ["https://a.example/x?a=1&b=2", GONE]
    (found,) = online_findings([path], ANSWERS)
    assert found.source_line[found.column - 1 : found.end_column - 1] == GONE


def test_a_link_that_stands_in_several_places_is_asked_for_once_and_told_at_each(tmp_path: Path) -> None:
    path = write(tmp_path, card({"repo-link": GONE}, body=f"[a]({GONE}) and [b]({GONE})\n"))
    assert list(OnlineCards([path], choose(Settings(), online=True)).links()).count(GONE) == 1
    assert len(online_findings([path], ANSWERS)) == 3


def test_rules_that_need_the_network_do_not_run_without_it(tmp_path: Path) -> None:
    offline = {rule.id for rule in choose(Settings()).rules}
    online = {rule.id for rule in choose(Settings(), online=True).rules}
    assert online - offline == {path.name for path in BAD.iterdir()} - offline
    assert len(online - offline) == 6
    with pytest.raises(ConfigError, match="--select: link-dead is found out only by asking the network"):
        choose(Settings(), select=["link-dead"])
    assert "link-dead" not in {rule.id for rule in choose(Settings(), select=["links"]).rules}


SUPPRESSED = f"<!-- hubkit: ignore link-dead -->\n[recipe]({GONE})\n"


def test_a_suppression_is_not_called_unused_where_its_rule_did_not_run(tmp_path: Path) -> None:
    path = write(tmp_path, card(body=SUPPRESSED))
    selection = choose(Settings(), select=["unused-suppression", "link-dead", "link-host"])
    assert lint([path], Settings(), selection=selection).diagnostics == ()


def test_a_suppression_holds_online_and_is_called_unused_when_the_link_is_mended(tmp_path: Path) -> None:
    path = write(tmp_path, card(body=SUPPRESSED))
    selection = choose(Settings(), select=["unused-suppression", "link-dead"], online=True)
    assert whole(path, selection).diagnostics == ()
    (found,) = whole(path, selection, {}).diagnostics
    assert (found.rule, found.message) == ("unused-suppression", "nothing is left to suppress for link-dead")


def test_a_suppression_that_cannot_work_is_told_once(tmp_path: Path) -> None:
    path = write(tmp_path, card(body="<!-- hubkit: ignore link-ded -->\n[x](https://a.example)\n"))
    selection = choose(Settings(), select=["unused-suppression", "link-dead"], online=True)
    (found,) = whole(path, selection).diagnostics
    assert found.message == "there is no rule 'link-ded' to suppress"


def test_findings_stand_in_the_order_of_the_card(tmp_path: Path) -> None:
    path = write(tmp_path, card({"repo-link": GONE, "license": "Apache2.0"}, body=f"[a]({GONE})\n"))
    found = whole(path, choose(Settings(), select=["license-spdx", "link-dead"], online=True)).diagnostics
    assert [item.rule for item in found] == ["link-dead", "license-spdx", "link-dead"]


def test_severities_and_ignores_of_the_settings_hold(tmp_path: Path) -> None:
    path = write(tmp_path, card(body=f"[a]({GONE})\n"))
    settings = Settings(severity={"link-dead": "info"})
    (found,) = online_findings([path], ANSWERS, only_online(choose(settings, online=True)))
    assert found.severity.value == "info"
    settings = Settings(per_path_ignores={"**": ("links",)}, file=tmp_path / "hubkit.toml")
    assert list(OnlineCards([path], choose(settings, online=True)).links()) == []
    assert online_findings([path], ANSWERS, choose(settings, online=True)) == []


def test_a_link_that_moved_is_mended_only_by_an_unsafe_fix(tmp_path: Path) -> None:
    text = (BAD / "link-moved" / "1.9" / "u2net_dutstr.md").read_text(encoding="utf-8")
    path = write(tmp_path, text)
    selection = choose(Settings(), online=True)
    report = whole(path, selection)
    for unsafe in (False, True):
        list(mend_cards(report, Settings(), without_online(selection), unsafe=unsafe, write=True))
        mended = path.read_text(encoding="utf-8")
        assert mended == (text.replace("https://moved.example/", "https://new.example/") if unsafe else text)


@pytest.mark.parametrize(
    "address",
    [
        "http://new.example/",
        "https://new.example/a)b",
        "https://new.example/a b",
        "https://new.example/`",
        "https://x/#",
    ],
)
def test_an_address_that_could_break_the_card_is_left_to_a_reader(tmp_path: Path, address: str) -> None:
    path = write(tmp_path, card(body=f"[a]({GONE})\n"))
    moved = replace(ANSWERS["https://moved.example/recipe"], moved_to=address, fragments={})
    (found,) = online_findings([path], {GONE: moved})
    assert found.rule == "link-moved"
    assert found.fix is None
