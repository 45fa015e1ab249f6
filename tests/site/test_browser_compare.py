"""Choosing models and comparing them, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from hubkit.site.serve import make_server
from tests.requirements import needs_chromium
from tests.site.browser import Watched, open_page, serving, violations
from tests.site.examples import U2NET, UNET3PLUS, Hub

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium

OTHER = "mindspore/1.9/resnet50_imagenet2012"
BERT = "mindspore/1.9/bert_squad"


def address(*uids: str, page: str = "compare.html") -> str:
    return f"{page}?" + "&".join(f"model={uid.replace('#', '%23').replace('%1', '%251')}" for uid in uids)


@pytest.fixture
def open_compare(browser: Browser, url: str) -> Iterator[object]:
    """Opens the comparison of some models; nothing may complain and nothing may be asked of another host."""
    with browser.new_context() as context:
        opened: list[Watched] = []

        def comparison(*uids: str, page: str = "compare.html") -> Page:
            opened.append(open_page(context, url + address(*uids, page=page)))
            opened[-1].page.locator(".comparison").wait_for()
            return opened[-1].page

        yield comparison
        for watched in opened:
            assert watched.complaints == []
            assert all(request.startswith(url) for request in watched.requests)


def row(page: Page, name: str) -> list[str]:
    """The cells of a row, as they are read."""
    found = page.locator(".comparison tbody tr", has=page.get_by_role("rowheader", name=name, exact=True))
    return [text.strip() for text in found.locator("td").all_inner_texts()]


def test_what_a_comparison_says(open_compare) -> None:  # type: ignore[no-untyped-def]
    page = open_compare(U2NET, UNET3PLUS)
    assert page.locator(".comparison thead a").all_inner_texts() == ["u2net_dutstr", "unet3plus_lits2017"]
    assert row(page, "Verification") == ["Partly verified", "Verified"]
    assert row(page, "MindSpore")[0] == "1.9"
    assert row(page, "Parameters")[0] == "44,038,669"
    assert row(page, "ONNX Runtime") == ["0.412 s", "0.412 s"]
    assert page.locator("tr.differs", has_text="Verification").count() == 1
    assert page.locator("tr.alike", has_text="Licence").count() == 1
    headings = page.locator(".comparison .section th").all_inner_texts()
    assert "Parity: largest difference, and how large it may be" in headings
    assert "Operators of the ONNX file" in headings


def test_a_uid_breaks_between_its_parts_on_a_phone(browser: Browser, url: str) -> None:
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = open_page(context, url + address(U2NET, UNET3PLUS)).page
        name = page.locator(".comparison thead .entry-name").nth(1)
        name.wait_for()
        assert name.text_content() == UNET3PLUS
        lines = name.evaluate(
            """name => {
              const lines = new Map();
              const range = document.createRange();
              for (const text of name.childNodes) {
                for (let at = 0; at < (text.length ?? 0); at += 1) {
                  range.setStart(text, at);
                  range.setEnd(text, at + 1);
                  const { top } = range.getBoundingClientRect();
                  lines.set(top, (lines.get(top) ?? "") + range.toString());
                }
              }
              return [...lines.values()];
            }"""
        )
    assert len(lines) > 1
    assert all(line[-1] in "/_-" for line in lines[:-1]), lines


def test_what_is_missing_says_so(open_compare) -> None:  # type: ignore[no-untyped-def]
    page = open_compare(UNET3PLUS, BERT, OTHER)
    assert row(page, "acc") == ["99.05", "the card does not say", "the card does not say"]
    assert row(page, "Note") == []  # none of them has one
    assert row(page, "Parameters") == ["44,038,669", "not verified yet", "not measured"]
    assert row(page, "ONNX Runtime against MindSpore")[1:] == ["not verified yet", "not measured"]
    assert row(page, "Conv") == ["119", "not verified yet", "not measured"]
    assert row(page, "Inputs")[1:] == ["not verified yet", "not measured"]
    assert row(page, "CKPT") == ["176 MB", "not known", "176 MB"]


def test_cards_alone_are_compared_by_what_they_mean(browser: Browser, hub: Hub) -> None:
    path = hub.add("lab/1.9/one", evaluation="-")
    text = path.read_text(encoding="utf-8")
    hub.add("lab/1.9/two", text.replace("Apache-2.0", "apache 2.0").replace("2023-02-17", "2023-2-17"))
    hub.build()
    with serving(make_server(hub.site, port=0)) as url, browser.new_context() as context:
        page = open_page(context, url + address("lab/1.9/one", "lab/1.9/two")).page
        page.locator(".comparison").wait_for()
        assert row(page, "Result") == ["the card does not say"] * 2 + ["not verified yet"] * 6
        assert row(page, "Licence") == ["Apache-2.0", "apache 2.0"]
        assert row(page, "Updated") == ["2023-02-17", "2023-2-17"]
        assert page.locator("tr.differs").count() == 0


def test_the_note_is_told_in_the_readers_language(open_compare) -> None:  # type: ignore[no-untyped-def]
    page = open_compare(U2NET, UNET3PLUS, page="zh/compare.html")
    assert row(page, "说明")[0].startswith("未训练的权重（种子 0）：无法取得文件：")


def test_of_an_output_the_worst_measurement_is_told(open_compare) -> None:  # type: ignore[no-untyped-def]
    page = open_compare(U2NET, "mindspore/1.8/u2net_dutstr")
    assert row(page, "ONNX Runtime against MindSpore") == ["Passed: 0.0000031 of 0.0001", "Failed: 0.021 of 0.0001"]


def test_only_what_differs(open_compare) -> None:  # type: ignore[no-untyped-def]
    page = open_compare(U2NET, UNET3PLUS)
    assert page.locator("tr", has_text="Licence").is_visible()
    page.get_by_label("Only what differs").check()
    assert not page.locator("tr", has_text="Licence").is_visible()
    assert page.locator("tr", has_text="Verification").is_visible()


def test_the_best_is_named_only_where_the_data_are_the_same(open_compare) -> None:  # type: ignore[no-untyped-def]
    page = open_compare(U2NET, "mindspore/1.8/u2net_dutstr", OTHER)
    assert page.locator(".best").count() == 0


def test_a_model_is_taken_out_and_back_restores_it(open_compare) -> None:  # type: ignore[no-untyped-def]
    from playwright.sync_api import expect

    page = open_compare(U2NET, UNET3PLUS, OTHER)
    page.get_by_role("button", name="Take unet3plus_lits2017 out of the comparison").click()
    expect(page.locator(".comparison thead a")).to_have_count(2)
    assert UNET3PLUS not in page.url
    page.go_back()
    expect(page.locator(".comparison thead a")).to_have_count(3)


def test_four_at_most_and_none_twice(open_compare) -> None:  # type: ignore[no-untyped-def]
    names = [U2NET, U2NET, UNET3PLUS, OTHER, "mindspore/1.8/u2net_dutstr", "mindspore/1.7/u2net_dutstr"]
    page = open_compare(*names)
    assert page.locator(".comparison thead th").count() == 4
    assert not page.locator("#compare-add").is_visible()
    assert page.locator("#compare-state").inner_text().endswith(" · the first 4 of 5 that the address names")


def test_another_language_compares_the_same(open_compare) -> None:  # type: ignore[no-untyped-def]
    page = open_compare(U2NET, UNET3PLUS)
    page.get_by_role("link", name="中文").click()
    page.wait_for_url("**/zh/compare.html?**")
    page.locator(".comparison").wait_for()
    assert page.locator(".comparison thead a").all_inner_texts() == ["u2net_dutstr", "unet3plus_lits2017"]


def test_an_odd_uid_and_one_that_is_not_there(browser: Browser, url: str) -> None:
    odd = "lab/1.9/UNet3+ 100% #1?"
    with browser.new_context() as context:
        page = open_page(context, f"{url}compare.html").page
        page.goto(
            url + "compare.html?" + page.evaluate(
                "(uids) => new URLSearchParams(uids.map((uid) => ['model', uid])).toString()",
                [odd, "no/such/model", "../index"],
            )
        )  # fmt: skip
        page.locator(".comparison").wait_for()
        heads = page.locator(".comparison thead th")
        assert "'\"<b>&</b>" in heads.nth(0).inner_text()
        assert heads.nth(1).inner_text().startswith("There is no model no/such/model in this catalogue.")
        assert heads.nth(2).inner_text().startswith("There is no model ../index in this catalogue.")


def test_too_few_models(browser: Browser, url: str) -> None:
    with browser.new_context() as context:
        page = open_page(context, f"{url}compare.html").page
        assert page.get_by_text("Choose at least two models").is_visible()
        page.get_by_role("link", name="Choose models").click()
        page.locator(".hit").first.wait_for()


def test_models_are_chosen_from_hits_and_kept(browser: Browser, url: str) -> None:
    from playwright.sync_api import expect

    with browser.new_context() as context:
        page = open_page(context, f"{url}?sort=name").page
        page.get_by_role("button", name="Compare bert_squad 1.9").click()
        expect(page.locator("#tray-state")).to_have_text("1 chosen to compare")
        assert not page.locator("#tray-go").is_visible()
        chosen = page.get_by_role("button", name="Compare resnet50_imagenet2012 1.9")
        chosen.click()
        expect(chosen).to_have_attribute("aria-pressed", "true")
        page.reload()
        expect(page.locator("#tray-models li")).to_have_count(2)
        page.locator("#tray-go").click()
        page.locator(".comparison").wait_for()
        assert page.locator(".comparison thead a").all_inner_texts() == ["bert_squad", "resnet50_imagenet2012"]
        page.go_back()
        page.get_by_role("button", name="Take bert_squad 1.9 out of the comparison").click()
        expect(page.locator("#tray-models li")).to_have_count(1)
        page.locator("#tray-clear").click()
        expect(page.locator("#tray")).to_be_hidden()


@pytest.mark.parametrize("page", ["compare.html", "zh/compare.html"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, url: str, page: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        empty = open_page(context, url + page).page
        assert violations(empty) == []
        full = open_page(context, url + address(U2NET, UNET3PLUS, "mindspore/1.8/u2net_dutstr", page=page)).page
        full.locator(".comparison").wait_for()
        assert violations(full) == []


def test_a_phone(browser: Browser, url: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}) as context:
        page = open_page(context, url + address(U2NET, UNET3PLUS)).page
        page.locator(".comparison").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        scroll = page.locator("#compare-scroll")
        assert scroll.evaluate("(box) => box.scrollWidth <= box.clientWidth"), "two models have room"
        page.goto(url + address(U2NET, UNET3PLUS, OTHER, "mindspore/1.8/u2net_dutstr"))
        page.locator(".comparison-4").wait_for()
        widths = page.locator(".comparison thead th").evaluate_all("(all) => all.map((each) => each.offsetWidth)")
        assert min(widths) > 100, "four scroll, each as wide as can be read"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_scripts_and_from_a_file_there_is_a_note(browser: Browser, url: str, built: Hub) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = open_page(context, f"{url}compare.html").page
        assert page.locator("noscript .callout").is_visible()
    with browser.new_context() as context:
        watched = open_page(context, (built.site / "compare.html").as_uri())
        assert watched.page.get_by_text("this page was opened from a file").is_visible()
        assert watched.complaints == []
