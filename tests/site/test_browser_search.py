"""The search in a real browser: typing, facets, the address, the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubkit.site.serve import make_server
from tests.requirements import needs_chromium
from tests.site.browser import Watched, open_page, serving, violations
from tests.site.examples import U2NET, Hub, card_text, failed, passed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a catalogue of some size is served. Tests must not change it."""
    root: Path = tmp_path_factory.mktemp("catalogue")
    hub = Hub(root / "cards", root / "out")
    for version in ("1.8", "1.9", "1.10"):
        body = "Attention gates came in this version." if version == "1.9" else "A plain network."
        hub.add(f"mindspore/{version}/u2net_dutstr", title="U2Net", task="cv-salient_object_detection", body=body)
    hub.add("mindspore/1.9/u2net_dutstr_cn", title="U2Net", body="显著性目标检测网络。")
    hub.add("mindspore/1.9/resnet50_imagenet2012", title="ResNet-50", task="cv-classification", dataset="imagenet2012",
            evaluation="top1acc76.9 | top5acc93.2", link="https://a.example/resnet50_ascend_v190.ckpt")  # fmt: skip
    hub.add("mindspore/1.9/vgg16_imagenet2012", title="VGG16", task="cv-classification", dataset="ImageNet2012",
            evaluation="top1acc73.4", body="由许多卷积层组成。")  # fmt: skip
    hub.add("lab/1.10/bert_squad", title="BERT", task="nlp", dataset="squad", evaluation="-")
    for number in range(40):
        hub.add(f"zoo/1.8/animal{number:02}", title=f"Animal {number:02}", task="audio", evaluation="-")
    hub.verify(passed("mindspore/1.9/u2net_dutstr"))
    hub.verify(failed("mindspore/1.9/vgg16_imagenet2012"))
    hub.build()
    with serving(make_server(hub.site, port=0)) as found:
        yield found


@pytest.fixture
def home(browser: Browser, catalogue: str) -> Iterator[Watched]:
    """The home page; nothing may complain and nothing may be asked of another host."""
    with browser.new_context() as context:
        watched = open_page(context, catalogue)
        yield watched
        assert watched.complaints == []
        assert all(request.startswith(catalogue) for request in watched.requests)


def search(page: Page, query: str) -> None:
    page.locator("#query").fill(query)


def expect_hits(page: Page, *titles: str) -> None:
    """The hits, once they are the answer to all that was asked."""
    from playwright.sync_api import expect

    expect(page.locator("#results")).to_have_attribute("aria-busy", "false")
    expect(page.locator(".hit-title")).to_have_text(list(titles))


def expect_count(page: Page, text: str) -> None:
    """How many hits there are, once they are the answer to all that was asked."""
    from playwright.sync_api import expect

    expect(page.locator("#results")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#found-count")).to_have_text(text)
    expect(page.locator("#found-status")).to_have_text(text)


def facet(page: Page, name: str, value: str) -> str:
    """The count of a value as it is shown."""
    return page.locator(f".facet-value:has(input[name={name}][value='{value}']) .count").text_content() or ""


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("u2n", ["U2Net"]),
        ("U2NET dut", ["U2Net"]),
        ("resnet", ["ResNet-50"]),
        ("resnet 50", ["ResNet-50"]),
        ("resnet50", ["ResNet-50"]),
        ("res-net50", ["ResNet-50"]),
        ("vgg 16", ["VGG16"]),
        ("v gg16", ["VGG16"]),
        ("u2 net dutstr", ["U2Net"]),
        ("salient object detection", ["U2Net"]),
        ("76.9", ["ResNet-50"]),
        ("squad", ["BERT"]),
        ("lab", ["BERT"]),
        ("gates", ["U2Net"]),
        ("目标检测", ["U2Net"]),
        ("卷积", ["VGG16"]),
        ("卷", ["VGG16"]),
        ("animal 07", ["Animal 07"]),
    ],
)
def test_what_is_found(home: Watched, query: str, titles: list[str]) -> None:
    search(home.page, query)
    expect_hits(home.page, *titles)
    assert not home.page.locator(".listing").is_visible()


@pytest.mark.parametrize("query", ["resent50", "resnt50", "rsenet50", "restnet50", "imagnet resnet"])
def test_a_typo_is_forgiven(home: Watched, query: str) -> None:
    from playwright.sync_api import expect

    search(home.page, query)
    expect(home.page.locator(".hit-title").first).to_have_text("ResNet-50")
    expect(home.page.locator("#found-hint")).to_contain_text("come close")


def test_where_no_model_has_all_words_some_are_shown(home: Watched) -> None:
    from playwright.sync_api import expect

    search(home.page, "bert zzzzzz")
    expect_hits(home.page, "BERT")
    expect(home.page.locator("#found-hint")).to_contain_text("some of them")
    search(home.page, "zzzzzz")
    expect_count(home.page, "0 models")
    expect(home.page.locator("#found-hint")).to_contain_text("No model matches")


def test_one_hit_a_family_leads_to_the_version_that_matched(home: Watched) -> None:
    page = home.page
    link = page.locator(".hit-title a")
    for query, version in (
        ("u2net", "latest"),
        ("u2net 1.10", "1.10"),
        ("u2net 1.8", "1.8"),
        ("u2net gates", "1.9"),
        ("attention", "1.9"),
    ):
        search(page, query)
        expect_hits(page, "U2Net")
        assert link.get_attribute("href") == f"models/mindspore/{version}/u2net_dutstr.html", query
    assert sorted(page.locator(".others a").all_inner_texts()) == ["1.10", "1.8"]


def test_facets_count_combine_and_stay_in_the_address(home: Watched) -> None:
    page = home.page
    search(page, "acc")
    expect_count(page, "3 models")
    assert facet(page, "task", "cv") == "3"
    assert facet(page, "task", "cv-classification") == "2"
    page.locator("input[name=task][value=cv-classification]").check()
    expect_count(page, "2 models")
    assert facet(page, "task", "cv") == "3", "other values of the same facet count without it"
    assert facet(page, "dataset", "imagenet2012") == "2", "data sets are one whatever the case"
    assert facet(page, "status", "failed") == "1"
    page.locator("details.facet", has_text="Verification").locator("summary").click()
    page.locator("input[name=status][value=failed]").check()
    expect_hits(page, "VGG16")
    assert page.url.endswith("?q=acc&task=cv-classification&status=failed")
    page.get_by_role("button", name="Remove the filter Classification").click()
    expect_hits(page, "VGG16")
    page.get_by_role("button", name="Remove the filter Failed").click()
    expect_count(page, "3 models")


def test_a_version_facet_leads_to_that_version(home: Watched) -> None:
    page = home.page
    search(page, "u2net")
    page.locator("input[name=version][value='1.8']").check()
    expect_hits(page, "U2Net")
    assert page.locator(".hit-title a").get_attribute("href") == "models/mindspore/1.8/u2net_dutstr.html"
    page.locator("input[name=version][value='1.8']").uncheck()
    page.locator("input[name=version][value='1.10']").check()
    expect_hits(page, "U2Net")
    assert page.locator(".hit-title a").get_attribute("href") == "models/mindspore/1.10/u2net_dutstr.html"


def test_filters_without_a_word(home: Watched) -> None:
    page = home.page
    page.get_by_role("button", name="Filters").click()
    expect_count(page, "44 models")
    assert page.locator(".hit").count() == 24
    page.get_by_role("button", name="Show more (20)").click()
    assert page.locator(".hit").count() == 44
    assert page.evaluate("document.activeElement.closest('.hit') === document.querySelectorAll('.hit')[24]")


def test_an_address_restores_the_search(browser: Browser, catalogue: str) -> None:
    with browser.new_context() as context:
        page = open_page(context, f"{catalogue}?q=top1acc&task=cv-classification&sort=metric%3Atop1acc").page
        expect_hits(page, "ResNet-50", "VGG16")
        assert page.locator("#query").input_value() == "top1acc"
        assert page.locator("input[value=cv-classification]").is_checked()
        assert page.locator("#sort").input_value() == "metric:top1acc"


def test_orders(home: Watched) -> None:
    page = home.page
    page.get_by_role("button", name="Filters").click()
    page.locator("input[name=task][value=cv]").check()
    expect_hits(page, "ResNet-50", "U2Net", "VGG16")
    page.locator("#sort").select_option("metric:top1acc")
    expect_hits(page, "ResNet-50", "VGG16", "U2Net")
    assert "sort=metric%3Atop1acc" in page.url
    page.locator("#sort").select_option("newest")
    assert "sort=newest" in page.url


def test_back_returns_to_the_search_and_then_to_the_list(home: Watched) -> None:
    page = home.page
    search(page, "animal")
    expect_count(page, "40 models")
    page.locator("#more-hits").click()
    page.locator(".hit-title a").nth(30).click()
    page.wait_for_url("**/models/**")
    page.go_back()
    expect_count(page, "40 models")
    assert page.locator("#query").input_value() == "animal"
    assert page.locator(".hit").count() == 40
    page.go_back()
    page.locator(".listing").wait_for()
    assert page.locator("#query").input_value() == ""


def test_the_keyboard_alone(home: Watched) -> None:
    from playwright.sync_api import expect

    page = home.page
    page.keyboard.press("/")
    page.keyboard.type("animal 1")
    expect(page.locator(".hit-title").first).to_contain_text("Animal 1")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hit-title a").nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hit-title a").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#query")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#query")).to_have_value("")
    assert page.locator(".listing").is_visible()
    page.keyboard.type("bert")
    expect_hits(page, "BERT")
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/lab/latest/bert_squad.html")


def test_what_has_the_focus_keeps_it_where_bodies_are_read_late(browser: Browser, catalogue: str) -> None:
    from playwright.sync_api import expect

    parts: list[Route] = []
    with browser.new_context() as context:
        context.route("**/search/words-*.json", lambda route: parts.append(route))
        page = open_page(context, catalogue).page
        for held in (".hit-title a", "[data-compare]"):
            page.goto(catalogue, wait_until="load")
            page.locator("#query").fill("animal 1")
            expect(page.locator(".hit-title").first).to_contain_text("Animal 1")
            page.locator(held).nth(1).focus()
            page.evaluate("document.getElementById('hits').firstElementChild.id = 'shown-before'")
            while parts:
                parts.pop().continue_()
            expect(page.locator("#shown-before")).to_have_count(0)
            expect(page.locator(held).nth(1)).to_be_focused()


def test_the_chinese_interface(browser: Browser, catalogue: str) -> None:
    from playwright.sync_api import expect

    with browser.new_context() as context:
        watched = open_page(context, f"{catalogue}zh/index.html")
        page = watched.page
        search(page, "分类")
        expect(page.locator(".hit-title")).to_have_count(2)
        expect_count(page, "2 个模型")
        search(page, "显著性目标检测")
        expect_hits(page, "U2Net")
        # The words of bodies come after names, and with them the version whose body says it.
        expect(page.locator(".hit-title a")).to_have_attribute("href", re.compile("/1.9/"))
        page.locator(".hit-title a").click()
        page.wait_for_url("**/zh/models/mindspore/1.9/u2net_dutstr.html")
        assert watched.complaints == []


def test_another_language_searches_the_same(home: Watched) -> None:
    page = home.page
    search(page, "squad")
    expect_hits(page, "BERT")
    page.get_by_role("link", name="中文").click()
    page.wait_for_url("**/zh/index.html?q=squad")
    expect_hits(page, "BERT")


@pytest.mark.parametrize("path", ["index.html", "zh/index.html", "index.html?q=net", "zh/index.html?q=net&task=cv"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, catalogue: str, path: str, scheme: str) -> None:
    with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = open_page(context, catalogue + path).page
        if "?" in path:
            page.locator(".hit").first.wait_for()
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert violations(page) == []


def test_a_phone(browser: Browser, catalogue: str) -> None:
    with browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True) as context:
        page = open_page(context, f"{catalogue}?q=u2net").page
        expect_hits(page, "U2Net")
        assert not page.locator("#facets").is_visible()
        page.locator(".filters-summary").click()
        page.locator("input[name=version][value='1.9']").check()
        expect_hits(page, "U2Net")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == []
        page.get_by_role("button", name="Clear", exact=True).click()
        assert page.locator(".listing").is_visible()
        assert violations(page) == []


def test_from_a_file_the_list_stands_with_a_note(browser: Browser, built: Hub) -> None:
    with browser.new_context() as context:
        watched = open_page(context, (built.site / "index.html").as_uri())
        assert watched.page.locator("#no-search").is_visible()
        assert not watched.page.locator("#finder").is_visible()
        assert watched.page.locator(".listing").is_visible()
        assert watched.complaints == []


def test_a_hostile_text_is_shown_as_text(browser: Browser, hub: Hub) -> None:
    hub.add("a/1.9/' onload='x", title="<img src=x onerror=alert(1)>", dataset="'<b>'", evaluation="<i>5")
    hub.add("a/1.9/other", title="<img>")
    hub.build()
    with serving(make_server(hub.site, port=0)) as url, browser.new_context() as context:
        watched = open_page(context, f"{url}?q=img")
        expect_hits(watched.page, "<img>", "<img src=x onerror=alert(1)>")
        watched.page.locator(".hit-title a").nth(1).click()
        watched.page.wait_for_url("**/models/**")
        assert watched.complaints == []


@pytest.mark.parametrize(("name", "word"), [("constructor", "native"), ("__proto__", "object")])
def test_a_value_that_every_object_has_by_itself_is_a_value(browser: Browser, hub: Hub, name: str, word: str) -> None:
    """Rather than what the browser says of it: "function Object() { [native code] }" and "[object Object]"."""
    hub.add(U2NET, card_text(U2NET).replace("file-format: ckpt", f"file-format: {name}"))
    hub.build()
    with serving(make_server(hub.site, port=0)) as url, browser.new_context() as context:
        watched = open_page(context, f"{url}?q=u2net")
        expect_hits(watched.page, "u2net_dutstr")
        search(watched.page, word)
        expect_count(watched.page, "0 models")
        assert watched.complaints == []


def test_bodies_are_searched_however_fast_one_types(browser: Browser, catalogue: str) -> None:
    """A letter that comes while the words of bodies are on their way does not lose them."""
    from playwright.sync_api import expect

    parts: list[Route] = []
    with browser.new_context() as context:
        context.route("**/search/words-*.json", lambda route: parts.append(route))
        page = open_page(context, f"{catalogue}?q=gate").page
        page.locator(".found-hint").filter(has_text="No model matches").wait_for()
        search(page, "gates")
        expect(page.locator("#results")).to_have_attribute("aria-busy", "true")
        expect(page.locator("#found-count")).to_have_text("0 models")
        for part in parts:
            part.continue_()
        expect_hits(page, "U2Net")


def test_a_catalogue_that_is_published_anew_is_searched_on(browser: Browser, hub: Hub) -> None:
    hub.add("lab/1.9/one_x", title="One", body="First text.")
    hub.build()
    with serving(make_server(hub.site, port=0)) as url, browser.new_context() as context:
        page = open_page(context, f"{url}?sort=name").page
        expect_hits(page, "One")
        hub.add("lab/1.9/one_x", title="One", body="Another zebra altogether.")
        hub.build()
        search(page, "zebra")
        expect_hits(page, "One")


def test_names_are_found_where_bodies_cannot_be_loaded(browser: Browser, catalogue: str) -> None:
    from playwright.sync_api import expect

    with browser.new_context() as context:
        context.route("**/search/words-*.json", lambda route: route.abort())
        page = open_page(context, f"{catalogue}?q=bert").page
        expect(page.locator("#found-hint")).to_contain_text("the texts of the models could not be loaded")
        expect_hits(page, "BERT")
        context.unroute("**/search/words-*.json")
        search(page, "gates")
        expect_hits(page, "U2Net")


def test_a_search_that_cannot_be_loaded_says_so(browser: Browser, catalogue: str) -> None:
    from playwright.sync_api import expect

    with browser.new_context() as context:
        context.route("**/search.json", lambda route: route.abort())
        page = open_page(context, f"{catalogue}?q=net").page
        expect(page.locator("#found-status")).to_have_text("The search could not be loaded.")
        context.unroute("**/search.json")
        search(page, "bert")
        expect_hits(page, "BERT")
