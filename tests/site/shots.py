"""Pictures of the catalogue, to look at: ``make shots`` writes them into ``build/shots``.

The site of the last ``make build`` is shown, or, where there is none, a small one with a card in every state.
"""

from __future__ import annotations

import json
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from hubkit.site.serve import make_server
from tests.requirements import PROJECT, chromium
from tests.site.browser import FLAGS, serving
from tests.site.examples import Hub, every_state

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHOTS = PROJECT / "build" / "shots"
LANGUAGES = {"en": "", "zh": "zh/"}
SCHEMES = ("light", "dark")
WINDOWS = {"desk": (1280, 900), "phone": (390, 844)}


def addresses(site: Path) -> dict[str, str]:
    """What is shown -> its address from the root of a language's pages."""
    models = json.loads((site / "index.json").read_text(encoding="utf-8"))["models"]
    # What was verified has most to show.
    best = sorted(models, key=lambda model: (model["status"] == "not verified", model["uid"]))
    uids = [model["uid"] for model in best[:3]]
    return {
        "home": "index.html",
        "search": "index.html?sort=name",
        "model": quote(f"models/{uids[0]}.html"),
        "compare": f"compare.html?{urlencode([('model', uid) for uid in uids])}",
    }


def shoot(browser: Browser, site: Path, folder: Path) -> int:
    """Write a picture of each kind of page in each language, colour mode and window; their number."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with serving(make_server(site, port=0)) as root:
        for scheme, (window, (width, height)) in product(SCHEMES, WINDOWS.items()):
            with browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
            ) as context:
                for (language, prefix), (name, path) in product(LANGUAGES.items(), addresses(site).items()):
                    page = context.new_page()
                    page.goto(root + prefix + path, wait_until="networkidle")
                    page.screenshot(path=folder / f"{name}-{language}-{scheme}-{window}.png", full_page=True)
                    page.close()
                    count += 1
    return count


def main() -> int:
    """Write all pictures; 2 where there is no browser."""
    if chromium() is None:
        print("There is no Chromium on the PATH.", file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        site = PROJECT / "build" / "site"
        if not (site / "index.html").is_file():
            hub = Hub(Path(scratch) / "cards", Path(scratch) / "out")
            every_state(hub)
            site = hub.site
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        print(f"{SHOTS.relative_to(PROJECT)}: {shoot(browser, site, SHOTS)} pictures")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
