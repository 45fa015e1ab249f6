"""Links: a claim is as good as what was found out of them, and no better."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from hubkit.resources import schema
from hubkit.site.build import build_site
from hubkit.site.claims import Badge, Mark
from hubkit.site.link_evidence import checks, links_badge, read_links
from hubkit.site.render import Renderer
from tests.site.examples import ASSET_LINK, U2NET, Hub, passed
from tests.site.html import elements, parse, words

CODE = "https://git.example/models/u2net"


def record(path: Path, **states: dict[str, str]) -> Path:
    """A file as `hubkit links` keeps it; "asset" and "code" are the card's links."""
    names = {"asset": ASSET_LINK, "code": CODE}
    rows = {names[name]: {"checked": "2026-11-20T08:15:00+00:00", **row} for name, row in states.items()}
    path.write_text(json.dumps({"version": 1, "links": rows}), encoding="utf-8")
    return path


def badge(hub: Hub, path: Path | None) -> Badge:
    hub.add(U2NET)
    ((entry,), _) = hub.gather()
    return links_badge(replace(entry, links=checks(entry.card, read_links(path))))


@pytest.mark.parametrize(
    ("asset", "code", "mark", "value", "qualifier", "reason"),
    [
        ("alive", "alive", Mark.PASSED, "2 links", "", ""),
        ("alive", "moved", Mark.PASSED, "2 links", "moved for good", ""),
        ("mirrored", "alive", Mark.PASSED, "2 links", "on a mirror only", ""),
        ("uncertain", "alive", Mark.SKIPPED, "uncertain", "", "why uncertain"),
        ("alive", "dead", Mark.FAILED, "dead", "", "why dead"),
        ("refused", "uncertain", Mark.FAILED, "refused", "", "why refused"),
    ],
)
def test_the_worst_link_decides(
    hub: Hub, tmp_path: Path, asset: str, code: str, mark: Mark, value: str, qualifier: str, reason: str
) -> None:
    rows = {
        name: {"state": state, **({} if state in ("alive", "mirrored") else {"reason": f"why {state}"})}
        for name, state in (("asset", asset), ("code", code))
    }
    found = badge(hub, record(tmp_path / "links.json", **rows))
    assert (found.mark, found.value, found.qualifier) == (mark, value, qualifier)
    assert found.reason == reason
    assert found.date == "2026-11-20"
    assert len(found.figures) == 2


def test_a_link_that_was_never_asked_for_is_no_pass(hub: Hub, tmp_path: Path) -> None:
    found = badge(hub, record(tmp_path / "links.json", asset={"state": "alive"}))
    assert (found.mark, found.value) == (Mark.NONE, "not checked")
    for path in (None, tmp_path / "missing.json", record(tmp_path / "none.json")):
        found = badge(hub, path)
        assert (found.mark, found.source, found.date) == (Mark.NONE, "Not checked", "")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 9}', '{"version": 1, "links": {"x": {"state": "odd"}}}'])
def test_a_damaged_record_is_no_evidence(hub: Hub, tmp_path: Path, text: str) -> None:
    path = tmp_path / "links.json"
    path.write_text(text, encoding="utf-8")
    assert badge(hub, path).mark is Mark.NONE


def test_the_page_says_when_links_were_asked_for_and_follows_the_record(hub: Hub, tmp_path: Path) -> None:
    path = tmp_path / "links.json"

    def shown() -> str:
        build_site(hub.cards, hub.site, receipts_dir=None, links=path)
        badges = [item for item in elements(parse(hub.page(U2NET)), "li") if "badge" in item.get("class", "").split()]
        return words(badges[0])

    hub.add(U2NET)
    assert shown() == "Links alive Not verified yet Not checked"
    record(path, asset={"state": "alive"}, code={"state": "alive"})
    assert shown().startswith("Links alive Passed 2 links")
    assert shown().endswith("Asked on 2026-11-20")
    record(path, asset={"state": "dead", "reason": "is answered with 404"}, code={"state": "alive"})
    assert shown().startswith("Links Failed dead is answered with 404")


def test_the_data_and_the_list_of_models_say_it_too(hub: Hub, tmp_path: Path) -> None:
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    path = tmp_path / "links.json"

    def built() -> tuple[dict[str, Any], str]:
        build_site(hub.cards, hub.site, receipts_dir=hub.out / "receipts", links=path)
        data = json.loads((hub.site / "models" / f"{U2NET}.json").read_text(encoding="utf-8"))
        assert list(Draft202012Validator(schema("model")).iter_errors(data)) == []
        return data, words(parse((hub.site / "index.html").read_text(encoding="utf-8")))

    data, home = built()
    assert data["links"] == []
    assert (data["badges"][-1]["slug"], data["badges"][-1]["mark"]) == ("links", "none")
    assert "Links alive" not in home
    record(path, asset={"state": "dead", "reason": "is answered with 404"}, code={"state": "alive"})
    data, home = built()
    assert data["links"][0] == {
        "url": ASSET_LINK, "state": "dead", "date": "2026-11-20", "reason": "is answered with 404"
    }  # fmt: skip
    assert (data["badges"][-1]["mark"], data["badges"][-1]["value"]) == ("failed", "dead")
    assert "Links Failed: dead" in home


def test_news_of_links_makes_only_the_pages_that_show_them(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    page = Renderer.page

    def watched(self: Renderer, template: str, context: Callable[[], object]) -> bytes:
        made.append(template)
        return page(self, template, context)

    hub.add(U2NET)
    build_site(hub.cards, hub.site, receipts_dir=None, links=tmp_path / "links.json", jobs=1)
    monkeypatch.setattr(Renderer, "page", watched)
    record(tmp_path / "links.json", asset={"state": "alive"}, code={"state": "alive"})
    build_site(hub.cards, hub.site, receipts_dir=None, links=tmp_path / "links.json", jobs=1)
    assert set(made) == {"model.html"}
