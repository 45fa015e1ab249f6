"""Texts in XML: read back, they are what they were."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from hubkit.site.xml_text import escape, quoted


@pytest.mark.parametrize("text", ["a", "a < b & c > d", '"it\'s"', "&amp;", "line\nline\tend", "目标检测", "]]>"])
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    element = ElementTree.fromstring(f"<a b={quoted(text)}>{escape(text)}</a>")
    assert (element.text, element.attrib) == (text, {"b": text})
