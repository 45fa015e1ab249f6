from __future__ import annotations

import pytest

from hubkit.settings import Settings
from tests.lint.samples import card, findings

OWN = "A host of your hub's own goes into known-hosts of its settings."


@pytest.mark.parametrize(
    ("link", "host", "hint"),
    [
        ("https://example.com/a", "example.com", OWN),
        ("https://gitee.co/a", "gitee.co", f"Did you mean gitee.com? {OWN}"),
        ("<https://Example.COM/a>", "Example.COM", OWN),
        ('"https://example.com:443/a"', "example.com", OWN),
        ("https://gitee.com@example.com/a", "example.com", OWN),
        ("https://gitee.com:pw@Example.com:80/gitee.com", "Example.com", OWN),
        ("https://downIoad.mindspore.cn/a", "downIoad.mindspore.cn", f"Did you mean download.mindspore.cn? {OWN}"),
        ("https://gitee.com.evil.org/a", "gitee.com.evil.org", OWN),
        ("https://bücher.example/a", "bücher.example", OWN),
        ("https://gitee。com/a", "gitee。com", f"Did you mean gitee.com? {OWN}"),
    ],
)
def test_an_unknown_host_is_shown_in_its_link(link: str, host: str, hint: str) -> None:
    message = f"asset-link: the host {host.lower()!r} is not known to this hub"
    assert findings("link-host", card({"asset-link": link})) == [(host, message, hint)]


@pytest.mark.parametrize("link", ["https://gitee.com/a", "<https://GitHub.com/a>", "gitee.com/a", "https://[::1", ""])
def test_a_known_host_and_no_host_are_right(link: str) -> None:
    assert findings("link-host", card({"repo-link": link})) == []


def test_the_hosts_are_a_setting() -> None:
    text = card()
    [(host, _, _)] = findings("link-host", text, config=Settings(known_hosts=("gitee.com",)))
    assert host == "download.mindspore.cn"
    assert findings("link-host", text, config=Settings(known_hosts=("gitee.com", "download.mindspore.cn"))) == []


def test_links_of_the_body_lead_where_they_like() -> None:
    assert findings("link-host", card(body="[a](https://example.com)")) == []
