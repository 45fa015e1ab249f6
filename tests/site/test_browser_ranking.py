"""What the search finds beside the words as they are written: parts of names, other languages, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubkit.site.serve import make_server
from tests.requirements import needs_chromium
from tests.site.browser import open_page, serving
from tests.site.examples import Hub

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = needs_chromium

# name -> title, task, metrics and body.
MODELS = {
    "attention_sop": ("AttentionCluster", "cv-classification", "top1acc73.4", "A plain network."),
    "cx_sop": ("Cluster_X_101", "cv-classification", "top1acc75.1", "A plain network."),
    "lowest_sop": ("DLow2", "cv-derain", "psnr31.2", "Beside the net, dlow and d-low, and dlow again."),
    "a_sop": ("D-Low", "cv-derain", "psnr30.1", "A plain network."),
    "other_cifar": ("Voter", "mm", "top1acc80.0", "A plain network."),
    "sort_sop": ("DeepSort", "nlp", "FM12", "A plain network."),
    "fm_sop": ("DeepFM", "nlp", "loss0.2", "A plain network."),
    "x_sop": ("x_cluster_x", "hpc", "-", "The cluster of a cluster, a cluster."),
    "b32_sop": ("ViT_b32", "cv-classification", "psnr3", "A plain network."),
    "cross_sop": ("CrossViT", "cv-classification", "psnr4", "A plain network."),
    "vision_sop": ("Transformer-Vision", "cv-classification", "psnr5", "A plain network."),
    "mobile_sop": ("MobileNetV2", "audio", "wer9.1", "A plain network."),
}


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a small catalogue is served. Tests must not change it."""
    root: Path = tmp_path_factory.mktemp("catalogue")
    hub = Hub(root / "cards", root / "out")
    for name, (title, task, evaluation, body) in MODELS.items():
        dataset = name.rpartition("_")[2]
        hub.add(f"lab/1.10/{name}", title=title, task=task, evaluation=evaluation, body=body, dataset=dataset)
    hub.build()
    with serving(make_server(hub.site, port=0)) as found:
        yield found


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A context for all pages."""
    with browser.new_context() as found:
        yield found


@pytest.mark.parametrize("home", ["index.html", "zh/index.html"])
@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("attention cluster", ["AttentionCluster"]),
        ("cluster101", ["Cluster_X_101"]),
        ("deep fm", ["DeepFM", "DeepSort"]),
        ("mobilnet v2", ["MobileNetV2"]),
        ("dlow", ["D-Low", "DLow2"]),
        ("cluster", ["Cluster_X_101", "x_cluster_x", "AttentionCluster"]),
        ("image classification 73.4", ["AttentionCluster"]),
        ("图像分类 73.4", ["AttentionCluster"]),
        ("deraining 30.1", ["D-Low"]),
        ("去雨 30.1", ["D-Low"]),
        ("natural language processing sort", ["DeepSort"]),
        ("自然语言处理 sort", ["DeepSort"]),
        ("word error rate", ["MobileNetV2"]),
        ("vision transformer", ["Transformer-Vision", "ViT_b32", "CrossViT"]),
        ("视觉变换器", ["ViT_b32", "CrossViT"]),
        ("词错误率", ["MobileNetV2"]),
        ("准确率 75.1", ["Cluster_X_101"]),
    ],
)
def test_what_is_found(context: BrowserContext, catalogue: str, home: str, query: str, titles: list[str]) -> None:
    from playwright.sync_api import expect

    page = open_page(context, catalogue + home).page
    page.locator("#query").fill(query)
    expect(page.locator(".hit-title")).to_have_text(titles)
    page.close()


def test_an_order_by_a_metric_says_which_end_is_first_and_where_figures_do_not_compare(
    context: BrowserContext, catalogue: str
) -> None:
    from playwright.sync_api import expect

    page = open_page(context, f"{catalogue}?sort=metric%3Atop1acc").page
    expect(page.locator(".hit-title").first).to_have_text("Voter")
    assert page.locator("#sort option:checked").inner_text() == "top1acc, highest first"
    expect(page.locator("#found-hint")).to_contain_text("different data sets")
    page.goto(f"{catalogue}?dataset=sop&sort=metric%3Atop1acc")
    expect(page.locator(".hit-title").first).to_have_text("Cluster_X_101")
    expect(page.locator("#found-hint")).to_be_hidden()
    page.goto(f"{catalogue}?sort=metric%3Awer")
    expect(page.locator("#sort option:checked")).to_have_text("wer, lowest first")
    page.close()
