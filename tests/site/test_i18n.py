"""The interface's texts in its languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.errors import SiteError
from hubkit.resources import resource_dir
from hubkit.site.i18n import CHINESE, ENGLISH, LANGUAGES, Texts, _, load_texts, ngettext, pgettext, speaking, spoken
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
    template = Renderer(Texts(ENGLISH), [resource_dir("site_templates")])._environment.from_string(
        "{{ _('Models') }}|{% trans count=page %}%(count)s{% pluralize %}%(count)s{% endtrans %}|"
        "{% trans name=page %}A {{ name }}{% endtrans %}"
    )
    assert template.render(page="<b>") == "Models|%(count)s|A &lt;b&gt;"
    with speaking(TEXTS):
        assert template.render(page="<b>").startswith("模型|")


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
