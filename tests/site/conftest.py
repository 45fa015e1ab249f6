"""Fixtures of the catalogue's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubkit.site.serve import make_server
from tests.requirements import chromium
from tests.site.browser import FLAGS, serving
from tests.site.examples import U2NET, UNET3PLUS, Hub, failed, passed, seeded, skipped

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def url(built: Hub) -> Iterator[str]:
    """Where the built site is served."""
    with serving(make_server(built.site, port=0)) as found:
        yield found


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    """An empty hub."""
    (tmp_path / "cards").mkdir()
    return Hub(tmp_path / "cards", tmp_path / "out")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Hub:
    """A hub with a card in every state, built once. Tests must not change it."""
    root = tmp_path_factory.mktemp("built")
    hub = Hub(root / "cards", root / "out")
    for uid in (UNET3PLUS, U2NET, "mindspore/1.8/u2net_dutstr", "mindspore/1.7/u2net_dutstr"):
        hub.add(uid)
    hub.add("mindspore/1.9/resnet50_imagenet2012", task="cv-classification", evaluation="top1acc76.9 | top5acc93.2")
    hub.add("mindspore/1.9/bert_squad", task="nlp", evaluation="-")
    hub.add("lab/1.9/UNet3+ 100% #1?", title="'\"<b>&</b>")
    hub.verify(passed(UNET3PLUS))
    hub.verify(seeded(U2NET))
    hub.verify(failed("mindspore/1.8/u2net_dutstr"))
    hub.verify(skipped("mindspore/1.9/resnet50_imagenet2012"))
    hub.verify(passed("mindspore/1.7/u2net_dutstr"))
    hub.add("mindspore/1.7/u2net_dutstr", body="The card was edited after it was verified.\n")
    result = hub.build()
    assert result.problems == ()
    return hub
