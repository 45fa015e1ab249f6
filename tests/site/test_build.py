"""The whole build: what is written, what is listed as a problem, and that the same input gives the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from hubkit.errors import CardError, SiteError
from hubkit.site import inputs, making
from hubkit.site.build import build_site
from hubkit.site.folder import MANIFEST
from tests.site.examples import U2NET, UNET3PLUS, UNTRAINED_NOTE, Hub, failed, passed, seeded, skipped
from tests.site.html import broken_links, elements, parse, words


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_what_a_site_consists_of(hub: Hub) -> None:
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    result = hub.build()
    assert result.problems == ()
    names = set(contents(hub.site))
    assert {
        MANIFEST,
        "index.json",
        "search.json",
        f"models/{U2NET}.bib",
        f"models/{U2NET}.json",
        *(
            f"{folder}{name}"
            for folder in ("", "zh/")
            for name in (
                "index.html",
                "404.html",
                "compare.html",
                "badges.html",
                "operators.html",
                "feed.xml",
                f"models/{U2NET}.html",
                "models/mindspore/latest/u2net_dutstr.html",
                "publishers/index.html",
                "publishers/mindspore.html",
                "fields/index.html",
                "fields/cv.html",
                "tasks/index.html",
                "tasks/cv.html",
                "datasets/index.html",
                "datasets/dutstr.html",
                "versions/index.html",
                "versions/1.9.html",
            )
        ),
        f"files/{U2NET}/u2net_dutstr.onnx",
        f"files/{U2NET}/u2net_dutstr.mindir",
    } == {name for name in names if not name.startswith(("static/", "search/", "rules/", "zh/rules/"))}
    assert {"rules/index.html", "rules/license-spdx.html", "zh/rules/license-spdx.html"} <= names
    assert result.written == len(names) - 1


def test_the_same_input_gives_the_same_bytes(hub: Hub, tmp_path: Path) -> None:
    for uid, make in ((U2NET, seeded), (UNET3PLUS, passed), ("mindspore/1.8/u2net_dutstr", failed)):
        hub.add(uid)
        hub.verify(make(uid))
    hub.build()
    other = tmp_path / "elsewhere" / "site"
    build_site(hub.cards, other, receipts_dir=hub.out / "receipts", models_dir=hub.out / "models")
    assert contents(other) == contents(hub.site)
    before = {path: path.stat().st_mtime_ns for path in hub.site.rglob("*")}
    result = hub.build()
    assert (result.written, result.removed) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in hub.site.rglob("*")} == before


def test_where_nothing_changed_nothing_is_made(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "_TICK_NS", 0)
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    first = hub.build()

    def refuse(*args: object) -> None:
        raise AssertionError("the cards were read again")

    with monkeypatch.context() as patch:
        patch.setattr(making, "gather", refuse)
        assert hub.build() == replace(first, written=0, unchanged=first.written)
        with pytest.raises(AssertionError):
            build_site(hub.cards, hub.site, receipts_dir=hub.out / "receipts")


@pytest.mark.parametrize("damage", ["edit", "remove", "model"])
def test_a_damaged_site_is_mended(hub: Hub, damage: str) -> None:
    hub.add(U2NET)
    receipt = hub.verify(passed(U2NET))
    hub.build()
    before = contents(hub.site)
    page = hub.site / "models" / f"{U2NET}.html"
    if damage == "edit":
        page.write_text(page.read_text().replace("Passed", "Failed"))
    elif damage == "remove":
        page.unlink()
    else:
        (hub.site / "files" / U2NET / "u2net_dutstr.onnx").unlink()
    result = hub.build()
    assert (result.written, result.problems) == (1, ())
    assert contents(hub.site) == before
    model = hub.out / receipt.models[1].path
    model.unlink()
    model.write_bytes(b"another file")
    assert "not the file of the receipt" in str(hub.build().problems[0])


def test_problems_are_told_each_time(hub: Hub) -> None:
    hub.add("a/1.9/empty", "")
    assert len(hub.build().problems) == len(hub.build().problems) == 1


def test_one_changed_card_rewrites_only_what_shows_it(hub: Hub) -> None:
    hub.add("a/1.9/one")
    hub.add("a/1.9/two")
    hub.build()
    hub.add("a/1.9/one", body="Another body.\n")
    assert hub.build().written == 8, "4 pages, its citation and data, the search's two"
    hub.add("a/1.9/one", evaluation="acc12.5")
    pages, lists = 4, 2 * len(("home", "publisher", "field", "task", "data set", "version"))
    assert hub.build().written == pages + lists + 5, "its citation, its data, the index and the search's two beside"


def test_a_removed_card_leaves_nothing(hub: Hub) -> None:
    hub.add(U2NET)
    hub.add(UNET3PLUS)
    hub.verify(passed(UNET3PLUS))
    hub.build()
    (hub.site / "models" / "mine.html").write_text("mine")
    (hub.cards / f"{UNET3PLUS}.md").unlink()
    result = hub.build()
    assert result.removed == 11, "4 pages, citation, data, files, 2 pages of its version, words that only it had"
    assert not [name for name in contents(hub.site) if "unet3plus" in name]
    assert (hub.site / "models" / "mine.html").read_text() == "mine"
    assert "unet3plus" not in hub.home()


def test_a_bad_card_is_listed_and_stops_no_other(hub: Hub) -> None:
    hub.add(U2NET)
    hub.add("a/1.9/empty", "")
    hub.add("a/1.9/broken", "---\na: [\n---\n")
    result = hub.build()
    assert [Path(problem.path).name for problem in result.problems] == ["broken.md", "empty.md"]
    assert all(problem.message and problem.hint for problem in result.problems)
    assert "the file is empty" in str(result.problems[1])
    assert hub.page(U2NET)
    assert not (hub.site / "models/a").exists()


def test_strict_writes_nothing_where_there_is_a_problem(hub: Hub) -> None:
    hub.add(U2NET)
    hub.add("a/1.9/empty", "")
    with pytest.raises(SiteError, match="the file is empty"):
        hub.build(strict=True)
    assert not hub.site.exists()


def test_a_hub_without_cards_is_a_page_that_says_so(hub: Hub) -> None:
    for _ in range(2):
        (problem,) = hub.build().problems
        assert problem.message == f"{hub.cards}: holds no cards; the site has no models"
        assert "No models yet" in hub.home()
    hub.add(U2NET)
    assert hub.build().problems == ()
    assert "No models yet" not in hub.home()


def test_no_folder_of_cards_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="no such folder"):
        build_site(tmp_path / "cards", tmp_path / "site", receipts_dir=None)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("content", ["", "{}", '{"format": 99}', "\x00"])
def test_a_damaged_receipt_is_a_problem_and_no_pass(hub: Hub, content: str) -> None:
    hub.add(U2NET)
    path = hub.out / "receipts" / f"{U2NET}.json"
    path.parent.mkdir(parents=True)
    path.write_text(content)
    result = hub.build()
    assert [problem.path for problem in result.problems] == [str(path)]
    assert "Not verified yet" in hub.page(U2NET)
    assert "mark-passed" not in hub.page(U2NET)


def test_the_receipt_of_another_card_is_a_problem_and_no_pass(hub: Hub) -> None:
    hub.add(U2NET)
    hub.add(UNET3PLUS)
    hub.verify(passed(U2NET))
    path = hub.out / "receipts" / f"{UNET3PLUS}.json"
    path.parent.mkdir(parents=True)
    path.write_bytes((hub.out / "receipts" / f"{U2NET}.json").read_bytes())
    assert "the receipt of 'mindspore/1.9/u2net_dutstr'" in hub.build().problems[0].message
    assert "mark-passed" not in hub.page(UNET3PLUS)


def test_a_file_that_is_not_that_of_the_receipt_is_not_published(hub: Hub) -> None:
    hub.add(U2NET)
    receipt = hub.verify(passed(U2NET))
    (hub.out / receipt.models[0].path).unlink()
    (hub.out / receipt.models[1].path).write_bytes(b"something else")
    result = hub.build()
    assert ["cannot be read" in str(problem) for problem in result.problems] == [True, False]
    assert "not the file of the receipt" in str(result.problems[1])
    assert not (hub.site / "files").exists()
    page = parse(hub.page(U2NET))
    assert [anchor.get("download") for anchor in elements(page, "a") if "download" in anchor.attrib] == ["citation.bib"]
    assert words(page).count("not published here") == 2


def test_a_link_out_of_the_models_is_not_published(hub: Hub) -> None:
    hub.add(U2NET)
    receipt = hub.verify(passed(U2NET))
    path = hub.out / receipt.models[1].path
    secret = hub.out / "secret"
    secret.write_bytes(path.read_bytes())
    path.unlink()
    path.symlink_to(secret)
    assert "leads out of the folder of models" in str(hub.build().problems[0])
    assert not (hub.site / "files" / U2NET / "u2net_dutstr.onnx").exists()


def test_without_models_there_are_no_downloads(hub: Hub) -> None:
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    result = build_site(hub.cards, hub.site, receipts_dir=hub.out / "receipts")
    assert result.problems == ()
    assert "not published here" in hub.page(U2NET)


def test_untrained_weights_are_said_wherever_parity_is(hub: Hub) -> None:
    hub.add(U2NET)
    hub.verify(seeded(U2NET))
    hub.build()
    page = parse(hub.page(U2NET))
    assert words(page).count(UNTRAINED_NOTE) == 2, "beside the badges and on the receipt"
    assert UNTRAINED_NOTE in words(parse(hub.home()))
    parity = [badge for badge in elements(page, "li") if "parity" in words(badge) and "badge" in badge.get("class", "")]
    assert len(parity) == 2
    assert all("on untrained weights" in words(badge) for badge in parity)


def test_the_figures_of_a_pass_are_on_the_page(hub: Hub) -> None:
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    hub.build()
    page = words(parse(hub.page(U2NET)))
    for figure in (
        "max 3.1e-6 (limit 1e-4)",
        "bit-equal",
        "all equal (must be equal)",
        "3.1e-6 of 1e-4",
        "12 of 100 ppm",
        "96.2 %",
        "44,038,669",
        "batch × 3 × 320 × 320",
        "Opset 18",
        "361 of 7 kinds",
        "Lower MINDIR to ONNX and check the model Passed 1.94 s",
        "2023-02-17 08:15 UTC",
        "ONNX Runtime 0.41 s",
        "1.26.4",
        "AVX2",
    ):
        assert figure in page, figure
    assert "untrained" not in page


def test_what_did_not_run_looks_nothing_like_a_pass(hub: Hub) -> None:
    hub.add(U2NET)
    receipt = skipped(U2NET)
    steps = tuple(replace(step, status=receipt.steps[-1].status, reason="offline") for step in receipt.steps)
    hub.verify(replace(receipt, steps=steps, assets=()))
    hub.build()
    page = hub.page(U2NET)
    assert "i-skipped" in page
    body = page.split("<main", 1)[1]
    for sign in ("#i-passed", "mark-passed", "badge-passed", "step-passed", "Passed"):
        assert sign not in body, sign


def test_the_page_for_missing_pages_knows_where_the_site_lies(hub: Hub) -> None:
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://hub.example/models/hub")
    assert 'href="/models/hub/index.html"' in (hub.site / "404.html").read_text()


def test_pages_that_would_be_folders_of_others_are_a_problem(hub: Hub) -> None:
    hub.add("a/1.9/x")
    hub.add("a/1.9/x.html/y")
    result = hub.build()
    assert "would be a folder" in str(result.problems[0])
    assert hub.page("a/1.9/x.html/y")


def test_a_file_where_a_folder_must_be_is_an_error(hub: Hub) -> None:
    hub.add(U2NET)
    hub.site.mkdir(parents=True)
    (hub.site / "models").write_text("in the way")
    with pytest.raises(SiteError, match="in the way"):
        hub.build()
    assert (hub.site / "models").read_text() == "in the way"


def test_the_whole_corpus_is_built(corpus_dir: Path, tmp_path: Path) -> None:
    result = build_site(corpus_dir, tmp_path / "site", receipts_dir=None)
    assert result.written > 2_700
    assert all("full-width colon" in problem.message for problem in result.problems)
    assert list(broken_links(tmp_path / "site")) == []
    assert (tmp_path / "site" / "index.html").stat().st_size < 500_000


def test_building_loads_nothing_heavy(hub: Hub, project_dir: Path) -> None:
    hub.add(U2NET)
    hub.verify(passed(U2NET))
    code = (
        "import sys\nfrom pathlib import Path\nfrom hubkit.site.build import build_site\nimport hubkit.site.serve\n"
        f"out, cards = Path({str(hub.out)!r}), Path({str(hub.cards)!r})\n"
        "build_site(cards, out / 'site', receipts_dir=out / 'receipts', models_dir=out / 'models')\n"
        "print([n for n in ('mindspore', 'onnx', 'onnxruntime', 'numpy', 'requests') if n in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(project_dir)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_every_page_is_there_in_both_languages(built: Hub) -> None:
    pages = {name for name in contents(built.site) if name.endswith(".html")}
    english = {name for name in pages if not name.startswith("zh/")}
    assert {f"zh/{name}" for name in english} == pages - english
    for name in {name for name in english if not name.startswith("rules/")} - {"404.html"} | {"rules/index.html"}:
        for page, language, other in ((name, "en", f"zh/{name}"), (f"zh/{name}", "zh-Hans", name)):
            tree = parse((built.site / page).read_text(encoding="utf-8"))
            assert elements(tree, "html")[0].get("lang") == language
            links = [link for link in elements(tree, "link") if link.get("hreflang")]
            assert [link.get("hreflang") for link in links] == ["en", "zh-Hans"]
            switcher = [anchor for anchor in elements(tree, "a") if anchor.get("hreflang")]
            assert len(switcher) == 1
            target = (built.site / page).parent / unquote(switcher[0].get("href", ""))
            assert target.read_bytes() == (built.site / other).read_bytes()


def test_a_translation_is_the_chinese_page_of_its_original(hub: Hub) -> None:
    hub.add("a/1.9/one", body="In English.\n")
    hub.add("a/1.9/one_cn", body="中文正文。\n", title="One in Chinese")
    hub.build()
    assert "In English." in hub.page("a/1.9/one")
    chinese = (hub.site / "zh/models/a/1.9/one.html").read_text(encoding="utf-8")
    assert "中文正文。" in chinese
    assert "In English." not in chinese
    assert 'class="prose" lang="zh-Hans"' in chinese
    assert own_languages(chinese) == {"zh-Hans"}
    assert "中文正文。" in hub.page("a/1.9/one_cn"), "its old URL stays valid"
    assert "One in Chinese" not in hub.home()
    (hub.cards / "a/1.9/one_cn.md").unlink()
    hub.build()
    english = (hub.site / "zh/models/a/1.9/one.html").read_text(encoding="utf-8")
    assert "In English." in english
    assert own_languages(english) == {"en"}, "a screen reader is told where the page's language ends"


def own_languages(page: str) -> set[str]:
    """The languages that a model's page gives for what the card itself says: its title, its summary and its body."""
    tree = parse(page)
    own = [*elements(tree, "h1"), *(part for part in tree.iter() if part.get("class") in ("lead", "prose"))]
    assert len(own) == 3
    return {part.get("lang", "") for part in own}


def test_a_translation_without_an_original_is_a_card_of_its_own(hub: Hub) -> None:
    hub.add("a/1.9/one_cn", title="Alone")
    hub.build()
    assert "Alone" in hub.home()


def test_a_base_url_makes_canonical_links(hub: Hub) -> None:
    hub.add(U2NET)
    build_site(hub.cards, hub.site, receipts_dir=None, base_url="https://hub.example/models/")
    latest = "models/mindspore/latest/u2net_dutstr.html"
    assert f'rel="canonical" href="https://hub.example/models/{latest}"' in hub.page(U2NET)
    chinese = (hub.site / f"zh/models/{U2NET}.html").read_text(encoding="utf-8")
    assert f'rel="canonical" href="https://hub.example/models/zh/{latest}"' in chinese
    assert f'hreflang="en" href="https://hub.example/models/{latest}"' in chinese
    hub.build()
    assert 'rel="canonical"' not in hub.page(U2NET)
