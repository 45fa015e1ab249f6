"""What the search costs a reader of the real catalogue, and how soon the home page is there.

Bytes are counted as they go over the wire: the server compresses as hosts of static files do.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hubkit.site.build import build_site
from hubkit.site.serve import make_server
from tests.requirements import SHARED, needs_chromium, needs_shared
from tests.site.browser import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [needs_chromium, needs_shared]

HOME_BYTES = 100_000
FIRST_SEARCH_BYTES = 300_000
LARGEST_PAINT_MS = 1000
SLOW_DOWN = 4
# The test runs alone, but a machine may still do other work: one good try of some is what counts.
TRIES = 10

LARGEST_PAINT = """() => new Promise((resolve) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true});
})"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the catalogue of all real cards is served."""
    site: Path = tmp_path_factory.mktemp("corpus") / "site"
    build_site(SHARED / "corpus" / "mindspore-hub", site, receipts_dir=None)
    with serving(make_server(site, port=0)) as found:
        yield found


class Wire:
    """Counts the bytes that a page takes off the wire, headers included."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.total = 0
        self.session = context.new_cdp_session(page)
        self.session.send("Network.enable")
        self.session.on("Network.loadingFinished", self._finished)

    def _finished(self, event: dict[str, Any]) -> None:
        self.total += int(event["encodedDataLength"])


@pytest.mark.parametrize("home", ["index.html", "zh/index.html"])
def test_bytes_of_the_home_page_and_of_a_first_search(browser: Browser, corpus: str, home: str) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        wire = Wire(context, page)
        page.goto(corpus + home, wait_until="networkidle")
        assert 10_000 < wire.total < HOME_BYTES
        before = wire.total
        page.locator("#query").fill("resnet50 imagenet")
        page.locator(".hit").first.wait_for()
        page.wait_for_load_state("networkidle")
        assert 10_000 < wire.total - before < FIRST_SEARCH_BYTES


@pytest.mark.alone
def test_the_largest_paint_of_the_home_page(browser: Browser, corpus: str) -> None:
    paints = []
    for _ in range(TRIES):
        with browser.new_context() as context:
            page = context.new_page()
            context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
            page.goto(corpus, wait_until="load")
            paints.append(page.evaluate(LARGEST_PAINT))
        if paints[-1] < LARGEST_PAINT_MS:
            break
    assert min(paints) < LARGEST_PAINT_MS


@pytest.mark.parametrize("home", ["index.html", "zh/index.html"])
@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("unet 3 plus", "unet3plus_lits2017"),
        ("u2ent", "u2net_dutstr"),
        ("resnet50 imagenet", "resnet50_imagenet2012"),
        ("moblenetv3", "mobilenetv3_imagenet2012"),
        ("目标检测 efficientdet", "efficientdetd0_coco2017"),
        ("目标检测 tokenfusion", "tokenfusion_nyudv2"),
        ("u-net", "unet_medical_isbi"),
        ("faster r-cnn resnet101", "fasterrcnn_resnetv1101_coco2017"),
        ("deep fm", "deepfm_criteo"),
        ("ghost net", "ghostnet_imagenet2012"),
        ("face recognition", "facerecognition_ms1mv2"),
        ("style transfer", "arbitrarystyletransfer_mscoco"),
        ("准确率 99.05", "u2net_dutstr"),
        ("word error rate", "deepspeech2_librispeech"),
    ],
)
def test_the_first_hit_in_the_real_catalogue(browser: Browser, corpus: str, home: str, query: str, name: str) -> None:
    from playwright.sync_api import expect

    with browser.new_context() as context:
        page = context.new_page()
        page.goto(corpus + home, wait_until="load")
        page.locator("#query").fill(query)
        expect(page.locator(".hit .entry-name").first).to_have_text(name)
