"""Reading gettext catalogues, beside Babel's reader."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po as read_by_babel
from babel.messages.pofile import write_po
from hypothesis import given
from hypothesis import strategies as st

from hubkit.errors import SiteError
from hubkit.site.po import CONTEXT_SEPARATOR, read_po

TRICKY = """\
# a comment
msgid ""
msgstr ""
"Language: zh\\n"

#. to translators
#: a.py:1
#, python-format
msgid "%(count)s file"
msgid_plural "%(count)s files"
msgstr[0] "%(count)s 个文件"

msgctxt "a verb"
msgid "Use"
msgstr "使用"

#, fuzzy
msgid "old"
msgstr "旧"

msgid "not yet"
msgstr ""

msgid ""
"over "
"two \\"lines\\"\\n"
msgstr "两行 \\\\ \\t"

#~ msgid "gone"
#~ msgstr "没了"
"""


def by_babel(text: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    message: Any
    for message in read_by_babel(BytesIO(text.encode())):
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        msgid = message.id[0] if isinstance(message.id, tuple) else message.id
        if msgid and all(strings) and not message.fuzzy:
            found[f"{message.context}{CONTEXT_SEPARATOR}{msgid}" if message.context else msgid] = strings
    return found


def test_what_a_catalogue_says() -> None:
    assert read_po(TRICKY, "zh.po") == {
        "%(count)s file": ("%(count)s 个文件",),
        f"a verb{CONTEXT_SEPARATOR}Use": ("使用",),
        'over two "lines"\n': ("两行 \\ \t",),
    }
    assert read_po(TRICKY, "zh.po") == by_babel(TRICKY)


TEXT = st.text(alphabet=st.characters(exclude_categories=["C"]) | st.sampled_from('\n\t\\"#'), min_size=1)


@given(st.dictionaries(TEXT, TEXT, max_size=5))
def test_what_babel_writes_is_read(texts: dict[str, str]) -> None:
    catalog = Catalog("zh")
    for message, translation in texts.items():
        catalog.add(message, translation)
    stream = BytesIO()
    write_po(stream, catalog, width=40)
    expected = {message: (translation,) for message, translation in texts.items()}
    assert read_po(stream.getvalue().decode(), "zh.po") == expected


@pytest.mark.parametrize("text", ["msgid", "msgid Use", '"alone"', 'msgfoo "a"', "<html>", 'msgid "a" "b'])
def test_what_is_no_catalogue_is_an_error_with_its_line(text: str) -> None:
    with pytest.raises(SiteError, match=r"zh\.po:2: no line of a gettext catalogue"):
        read_po(f"# a\n{text}\n", "zh.po")
