"""The texts of the interface in code and templates, brought into the catalogues: ``make messages``.

Texts that are new come in without a translation, those that are gone go out, and what a translator wrote stays.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from hubkit.site.i18n import ENGLISH, LANGUAGES, LOCALE, Language
from tests.requirements import PROJECT

TEMPLATES = PROJECT / "site_templates"
_OPTIONS = {"**.html": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true"}}
_HEADER = "# The texts of the catalogue's pages. `make messages` brings in what is new.\n"


def extracted() -> Catalog:
    """All texts that code and templates hold."""
    catalog = Catalog(fuzzy=False)
    for folder, methods in (
        (TEMPLATES, [("**.html", "jinja2.ext:babel_extract")]),
        (PROJECT / "hubkit" / "site", [("**.py", "python")]),
    ):
        for _, _, message, comments, context in extract_from_dir(
            folder, methods, _OPTIONS, comment_tags=("TRANSLATORS:",)
        ):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def path_of(language: Language) -> Path:
    """The catalogue of a language."""
    return TEMPLATES / LOCALE / f"{language.code}.po"


def read(language: Language) -> Catalog:
    """The catalogue of a language as it is; an empty one where there is none."""
    path = path_of(language)
    if not path.is_file():
        return Catalog(language.code)
    with path.open("rb") as stream:
        return read_po(stream, language.code)


def updated(language: Language) -> bytes:
    """The catalogue of a language with all texts, in order, and without dates, so that equal texts give equal bytes."""
    catalog = read(language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    stream = BytesIO()
    write_po(stream, catalog, width=120, no_location=True, omit_header=True, sort_output=True)
    plural = "nplurals=1; plural=0;"
    header = f'msgid ""\nmsgstr ""\n"Language: {language.code}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return (_HEADER + header + f'"Plural-Forms: {plural}\\n"\n\n').encode() + stream.getvalue().strip() + b"\n"


def main() -> None:
    """Bring every catalogue up to date."""
    for language in LANGUAGES:
        if language is not ENGLISH:
            path_of(language).write_bytes(updated(language))
            catalog = read(language)
            missing = sum(1 for message in catalog if message.id and not message.string)
            print(f"{path_of(language).relative_to(PROJECT)}: {len(catalog)} texts, {missing} without a translation")


if __name__ == "__main__":
    main()
