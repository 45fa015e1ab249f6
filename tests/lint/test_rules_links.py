"""The rules on links of the body: where they find something, and what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.lint.diagnostic import Severity
from hubkit.settings import Settings
from tests.lint.calls import GOOD, PATH, findings, fixed, shown

OWN = "https://gitee.com/mindspore/models"


def with_body(text: str, *, repo_link: str = f"{OWN}/tree/r1.9/research/cv/u2net") -> str:
    """A good card with ``text`` at the end of its body."""
    return GOOD.replace(f"{OWN}/tree/r1.9/research/cv/u2net", repo_link) + f"\n{text}\n"


# moving-branch


@pytest.mark.parametrize("branch", ["master", "main", "develop", "HEAD", "Master"])
def test_a_link_to_a_branch_that_moves_is_found(branch: str) -> None:
    (found,) = findings("moving-branch", with_body(f"See [it]({OWN}/tree/{branch}/research) and more."))
    assert found.source_line[found.column - 1 : found.end_column - 1] == branch
    assert found.message == f"the link leads to the branch {branch} of gitee.com/mindspore/models, which moves"
    assert found.hint == "Name r1.9, as repo-link does."
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("url", "repository"),
    [
        ("https://github.com/a/b/blob/master/README.md", "github.com/a/b"),
        ("https://gitlab.com/a/b/-/tree/main/x", "gitlab.com/a/b"),
        ("https://raw.githubusercontent.com/A/B/main/net.png", "github.com/a/b"),
        ("https://raw.githubusercontent.com/a/b/refs/heads/main/net.png", "github.com/a/b"),
    ],
)
def test_a_branch_of_another_repository_is_named(url: str, repository: str) -> None:
    (found,) = findings("moving-branch", with_body(f"[it]({url})"))
    assert f"of {repository}, which moves" in found.message
    assert found.hint == "Name the release branch, the tag or the commit that the card is about."


@pytest.mark.parametrize(
    "text",
    [
        f"[it]({OWN}/tree/r1.9/master/main)",
        f"[it]({OWN}/blob/0123456789abcdef0123456789abcdef01234567/x.py)",
        "[it](https://github.com/a/b)",
        "[it](https://github.com/a/b/tree/v1.0/master)",
        "[it](https://example.com/tree/of/life/master/x)",
        f"`{OWN}/tree/master`",
        "[it](main/tree/master)",
    ],
)
def test_a_link_that_stays_is_fine(text: str) -> None:
    assert findings("moving-branch", with_body(text)) == []


@pytest.mark.parametrize("branch", ["master", "dev"])
@pytest.mark.parametrize("before", ["", "<", '"'])
def test_a_repo_link_that_moves_is_found_at_its_branch(branch: str, before: str) -> None:
    after = {"": "", "<": ">", '"': '"'}[before]
    text = with_body("", repo_link=f"{before}{OWN}/tree/{branch}/research/cv/u2net{after}")
    (found,) = findings("moving-branch", text)
    assert shown([found]) == [f"{branch}: repo-link leads to the branch {branch}, which moves"]
    assert (found.line, found.hint, found.severity) == (13, "Name the branch r1.9.", Severity.WARNING)
    assert findings("branch-version", text) == []


def test_a_repo_link_without_a_branch_is_found() -> None:
    (found,) = findings("moving-branch", with_body("", repo_link=OWN))
    assert shown([found]) == [f"{OWN}: repo-link names no branch, so it leads to the one that moves"]
    assert findings("moving-branch", with_body("", repo_link="https://www.mindspore.cn/models/u2net")) == []


# foreign-branch


def test_a_link_to_another_branch_of_the_own_repository_is_found() -> None:
    text = with_body(f"See [it]({OWN}/blob/v0.3.0/README.md).", repo_link=f"<{OWN}/tree/v0.4.0/configs>")
    (found,) = findings("foreign-branch", text)
    assert found.source_line[found.column - 1 : found.end_column - 1] == "v0.3.0"
    assert found.message == "the link leads to the branch v0.3.0, but repo-link names v0.4.0"
    assert found.hint == "Write v0.4.0, or mend repo-link."


@pytest.mark.parametrize(
    "url",
    [
        f"{OWN}/blob/v0.4.0/README.md",
        f"{OWN}/blob/r1.8/README.md",  # version-consistency compares these
        f"{OWN}/blob/master/README.md",  # moving-branch finds these
        f"{OWN}/blob/0123abcdef/README.md",
        "https://gitee.com/mindspore/mindcv/blob/v0.3.0/README.md",
        OWN,
    ],
)
def test_a_link_that_other_rules_judge_or_that_fits_is_left_alone(url: str) -> None:
    text = with_body(f"[it]({url})", repo_link=f"{OWN}/tree/v0.4.0/configs")
    assert findings("foreign-branch", text) == []


def test_two_rules_never_report_one_branch() -> None:
    text = with_body(f"[a]({OWN}/blob/master/a) [b]({OWN}/blob/r1.8/b) [c]({OWN}/blob/v0.3.0/c)")
    found = {rule: shown(findings(rule, text)) for rule in ("moving-branch", "foreign-branch", "version-consistency")}
    assert [len(messages) for messages in found.values()] == [1, 1, 1]
    assert found["moving-branch"][0].startswith("master: ")
    assert found["foreign-branch"][0].startswith("v0.3.0: ")
    assert "r1.8: " in found["version-consistency"][0]


# relative-link


def hub(tmp_path: Path) -> Path:
    """The path of a card in a hub with a picture and another card."""
    folder = tmp_path / "hub" / "mindspore" / "1.9"
    folder.mkdir(parents=True)
    (folder / "a net.png").write_bytes(b"")
    (folder / "other.md").write_text("", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("", encoding="utf-8")
    return folder / "u2net_dutstr.md"


@pytest.mark.parametrize(
    "text",
    [
        "![a](a%20net.png)",
        "![a](<a net.png>)",
        "[a](other.md#usage)",
        "[a](./other.md?plain=1)",
        "[a](../1.9/other.md)",
        "[a](..)",
        "[a](#introduction)",
        "[a](?plain=1)",
        "[a](mailto:a@example.com)",
        "[a](https://a.example/b)",
        "`[a](missing.md)`",
    ],
)
def test_a_link_to_what_is_there_is_fine(tmp_path: Path, text: str) -> None:
    assert findings("relative-link", with_body(text), path=hub(tmp_path)) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![a](b.png)", "b.png: there is no file 'b.png' beside the card"),
        ("[a](Other/x.md#y)", "Other/x.md#y: there is no file 'Other/x.md' beside the card"),
        ("[a](www.example.com/x)", "www.example.com/x: there is no file 'www.example.com/x' beside the card"),
        ("[a]()", "[a](): the link leads nowhere: its target is empty"),
        ("[a](//a.example/b)", "//a.example/b: the link has no scheme"),
        ("[a](/etc/passwd)", "/etc/passwd: the link begins with /, which is another place on every site"),
        ("[a](x%00y)", "x%00y: there is no file 'x\\x00y' beside the card"),
        (f"[a]({'x' * 300})", f"{'x' * 300}: there is no file '{'x' * 77}...' beside the card"),
        (f"[a]({'x/' * 3000})", f"{'x/' * 3000}: the relative link has 6,000 characters"),
    ],
)
def test_a_link_to_nothing_is_found(tmp_path: Path, text: str, said: str) -> None:
    found = findings("relative-link", with_body(f"See {text} there."), path=hub(tmp_path))
    assert shown(found) == [said]
    assert found[0].severity is Severity.ERROR


def test_a_forgotten_scheme_is_guessed() -> None:
    (found,) = findings("relative-link", with_body("[a](gitee.com/mindspore)"))
    assert found.hint == "Did you mean https://gitee.com/mindspore?"


def test_a_link_may_not_leave_the_hub_although_the_file_is_there(tmp_path: Path) -> None:
    path = hub(tmp_path)
    text = with_body("[a](../../../secret.txt)")
    assert findings("relative-link", text, path=path) == []
    settings = Settings(file=tmp_path / "hub" / "hubkit.toml")
    (found,) = findings("relative-link", text, path=path, settings=settings)
    assert found.message == "the relative link '../../../secret.txt' leaves the hub's folder"
    assert findings("relative-link", with_body("[a](other.md)"), path=path, settings=settings) == []
    elsewhere = Settings(file=tmp_path / "elsewhere" / "hubkit.toml")
    assert findings("relative-link", text, path=path, settings=elsewhere) == []


def test_a_url_in_two_pairs_of_brackets_is_mended() -> None:
    text = with_body("See [it]((https://arxiv.org/abs/1810.04805)).")
    (found,) = findings("relative-link", text)
    assert shown([found]) == [
        "(https://arxiv.org/abs/1810.04805): the link's target stands between more than its brackets"
    ]
    assert found.hint == "Write https://arxiv.org/abs/1810.04805"
    mended = fixed("relative-link", text)
    assert mended == with_body("See [it](https://arxiv.org/abs/1810.04805).")
    assert findings("relative-link", mended) == []


def test_a_reference_is_found_where_it_is_defined() -> None:
    (found,) = findings("relative-link", with_body("See [it][a].\n\n[a]: missing.md"))
    assert shown([found]) == ["missing.md: there is no file 'missing.md' beside the card"]
    assert found.source_line == "[a]: missing.md"


# anchor


@pytest.mark.parametrize(
    "text",
    [
        "[a](#introduction)",
        "[a](#Introduction)",
        "[a](#u2net)",  # the title before the front matter
        "[a](#)",
        "[a](#top)",
        "[a](#how-to-use)\n\n## How to use?",
        "[a](#a--b) [a](#a-b)\n\n## a & b",
        "[a](#用法) [a](#%E7%94%A8%E6%B3%95)\n\n## 用法",
        "[a](#use-1)\n\n## Use\n\n## Use",
        '[a](#there)\n\n<a name="there"></a>',
        "[a](#there)\n\n<div id='there'>\n</div>",
        "[a](missing.md#nowhere)",  # relative-link reports the file
        "[a](notes.txt#nowhere)",
        "[a](https://a.example/other.md#nowhere)",
        "[a](https://a.example/#nowhere)",
        "[a](#use-1) [a](#use-2)\n\n## Use\n\n## Use-1\n\n## Use",
        "[a](#u-net)\n\n## U²-Net",
        "[a](#1训练与评估)\n\n## 1、训练与评估：",
        "[a](#用法-1)\n\n## 用法\n\n## 用法",
        "[a](#-use)\n\n## 🚀 Use",
        "[a](#old-way)\n\n<h2 align='center'>Old <b>way</b></h2>",
    ],
)
def test_an_anchor_that_is_there_is_fine(text: str) -> None:
    assert findings("anchor", with_body(text)) == []


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        (
            "[a](#how-to-use-it)\n\n## How to use",
            "#how-to-use-it: no heading of the card has the anchor '#how-to-use-it'",
            "Did you mean #how-to-use?",
        ),
        (
            "[a](#使用)\n\n## 用法",
            "#使用: no heading of the card has the anchor '#使用'",
            "Write the heading's words in lower case, with hyphens.",
        ),
        (
            "[a](#use-2)\n\n## Use\n\n## Use",
            "#use-2: no heading of the card has the anchor '#use-2'",
            "Did you mean #use-1?",
        ),
        (
            "[a](#fenced)\n\n```text\n## Fenced\n```",
            "#fenced: no heading of the card has the anchor '#fenced'",
            "Write the heading's words in lower case, with hyphens.",
        ),
    ],
)
def test_an_anchor_that_is_not_there_is_found(text: str, said: str, hint: str) -> None:
    found = findings("anchor", with_body(text))
    assert (shown(found), [one.hint for one in found]) == ([said], [hint])


def test_an_anchor_of_another_card_is_looked_for_there(tmp_path: Path) -> None:
    path = hub(tmp_path)
    (path.parent / "other.md").write_text("# Other\n\n---\na: b\n---\n\n## How to use\n", encoding="utf-8")
    for good in ("other.md#how-to-use", "./other.md#other", "../1.9/other.md?plain=1#top", "other.md#"):
        assert findings("anchor", with_body(f"[a]({good})"), path=path) == []
    (found,) = findings("anchor", with_body("See [a](../1.9/other.md#how-to-us)."), path=path, settings=of(tmp_path))
    assert shown([found]) == ["../1.9/other.md#how-to-us: no heading of ../1.9/other.md has the anchor '#how-to-us'"]
    assert found.hint == "Did you mean #how-to-use?"
    (path.parent / "other.md").write_text("# Other\n\n---\na: b\n---\n\n## How to us\n", encoding="utf-8")
    assert findings("anchor", with_body("See [a](other.md#how-to-us)."), path=path) == []


def of(tmp_path: Path) -> Settings:
    """The settings of the hub."""
    return Settings(file=tmp_path / "hub" / "hubkit.toml")


def test_no_file_outside_the_hub_is_read_for_its_anchors(tmp_path: Path) -> None:
    path = hub(tmp_path)
    (tmp_path / "secret.md").write_text("# Secret\n\n---\na: b\n---\n", encoding="utf-8")
    (path.parent / "inside.md").symlink_to(tmp_path / "secret.md")
    for settings in (Settings(), of(tmp_path)):
        for name in ("../../../secret.md", "inside.md"):
            assert findings("anchor", with_body(f"[a]({name}#nowhere)"), path=path, settings=settings) == []


# links in raw HTML


@pytest.mark.parametrize(
    ("rule", "html", "said"),
    [
        (
            "moving-branch",
            f'<a href="{OWN}/tree/master/x">it</a>',
            "master: the link leads to the branch master of gitee.com/mindspore/models, which moves",
        ),
        (
            "foreign-branch",
            f"<a href='{OWN}/tree/v1/x'>it</a>",
            "v1: the link leads to the branch v1, but repo-link names r1.9",
        ),
        (
            "link-form",
            "<a class=x href=http://a.example/b>it</a>",
            "http://a.example/b: the link uses http, which anyone on the way can change",
        ),
        ("relative-link", '<IMG SRC="b.png" alt="b">', "b.png: there is no file 'b.png' beside the card"),
        ("relative-link", '<img alt="a > b" src = "b.png">', "b.png: there is no file 'b.png' beside the card"),
        ("anchor", '<a href="#nowhere">it</a>', "#nowhere: no heading of the card has the anchor '#nowhere'"),
        ("image-alt", '<img src="https://a.example/b.png">', None),
        ("image-alt", '<img alt=" " src="https://a.example/b.png"/>', None),
    ],
)
@pytest.mark.parametrize("around", ["{}", "<p>\n  {}\n</p>", "> - <p>\n>   {}", "<!-- a\n<b>\n-->\n<p>{}</p>"])
def test_a_link_in_html_is_judged_as_one_in_markdown(
    tmp_path: Path, rule: str, html: str, said: str | None, around: str
) -> None:
    text = with_body(around.format(html))
    for written in (text, text.replace("\n", "\r\n")):
        found = findings(rule, written, path=hub(tmp_path / written[-2:].encode().hex()))
        assert shown(found) == [said or f"{html}: the image has no alternative text"]
        assert not said or html in found[0].source_line


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://a.example/b">it</a>',
        '<a name="nowhere">it</a>',
        "<!-- <a href='http://a.example'>it</a> <img src=b.png> -->",
        "`<img src=b.png>`",
        '<img src="other.md" alt="a &amp; b">',
        '<div data-src="b.png" title="src=b.png"></div>',
        '<img data-src="b.png">',
        '<a title="href=http://a.example/b">it</a>',
        "<a href=",
        "```html\n<img src=b.png>\n```",
    ],
)
def test_html_that_links_to_nothing_wrong_is_fine(tmp_path: Path, html: str) -> None:
    for rule in ("moving-branch", "foreign-branch", "link-form", "relative-link", "anchor", "image-alt"):
        assert findings(rule, with_body(html), path=hub(tmp_path / rule)) == []


def test_html_links_are_found_in_linear_time() -> None:
    for part in ("<a ", "<a '", '<a "', "<a x=", "<!--", "<img alt='<a \""):
        body = with_body("<p>\n" + part * (9000 // part.count("<")))
        for rule in ("link-form", "anchor"):
            assert len(findings(rule, body)) <= 1


# link-text


def test_one_link_under_two_names_is_found_at_the_second() -> None:
    text = with_body("[U2-Net](https://a.example/p) and [U2-net](https://a.example/p), [Paper](https://a.example/p).")
    found = findings("link-text", text)
    assert shown(found) == ["[Paper](https://a.example/p): 'Paper' leads to the same place as 'U2-Net' before"]
    assert found[0].severity is Severity.INFO


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://a.example/p) and [a](https://a.example/p)",
        "[a\nb](https://a.example/p) and [A b](https://a.example/p) and [`a b`](https://a.example/p)",
        "[a](https://a.example/p) and <https://a.example/p> and https://a.example/p",
        "[a](https://a.example/p) and ![b](https://a.example/p)",
        "[![](x.png)](https://a.example/p) and [a](https://a.example/p)",
        "[![version](x.png)](https://a.example/p) [![licence](y.png)](https://a.example/p) [a](https://a.example/p)",
        "[a](https://a.example/p) and [b](https://a.example/q)",
        "[a]() and [b]()",
    ],
)
def test_one_link_under_one_name_is_fine(text: str) -> None:
    assert findings("link-text", with_body(text)) == []


def test_the_good_card_has_no_finding_on_links() -> None:
    for rule in ("moving-branch", "foreign-branch", "relative-link", "anchor", "link-text"):
        assert findings(rule, GOOD, path=PATH) == []
