"""Templates compiled for speed say what plain Jinja makes them say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from hubkit.site.compiling import OPTIONS, CompiledEnvironment
from hubkit.site.i18n import CHINESE, ENGLISH, Texts, gettext, ngettext, pgettext, speaking
from hubkit.site.text import fit
from tests.site.test_hostile import PAYLOADS

TEXTS = Texts(CHINESE, {"Models": ("模型",), "<b>100 %%</b>": ("<b>百分之百 %%</b>",), "By %(who)s": ("作者 %(who)s",)})


@dataclass
class Thing:
    name: object
    rows: tuple[object, ...] = (1, 2.5, None, True, "<&>", "a\x00b", Markup("<i>x</i>"))


TEMPLATE = """\
{% macro item(value) %}<li title="{{ value }}">{{ value }}</li>{% endmacro %}
{{ _("Models") }} {{ gettext("<b>100 %%</b>") }} {% trans %}Models{% endtrans %} {{ _("By %(who)s", who=page.name) }}
{% trans who=page.name %}By {{ who }}{% endtrans %} {% trans count=2 %}{{ count }} file{% pluralize %}{{ count }} files
{% endtrans %}
<a title="{{ _("Models") }}">{{ page.name }}</a> {{ page.name | upper }} {{ page.rows[:2] | length }} {{ page["name"] }}
{% for row in page.rows %}{{ item(row) }}{{ loop.index }}{% endfor %}
{% block named %}{{ page.name }}{% endblock %}{{ self.named() }}
{% set kept %}<u>{{ page.name }}</u>{% endset %}{{ kept }}{{ "lit<eral" }}
"""


def plain() -> Environment:
    environment = Environment(finalize=lambda value: fit(value) if type(value) is str else value, **OPTIONS)
    environment.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    return environment


def compiled(folder: Path, texts: Texts, cache: Path | None = None) -> CompiledEnvironment:
    environment = CompiledEnvironment(folder, texts, cache)
    environment.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    return environment


@pytest.mark.parametrize("texts", [Texts(ENGLISH), TEXTS])
@pytest.mark.parametrize("payload", [*PAYLOADS, 7, None, Markup("<b>")])
def test_it_says_what_jinja_says(tmp_path: Path, texts: Texts, payload: object) -> None:
    with speaking(texts):
        expected = plain().from_string(TEMPLATE).render(page=Thing(payload))
        template = compiled(tmp_path, texts).from_string(TEMPLATE)
        assert template.render(page=Thing(payload)) == expected
        assert template.render(page=Thing(payload)) == expected, "what is remembered is the same"


def test_a_text_and_markup_of_the_same_letters_are_told_apart(tmp_path: Path) -> None:
    template = compiled(tmp_path, Texts(ENGLISH)).from_string("{{ page.name }}")
    for _ in range(2):
        assert template.render(page=Thing("<b>")) == "&lt;b&gt;"
        assert template.render(page=Thing(Markup("<b>"))) == "<b>"


@pytest.mark.parametrize("source", ["{{ nothing }}", "{{ page.name.nothing }}", "{{ nothing.name }}"])
def test_what_is_not_there_is_an_error(tmp_path: Path, source: str) -> None:
    with pytest.raises((UndefinedError, AttributeError)):
        compiled(tmp_path, Texts(ENGLISH)).from_string(source).render(page=Thing("a"))


def test_compiled_templates_are_kept_for_one_set_of_texts(tmp_path: Path) -> None:
    folder, cache = tmp_path / "templates", tmp_path / "cache"
    folder.mkdir()
    (folder / "a.html").write_text("{{ _('Models') }}")
    for texts, words in ((TEXTS, "模型"), (Texts(ENGLISH), "Models"), (TEXTS, "模型")):
        assert compiled(folder, texts, cache).get_template("a.html").render() == words
    assert len(list(cache.iterdir())) == 2
    assert cache.stat().st_mode & 0o077 == 0, "it holds code"
    (folder / "a.html").write_text("{{ _('Files') }}")
    assert compiled(folder, TEXTS, cache).get_template("a.html").render() == "Files"
