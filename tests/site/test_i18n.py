"""The interface's texts in its languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hubkit.errors import SiteError
from hubkit.resources import resource_dir
from hubkit.site.i18n import (
    CHINESE,
    ENGLISH,
    LANGUAGES,
    Language,
    Texts,
    _,
    load_texts,
    ngettext,
    pgettext,
    speaking,
    spoken,
)
from hubkit.site.render import Renderer
from tests.site import messages

TEXTS = Texts(
    CHINESE,
    {
        "Models": ("模型",),
        "%(count)s file": ("%(count)s 个文件",),
        "a verb\x04Use": ("使用",),
    },
)


def test_texts_are_looked_up_in_the_language_that_is_spoken() -> None:
    assert (spoken(), _("Models")) == (ENGLISH, "Models")
    with speaking(TEXTS):
        assert (spoken(), _("Models"), _("Files")) == (CHINESE, "模型", "Files")
        assert ngettext("%(count)s file", "%(count)s files", 2) % {"count": 2} == "2 个文件"
        assert ngettext("one", "many", 1) == "one"
        assert pgettext("a verb", "Use") == "使用"
        assert pgettext("a noun", "Use") == "Use"
    assert _("Models") == "Models"
    assert [ngettext("%(count)s file", "%(count)s files", count) for count in (0, 1, 2)] == [
        "%(count)s files",
        "%(count)s file",
        "%(count)s files",
    ]


def test_what_is_spoken_ends_with_an_error() -> None:
    with pytest.raises(ValueError), speaking(TEXTS):
        raise ValueError
    assert spoken() is ENGLISH


def test_templates_speak_the_language_too() -> None:
    source = (
        "{{ _('Models') }}|{% trans count=page %}%(count)s{% pluralize %}%(count)s{% endtrans %}|"
        "{% trans name=page %}A {{ name }}{% endtrans %}"
    )
    for texts, word in ((Texts(ENGLISH), "Models"), (TEXTS, "模型")):
        template = Renderer(texts, [resource_dir("site_templates")])._environment.from_string(source)
        with speaking(texts):
            assert template.render(page="<b>") == f"{word}|%(count)s|A &lt;b&gt;"


def test_a_later_folder_decides(tmp_path: Path) -> None:
    for name, text in (("a", "one"), ("b", "two")):
        path = tmp_path / name / "locale" / "en.po"
        path.parent.mkdir(parents=True)
        path.write_text(f'msgid "Models"\nmsgstr "{text}"\n\nmsgid "{name}"\nmsgstr "x"\n', encoding="utf-8")
    texts = load_texts(ENGLISH, [tmp_path / "a", tmp_path / "b", tmp_path / "none"])
    assert [texts.text(message) for message in ("Models", "a", "b", "c")] == ["two", "x", "x", "c"]
    (tmp_path / "b/locale/en.po").write_bytes(b"\xff")
    with pytest.raises(SiteError, match="cannot be read"):
        load_texts(ENGLISH, [tmp_path / "b"])


def test_every_language_but_english_has_a_catalogue() -> None:
    for language in LANGUAGES:
        assert messages.path_of(language).is_file() == (language is not ENGLISH)
        assert language.folder in ("", f"{language.code}/")


def test_all_texts_are_found() -> None:
    found = {message.id for message in messages.extracted()}
    assert {"Skip to the content", "Models"} <= found
    assert all("  " not in str(message) for message in found), "a text with line breaks of its template: use trimmed"


OTHERS = [language for language in LANGUAGES if language is not ENGLISH]


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_text_has_a_translation(language: Language) -> None:
    known = {(message.context, _first(message.id)): message for message in messages.read(language) if message.id}
    found = {(message.context, _first(message.id)) for message in messages.extracted() if message.id}
    assert found - known.keys() == set(), "`make messages` brings them in"
    assert known.keys() - found == set(), "`make messages` takes out what is gone"
    missing = [text for text, message in known.items() if message.fuzzy or not all(_forms(message.string))]
    assert missing == [], "translate them in site_templates/locale"


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_a_translation_holds_the_variables_of_its_text(language: Language) -> None:
    for message in messages.read(language):
        for form in _forms(message.string) if message.id else ():
            assert VARIABLE.findall(form) == [] or set(VARIABLE.findall(form)) <= set(
                VARIABLE.findall(_all(message.id))
            )
            if message.python_format and isinstance(message.id, str):
                assert set(VARIABLE.findall(form)) == set(VARIABLE.findall(message.id)), message.id


VARIABLE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def _first(msgid: str | tuple[str, ...]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def _all(msgid: str | tuple[str, ...]) -> str:
    return msgid if isinstance(msgid, str) else " ".join(msgid)


def _forms(string: str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)
