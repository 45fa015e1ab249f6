"""The publisher's own templates, static files and texts: those that take the place of none and are named by none."""

from __future__ import annotations

import difflib
from pathlib import Path

from hubkit.resources import resource_dir
from hubkit.site.i18n import LANGUAGES, LOCALE
from hubkit.site.problem import Problem

# What a site is made of; a note or a licence beside it has no effect and is meant to have none.
_KINDS = (".html", ".css", ".js", ".svg", ".po")


def without_effect(folder: Path) -> tuple[Problem, ...]:
    """The files in a folder of templates that change nothing: none of hubkit's has their name, and no file of the
    folder names them.
    """
    # English is what templates and code say; hubkit has no catalogue of it, but a publisher may.
    own = sorted({*_files(resource_dir("site_templates")), *(f"{LOCALE}/{language.code}.po" for language in LANGUAGES)})
    given = _files(folder)
    texts = {name: _text(folder / name) for name in given}
    found = []
    for name in given:
        file = name.rpartition("/")[2]
        if name in own or any(file in text for other, text in texts.items() if other != name):
            continue
        near = [other for other in own if other.rpartition("/")[2] == file] or difflib.get_close_matches(name, own, n=3)
        hint = f"Did you mean {' or '.join(near)}?" if near else "hubkit's own are in its folder site_templates."
        path = str(folder / name)
        found.append(
            Problem(path, f"{path} has no effect: no template, static file or text of hubkit has this name", hint)
        )
    return tuple(found)


def _files(folder: Path) -> list[str]:
    """The paths of the files in it that count, with forward slashes, in order."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix in _KINDS and path.is_file())
    return sorted(path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:  # the build says so
        return ""
