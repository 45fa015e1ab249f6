"""The list of pages for search engines."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring

from hubkit.site.sitemap import Address, robots, sitemap, sitemap_index

NAME = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def test_each_language_of_a_page_is_there_with_its_alternates() -> None:
    urls = (("en", "https://hub.example/a.html?x=1&y=2"), ("zh-Hans", "https://hub.example/zh/a.html"))
    tree = fromstring(sitemap([Address(urls, "2023-02-17"), Address((("en", "https://hub.example/"),), "")]))
    assert [url.findtext(f"{NAME}loc") for url in tree] == [urls[0][1], urls[1][1], "https://hub.example/"]
    assert [url.findtext(f"{NAME}lastmod") for url in tree] == ["2023-02-17", "2023-02-17", None]
    for url in tree[:2]:
        assert [(link.get("hreflang"), link.get("href")) for link in url.findall(LINK)] == list(urls)


def test_many_files_have_an_index() -> None:
    tree = fromstring(sitemap_index(["https://hub.example/sitemap-1.xml", "https://hub.example/sitemap-2.xml"]))
    assert [url.findtext(f"{NAME}loc") for url in tree] == [
        "https://hub.example/sitemap-1.xml",
        "https://hub.example/sitemap-2.xml",
    ]


def test_robots_are_welcome_and_find_the_list() -> None:
    assert robots("https://hub.example/sitemap.xml").decode().splitlines()[-1] == (
        "Sitemap: https://hub.example/sitemap.xml"
    )
