"""The site in a real browser: wide and narrow, light and dark, with and without scripts."""

from __future__ import annotations

import io
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from tests.requirements import needs_chromium
from tests.site.browser import open_page, violations
from tests.site.examples import U2NET, UNET3PLUS, UNTRAINED_NOTE, Hub, passed
from tests.site.test_hostile import PAYLOADS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium

MODEL = f"models/{U2NET}.html"
FAMILY = "models/mindspore/latest/u2net_dutstr.html"
PAGES = ["index.html", MODEL, f"models/{UNET3PLUS}.html", "models/mindspore/1.7/u2net_dutstr.html",
         "models/mindspore/1.8/u2net_dutstr.html", "models/mindspore/1.9/bert_squad.html", "404.html",
         "index.html?q=net", "compare.html", "zh/index.html", FAMILY, f"zh/{FAMILY}", "badges.html", "operators.html",
         "rules/index.html", "rules/license-spdx.html", "publishers/mindspore.html", "zh/tasks/index.html"]  # fmt: skip


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_no_page_scrolls_sideways_or_complains(browser: Browser, url: str, width: int) -> None:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        for path in PAGES:
            watched = open_page(context, url + path)
            watched.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, path
            assert watched.complaints == [], path
            assert all(request.startswith(url) for request in watched.requests), path
            watched.page.close()


def test_no_figure_is_cut_off_where_it_begins_a_line(browser: Browser, hub: Hub) -> None:
    hub.add("lab/2.3/conformer", evaluation="ctc greedy search CER 5.62 | ctc prefix beam search CER 5.62")
    hub.build()
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page = open_page(context, (hub.site / "index.html").as_uri()).page
        left = page.locator(".row").bounding_box()["x"]  # type: ignore[index]
        boxes = [metric.bounding_box() for metric in page.locator(".row .metric").all()]
        assert boxes[0]["y"] < boxes[1]["y"]  # type: ignore[index]
        assert [box["x"] >= left for box in boxes] == [True, True]  # type: ignore[index]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_table_that_goes_on_behind_its_edge_has_a_shade_there(browser: Browser, hub: Hub, scheme: str) -> None:
    from PIL import Image

    hub.add("lab/1.9/net", body=f"|{'a long word | ' * 12}\n|{' - |' * 12}\n")
    hub.build()
    with browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = open_page(context, (hub.site / "models/lab/1.9/net.html").as_uri()).page
        table = page.locator(".prose .scroll")

        def edges() -> tuple[bool, bool]:
            """Whether the colours at the left and at the right edge are others than that of the page."""
            with Image.open(io.BytesIO(table.screenshot())) as picture:
                pixels = picture.convert("RGB")
                below = pixels.height - 3  # below the words, above the line
                paper = max(pixels.getcolors(pixels.width * pixels.height) or [])[1]
                left, right = (pixels.getpixel((x, below)) != paper for x in (1, pixels.width - 2))
                return left, right

        assert edges() == (False, True)
        table.evaluate("table => { table.scrollLeft = (table.scrollWidth - table.clientWidth) / 2 }")
        assert edges() == (True, True)
        table.evaluate("table => { table.scrollLeft = table.scrollWidth }")
        assert edges() == (True, False)


@pytest.mark.parametrize(("count", "shares"), [(1, [1.0]), (2, [0.5, 0.5]), (3, [0.5, 0.5, 1.0])])
def test_no_half_of_a_row_stays_empty(browser: Browser, hub: Hub, count: int, shares: list[float]) -> None:
    for number in range(count):
        hub.add(f"lab/1.9/net{number}")
        hub.verify(passed(f"lab/1.9/net{number}"))
    hub.build()
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = open_page(context, (hub.site / "index.html").as_uri()).page
        whole = page.locator(".cards").bounding_box()["width"]  # type: ignore[index]
        widths = [card.bounding_box()["width"] for card in page.locator(".card").all()]  # type: ignore[index]
    assert [round(width / whole, 1) for width in widths] == shares


def test_the_ways_to_the_sections_stay_in_sight_on_a_wide_window(browser: Browser, url: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = open_page(context, url + MODEL).page
        page.locator("#cite").scroll_into_view_if_needed()
        box = page.locator(".sections").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800
        assert box["x"] > page.locator(".column-main").bounding_box()["x"] + 400  # type: ignore[index]
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = open_page(context, url + MODEL).page
        places = [page.locator(place).bounding_box()["y"] for place in (".sections", "#use", "#facts")]  # type: ignore[index]
        assert places == sorted(places)


AXE = ["models/mindspore/1.8/u2net_dutstr.html", FAMILY, f"models/{UNET3PLUS}.html", "badges.html", "operators.html",
       "rules/index.html", "rules/license-spdx.html", "publishers/mindspore.html", "zh/datasets/index.html",
       "404.html"]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, url: str, scheme: str) -> None:
    found = {}
    with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        for path in AXE:
            page = open_page(context, url + path).page
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            found[path] = violations(page)
            page.close()
    assert {path: problems for path, problems in found.items() if problems} == {}


def test_dark_mode_has_its_own_colours(browser: Browser, url: str) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
            page = open_page(context, url + MODEL).page
            colours[scheme] = [
                page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).{what}")
                for selector, what in (
                    ("body", "backgroundColor"),
                    ("body", "color"),
                    (".badge-passed", "borderTopColor"),
                    (".receipt", "backgroundColor"),
                    (".callout-warn", "backgroundColor"),
                )
            ]
    assert all(light != dark for light, dark in zip(colours["light"], colours["dark"], strict=True))


def test_everything_is_there_without_scripts(browser: Browser, url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = open_page(context, url).page
        assert not page.locator("#finder").is_visible()
        assert page.locator("[data-entry]").count() == 5
        page.get_by_role("link", name="u2net_dutstr", exact=True).first.click()
        assert page.url == url + FAMILY
        assert page.locator(".callout-warn").first.inner_text().lower().startswith(UNTRAINED_NOTE[:30].lower())
        assert page.locator(".copy").count() == 0
        page.locator("summary", has_text="Figures").nth(1).click()
        assert page.locator(".behind").nth(1).is_visible()
        page.locator(".switcher").get_by_role("link", name="1.8").click()
        assert page.url.endswith("/mindspore/1.8/u2net_dutstr.html")


def test_a_snippet_and_a_digest_are_copied(browser: Browser, url: str) -> None:
    from playwright.sync_api import expect

    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        watched = open_page(context, url + MODEL)
        page = watched.page
        page.locator("summary", has_text="Run it in ONNX Runtime").click()
        button = page.get_by_role("button", name="Copy “Run it in ONNX Runtime”")
        button.click()
        expect(button).to_have_text("Copied")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("import numpy as np\nimport onnxruntime as ort\n")
        assert copied.endswith("# (1, 7, 320, 320)\n")
        button = page.get_by_role("button", name="Copy “SHA-256: u2net_dutstr.onnx”")
        button.click()
        expect(button).to_have_text("Copied")
        assert len(page.evaluate("navigator.clipboard.readText()")) == 64
        assert watched.complaints == []


def test_a_reader_without_a_mouse(browser: Browser, url: str) -> None:
    with browser.new_context() as context:
        page = open_page(context, url + MODEL).page
        page.keyboard.press("Tab")
        skip = page.locator(".skip")
        assert skip.evaluate("(element) => element === document.activeElement")
        assert skip.bounding_box()["y"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(() => { const style = getComputedStyle(document.activeElement);"
            " return [document.activeElement.closest('main') !== null, style.outlineStyle, style.outlineWidth]; })()"
        )
        assert focused == [True, "solid", "2px"]


def test_a_page_works_from_a_file(browser: Browser, built: Hub) -> None:
    from playwright.sync_api import expect

    with browser.new_context() as context:
        watched = open_page(context, (built.site / "index.html").as_uri())
        page = watched.page
        plain = page.evaluate("getComputedStyle(document.querySelector('.card')).borderTopStyle")
        assert plain == "solid", "the style was not loaded"
        page.get_by_role("link", name="u2net_dutstr", exact=True).first.click()
        assert page.url.endswith(FAMILY)
        page.get_by_role("button", name="Copy “the uid”").click()
        expect(page.locator(".copied")).to_have_count(1)
        assert watched.complaints == []


@pytest.mark.parametrize("language", ["", "zh/"])
def test_a_site_works_below_a_path(browser: Browser, built: Hub, language: str) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Plain, directory=str(built.out))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with browser.new_context() as context:
                home = f"http://127.0.0.1:{server.server_address[1]}/site/{language}index.html"
                watched = open_page(context, home)
                watched.page.get_by_role("link", name="u2net_dutstr", exact=True).first.click()
                watched.page.wait_for_load_state()
                assert watched.page.url.endswith(f"/site/{language}{FAMILY}")
                watched.page.goto(f"{home}?q=u2net")
                watched.page.locator(".hit-title a").first.click()
                watched.page.wait_for_url(f"**/site/{language}{FAMILY}")
                assert watched.complaints == []
                assert all("/site/" in request for request in watched.requests)
        finally:
            server.shutdown()
            thread.join(timeout=10)


class _Plain(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_hostile_card_runs_nothing(browser: Browser, hub: Hub) -> None:
    uid = "a/1.9/' onload='alert(1)"
    hub.add(uid, title="<script>alert(1)</script>", body="\n\n".join(PAYLOADS))
    hub.build()
    with browser.new_context() as context:
        for path in ("index.html", f"models/{uid}.html"):
            watched = open_page(context, (hub.site / path).as_uri())
            assert watched.complaints == []
            assert all(request.startswith(hub.site.as_uri()) for request in watched.requests)
            assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_injected_script_would_not_run(browser: Browser, built: Hub) -> None:
    """The policy is the second line of defence: even where a text were not escaped, nothing would run."""
    with browser.new_context() as context:
        watched = open_page(context, (built.site / "index.html").as_uri())
        watched.page.evaluate(
            "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.harmed = true\">');"
            "const script = document.createElement('script'); script.textContent = 'window.harmed = true';"
            "document.body.append(script);"
        )
        watched.page.wait_for_timeout(100)
        assert watched.page.evaluate("window.harmed") is None
        assert any("Content Security Policy" in complaint for complaint in watched.complaints)
