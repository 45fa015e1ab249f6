"""Pictures of the pages to look at: ``make shots``.

Home, model, family and compare in both languages, light and dark, on a desk and on a phone, into ``build/shots/``.
"""

from __future__ import annotations

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import sync_playwright

from hubkit.site.build import build_site
from hubkit.site.i18n import LANGUAGES
from hubkit.site.serve import make_server
from tests.requirements import PROJECT, chromium
from tests.site.browser import FLAGS, serving

SHOTS = PROJECT / "build" / "shots"
MODELS = ("mindspore/1.9/u2net_dutstr", "mindspore/1.10/unet3plus_lits2017")
PAGES = {
    "home": "index.html",
    "model": f"models/{MODELS[0]}.html",
    "compare": "compare.html?" + "&".join(f"model={uid}" for uid in MODELS),
    "rules": "rules/index.html",
    "badges": "badges.html",
}
SIZES = {"desk": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")


def main(cards: Path) -> None:
    """Build the catalogue of ``cards`` with the receipts of the last build, and take the pictures."""
    site = SHOTS / "site"
    out = PROJECT / "build"
    build_site(cards, site, receipts_dir=out / "receipts", models_dir=out / "models")
    with serving(make_server(site, port=0)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for language, scheme, (size, (width, height)) in product(LANGUAGES, SCHEMES, SIZES.items()):
            viewport = {"width": width, "height": height}
            context = browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(f"{url}{language.folder}{path}")
                page.wait_for_load_state("networkidle")
                picture = SHOTS / f"{name}-{language.code}-{scheme}-{size}.png"
                page.screenshot(path=picture, full_page=True)
                print(picture.relative_to(PROJECT))
            context.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "cards")
