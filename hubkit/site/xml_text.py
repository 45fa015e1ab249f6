"""Texts in XML. The standard library's ``saxutils`` does the same, and loads an HTTP client to do it."""

from __future__ import annotations

from html import escape as _escape

# A reader of XML makes a space of white space that an attribute holds as it is.
_IN_AN_ATTRIBUTE = str.maketrans({"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;"})


def escape(text: str) -> str:
    """``text`` as the content of an element."""
    return _escape(text, quote=False)


def quoted(text: str) -> str:
    """``text`` as the value of an attribute, with its quotes."""
    return f'"{escape(text).translate(_IN_AN_ATTRIBUTE)}"'
