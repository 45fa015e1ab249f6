from __future__ import annotations

import pytest

from tests.lint.samples import card, findings, lint_text

URL = "https://gitee.com/mindspore/models"


@pytest.mark.parametrize("key", ["repo-link", "asset-link"])
@pytest.mark.parametrize("written", [f"<{URL}>", f"< {URL} >", f'"<{URL}>"', f"<{URL}>   "])
def test_brackets_are_found(key: str, written: str) -> None:
    message = f"{key} stands between angle brackets, which YAML takes as part of the value"
    assert findings("link-brackets", card({key: written})) == [(written.rstrip(), message, f"Write {URL}")]


@pytest.mark.parametrize("written", [URL, f"<{URL}", f"{URL}>", f"<{URL}> old", ""])
def test_without_a_pair_of_brackets_there_is_nothing_to_take_off(written: str) -> None:
    assert findings("link-brackets", card({"repo-link": written})) == []


@pytest.mark.parametrize("inside", ["[x]", "https://a.b/{c}", "https://a.b:", "- x", "https://a.b/c,d", "no URL"])
def test_what_yaml_would_read_otherwise_is_not_mended(inside: str) -> None:
    [found] = lint_text(card({"repo-link": f'"<{inside}>"'}), rule="link-brackets")
    assert found.fix is None
