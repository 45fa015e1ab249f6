"""Templates compiled for speed say what plain Jinja makes them say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment, UndefinedError
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

    @property
    def words(self) -> dict[str, object]:
        return {"name": self.name}


TEMPLATE = """\
{% macro item(value) %}<li title="{{ value }}">{{ value }}</li>{% endmacro %}
{{ _("Models") }} {{ gettext("<b>100 %%</b>") }} {% trans %}Models{% endtrans %} {{ _("By %(who)s", who=page.name) }}
{% trans who=page.name %}By {{ who }}{% endtrans %} {% trans count=2 %}{{ count }} file{% pluralize %}{{ count }} files
{% endtrans %}
<a title="{{ _("Models") }}">{{ page.name }}</a> {{ page.name | upper }} {{ page.rows[:2] | length }}
{{ page.words["name"] }}
{% for row in page.rows %}{{ item(row) }}{{ loop.index }}{% endfor %}
{% block named %}{{ page.name }}{% endblock %}{{ self.named() }}
{% set kept %}<u>{{ page.name }}</u>{% endset %}{{ kept }}{{ "lit<eral" }}
"""


# A template in parts, in which the same names stand for different things.
PARTS = {
    "base.html": """<title>{% block title %}{% endblock %}</title>
{% block head %}{% endblock %}{{ self.title() }}
{% include "part.html" %}{% block main %}nothing{% endblock %}{{ name }}
""",
    "part.html": "{% set name = page.name %}[{{ name }}]{% for row in page.rows %}{{ row }}{% endfor %}",
    "macros.html": """{% macro icon(name) %}<i class="{{ name }}"></i>{% endmacro %}
{% macro pair(row, name) %}{% for item in row %}{{ icon(name) }}{{ item }}{% if not loop.last %},{% endif %}{% endfor %}
{% endmacro %}""",
    "page.html": """{% extends "base.html" %}
{% import "macros.html" as macros %}
{% macro own(name, row) %}{{ macros.icon(name) }}{% set item = row %}{{ item }}{{ name }}{% endmacro %}
{% block title %}{{ page.name }} & co{% endblock %}
{% block main %}
{% set name = "<kept>" %}
{% for item in page.rows %}{{ own(item, name) }}{{ item }}{{ macros.pair(page.rows, name=item) }}{% endfor %}
{{ name }}{{ macros.icon("const<ant>") }}{{ own(row=page.name, name="a") }}
{% trans who=page.name | fit %}By {{ who }}{% endtrans %} {% trans who=name | fit %}{{ who }}: 100 %{% endtrans %}
{% if macros.icon("b") %}{{ macros.icon(page.name) | length }}{% endif %}
{% endblock %}
""",
}


def plain() -> Environment:
    environment = Environment(
        finalize=lambda value: fit(value) if type(value) is str else value, loader=DictLoader(PARTS), **OPTIONS
    )
    environment.filters["fit"] = fit
    environment.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]
    return environment


def compiled(folder: Path, texts: Texts, cache: Path | None = None) -> CompiledEnvironment:
    environment = CompiledEnvironment(folder, texts, cache)
    environment.filters["fit"] = fit
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


@pytest.mark.parametrize("payload", [*PAYLOADS, Markup("<b>")])
def test_it_says_of_parts_what_jinja_says(tmp_path: Path, payload: object) -> None:
    for name, source in PARTS.items():
        (tmp_path / name).write_text(source)
    context = {"page": Thing(payload), "name": "a name"}
    for texts in (TEXTS, Texts(ENGLISH)):
        with speaking(texts):
            expected = plain().get_template("page.html").render(context)
            environment = compiled(tmp_path, texts)
            assert environment.get_template("page.html").render(context) == expected
            environment.globals["name"] = "a name"
            assert environment.page("page.html", context["page"]) == expected.encode()


def test_a_part_that_changed_makes_another_page(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text('{% include "part.html" %}')
    for words in ("one", "two"):
        (tmp_path / "part.html").write_text(words)
        environment = compiled(tmp_path, Texts(ENGLISH), tmp_path / "cache")
        assert environment.page("page.html", Thing("a")) == words.encode()


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
