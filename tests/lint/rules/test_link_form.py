from __future__ import annotations

import pytest

from tests.lint.samples import card, findings, lint_text

FORM = "Write https://host/path."
SOUND = "https://gitee.com/mindspore/models"


@pytest.mark.parametrize(
    "link",
    [
        SOUND,
        f'"{SOUND}"',
        f"<{SOUND}>",
        f"<{SOUND}>  ",
        f'" {SOUND} "',
        "https://gitee.com",
        "https://gitee.com:443/x",
        "https://gitee.com/ü",
        "https://bücher.example/x",
        "https://gitee.com/a?b=c#d",
        "http://localhost:8080/x",
    ],
)
@pytest.mark.parametrize("key", ["repo-link", "asset-link"])
def test_a_https_url_is_right(key: str, link: str) -> None:
    assert findings("link-form", card({key: link})) == []


@pytest.mark.parametrize(
    ("link", "message", "hint"),
    [
        ("http://gitee.com/x", "the link uses http, which anyone on the way can change", "Write https://gitee.com/x."),
        ("HTTP://gitee.com", "the link uses http, which anyone on the way can change", "Write https://gitee.com."),
        ("HTTPS://gitee.com/x", "the scheme is written in capitals", "Write https://gitee.com/x."),
        ("ftp://gitee.com/x", "the scheme 'ftp' is not allowed", FORM),
        ("gitee.com/x", "the link has no scheme", FORM),
        ("https:///x", "the URL has no host", FORM),
        ("https://me:pw@gitee.com/x", "the URL holds a user name or a password", "Remove it: a card is public."),
        ("https://me@gitee.com/x", "the URL holds a user name or a password", "Remove it: a card is public."),
        ("https://gitee.com/a b", "the URL has white space in it", "Write %20 for a space."),
        ("https://gitee.com:port/x", "not a URL: Port could not be cast to integer value as 'port'", FORM),
        ("https://gitee.com:99999/x", "not a URL: Port out of range 0-65535", FORM),
        ("https://gitee.com/\u200bx", "the URL has a character that cannot be seen", "Type it anew."),
        (f"<{SOUND}", "the angle brackets are not around the whole link and nothing else", "Write the URL alone."),
        (
            f"<{SOUND}> (old)",
            "the angle brackets are not around the whole link and nothing else",
            "Write the URL alone.",
        ),
    ],
)
def test_what_is_wrong_with_a_link_is_told(link: str, message: str, hint: str) -> None:
    assert findings("link-form", card({"repo-link": link})) == [(link, f"repo-link: {message}", hint)]


def test_a_quoted_link_is_shown_with_its_quotes() -> None:
    [(shown, message, _)] = findings("link-form", card({"asset-link": "'http://gitee.com/x'"}))
    assert shown == "'http://gitee.com/x'"
    assert message.startswith("asset-link: the link uses http")


@pytest.mark.parametrize(
    "body",
    [
        "[a](https://x.org)",
        "[a](#part)",
        "[a](docs/a.md)",
        "![a](picture.png)",
        "<mailto:a@b.org>",
        "[a](MAILTO:a@b.org)",
        "<a@b.org>",
        "[a]()",
        "`http://in.code`",
        "    http://in.code",
        "http://localhost:6006",
        "[a](//x.org)",
        "a:b c:d",
        "see README.md:12",
    ],
)
def test_a_bodys_link_is_right(body: str) -> None:
    assert findings("link-form", card(body=body)) == []


@pytest.mark.parametrize(
    ("body", "shown", "message"),
    [
        ("[a](http://x.org/b)", "http://x.org/b", "the link uses http, which anyone on the way can change"),
        ("![a](<http://x.org/b c>)", "http://x.org/b c", "the URL has white space in it"),
        ("see http://x.org/b.", "http://x.org/b", "the link uses http, which anyone on the way can change"),
        ("<http://x.org/b>", "http://x.org/b", "the link uses http, which anyone on the way can change"),
        ("[a][b]\n\n[b]: http://x.org", "http://x.org", "the link uses http, which anyone on the way can change"),
        ("[a](hhttps://x.org)", "hhttps://x.org", "the scheme 'hhttps' is not allowed"),
        ("[a](javascript:alert(1))", "javascript:alert(1)", "the scheme 'javascript' is not allowed"),
        ("[a](https://me:pw@x.org)", "https://me:pw@x.org", "the URL holds a user name or a password"),
        ("中文，[链接](http://x.org)", "http://x.org", "the link uses http, which anyone on the way can change"),
    ],
)
def test_what_is_wrong_with_a_bodys_link_is_told(body: str, shown: str, message: str) -> None:
    assert [found[:2] for found in findings("link-form", card(body=body))] == [(shown, message)]


def test_a_definition_that_is_used_twice_is_told_once() -> None:
    assert len(findings("link-form", card(body="[a][b] [c][b]\n\n[b]: http://x.org"))) == 1


@pytest.mark.parametrize(
    "link", ["gitee.com/x", "HTTPS://gitee.com/x", "<https://gitee.com/x", "https://gitee.com/a b"]
)
def test_a_wrong_link_is_told_once(link: str) -> None:
    assert [found.rule for found in lint_text(card({"repo-link": link}))] == ["link-form"]
