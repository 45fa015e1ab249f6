from __future__ import annotations

import pytest

from tests.lint.samples import ASSET, card, findings, lint_text

DIGEST = ASSET["asset-sha256"]
COPY = "Run sha256sum on the file and copy its first column."


@pytest.mark.parametrize("written", [DIGEST, f'"{DIGEST}"', f"'{DIGEST}'", "0" * 63 + "1", f'"{"1" * 64}"'])
def test_a_digest_is_right(written: str) -> None:
    assert findings("digest-form", card({"asset-sha256": written})) == []


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        (DIGEST.upper(), "capital letters"),
        (f"sha256:{DIGEST}", "a prefix or white space beside its 64 digits"),
        (f"SHA-256={DIGEST.upper()}", "a prefix or white space beside its 64 digits"),
        (f"0x{DIGEST}", "a prefix or white space beside its 64 digits"),
        (f'" {DIGEST}"', "a prefix or white space beside its 64 digits"),
        (f"{DIGEST[:32]} {DIGEST[32:]}", "a prefix or white space beside its 64 digits"),
    ],
)
def test_a_whole_digest_in_another_dress_is_mended(written: str, wrong: str) -> None:
    expected = [(written, f"the digest has {wrong}", f"Write {DIGEST}.")]
    assert findings("digest-form", card({"asset-sha256": written})) == expected


def test_a_digest_of_decimal_digits_is_quoted() -> None:
    [(_, _, hint)] = findings("digest-form", card({"asset-sha256": f"0x{'1' * 64}"}))
    assert hint == f'Write "{"1" * 64}".'


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("77dcaf0f", "the digest has 8 hexadecimal digits; a SHA-256 has 64"),
        ("77123456", "the digest has 8 hexadecimal digits; a SHA-256 has 64"),
        ("a", "the digest has 1 hexadecimal digit; a SHA-256 has 64"),
        (DIGEST[:63], "the digest has 63 hexadecimal digits; a SHA-256 has 64"),
        (DIGEST + "0", "the digest has 65 hexadecimal digits; a SHA-256 has 64"),
        ("190", "the digest has 3 hexadecimal digits; a SHA-256 has 64"),
        (DIGEST[:-1] + "g", "the digest has characters that are no hexadecimal digits"),
        ("unknown", "the digest has characters that are no hexadecimal digits"),
        ("٣" * 64, "the digest has characters that are no hexadecimal digits"),
    ],
)
def test_what_is_no_digest_is_told(written: str, message: str) -> None:
    assert findings("digest-form", card({"asset-sha256": written})) == [(written, message, COPY)]


def test_every_asset_is_looked_at() -> None:
    assert len(findings("digest-form", card({"asset-sha256": "12ab"}, assets=3))) == 3


def test_a_shortened_digest_in_the_files_name_is_pointed_out() -> None:
    link = "https://download.mindspore.cn/yolov5n-BEDF9A93-910v2.ckpt"
    [(_, message, _)] = findings("digest-form", card({"asset-link": link, "asset-sha256": "bedf9a93"}))
    assert message == "the digest has 8 hexadecimal digits; a SHA-256 has 64 (the file's name has the same)"


@pytest.mark.parametrize("written", ["77dcaf0f", "77123456", DIGEST.upper(), f"0x{DIGEST}"])
def test_a_wrong_digest_is_told_once(written: str) -> None:
    assert [found.rule for found in lint_text(card({"asset-sha256": written}))] == ["digest-form"]
