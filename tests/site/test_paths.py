"""Where pages lie, and which links are sound."""

from __future__ import annotations

import pytest

from hubkit.errors import SiteError
from hubkit.site.paths import file_path, last_part, page_path, root_of, url, web_link


def test_a_page_lies_below_models() -> None:
    assert page_path("mindspore/1.9/u2net_dutstr") == "models/mindspore/1.9/u2net_dutstr.html"
    assert root_of("models/mindspore/1.9/u2net_dutstr.html") == "../../../"
    assert root_of("index.html") == ""


@pytest.mark.parametrize(
    ("uid", "reason"),
    [
        ("../../etc/passwd", "leads out of its folder"),
        ("a/../../b", "leads out of its folder"),
        ("a//b", "leads out of its folder"),
        ("a/./b", "leads out of its folder"),
        ("/etc/passwd", "leads out of its folder"),
        ("a/b\nc", "control character"),
        ("a/b\x00c", "control character"),
        ("a/\udcff", "not UTF-8"),
        ("a/" + "x" * 251, "256 bytes"),
        ("a/" + "模" * 84, "257 bytes"),
    ],
)
def test_a_uid_that_cannot_be_published_is_refused(uid: str, reason: str) -> None:
    with pytest.raises(SiteError, match=reason) as caught:
        page_path(uid)
    assert caught.value.hint


def test_the_longest_name_is_taken() -> None:
    assert page_path("a/" + "x" * 250)


def test_a_file_does_not_leave_its_folder() -> None:
    assert file_path("models/mindspore/1.9/a/a.onnx") == "files/mindspore/1.9/a/a.onnx"
    with pytest.raises(SiteError, match="leads out"):
        file_path("models/../../a.onnx")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models/UNet3+.html", "models/UNet3%2B.html"),
        ("a b#c?d%e.html", "a%20b%23c%3Fd%25e.html"),
        ("模型.html", "%E6%A8%A1%E5%9E%8B.html"),
        ("javascript:alert(1).html", "javascript%3Aalert%281%29.html"),
        ('a"b&c.html', "a%22b%26c.html"),
    ],
)
def test_a_path_becomes_a_url(path: str, expected: str) -> None:
    assert url(path) == expected


@pytest.mark.parametrize("link", ["https://a.example/x", "http://a.example:8080/模型?a=b&c#d", "https://[::1]/x"])
def test_a_sound_link_is_kept(link: str) -> None:
    assert web_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        " https://a.example",
        "data:text/html,x",
        "file:///etc/passwd",
        "//a.example/x",
        "a/b",
        "https://",
        "https:///x",
        "http://[::1",
        'https://a.example/"onclick=x',
        "https://a.example\\@b.example",
        "",
    ],
)
def test_any_other_link_is_none(link: str) -> None:
    assert web_link(link) == ""


def test_the_file_name_of_a_link() -> None:
    assert last_part("https://a.example/b/c.ckpt?d=/e#f/g") == "c.ckpt"
    assert last_part("https://a.example/b/") == "b"
    assert [last_part(link) for link in ("https://a.example/", "https://a.example", "")] == ["", "", ""]
