"""The languages of the interface, and its texts in them.

English is what the code and the templates say; every other language has a gettext catalogue,
``site_templates/locale/<code>.po``. Texts are looked up in the language that is being spoken: ``speaking``.

In code, ``_("Author")`` translates a text, ``ngettext("%(count)s file", "%(count)s files", 2)`` one with a count, and
``N_("Author")`` marks a text of a table that is translated where it is used. Only texts of the interface go in here,
never what a card says: in a template the result counts as HTML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from hubkit.errors import SiteError
from hubkit.site.po import CONTEXT_SEPARATOR, read_po

LOCALE = "locale"

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the interface."""

    code: str
    """Names its catalogue, and the folder of its pages."""
    tag: str
    """What ``lang`` says, by BCP 47."""
    name: str
    """As its speakers write it."""
    folder: str
    """Where its pages lie in the site: "" or a path with a slash at its end."""
    plural: Callable[[int], int]
    """The number of the plural form for a count."""


ENGLISH = Language("en", "en", "English", "", lambda count: int(count != 1))
CHINESE = Language("zh", "zh-Hans", "中文", "zh/", lambda _: 0)
LANGUAGES = (ENGLISH, CHINESE)


@dataclass(frozen=True, slots=True, eq=False)  # told apart by what they are, so that `remembered` finds them fast
class Texts:
    """The texts of the interface in one language."""

    language: Language
    """The language."""
    messages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """As read_po gives them; what is missing is said in English."""

    def text(self, message: str) -> str:
        """The translation of ``message``."""
        found = self.messages.get(message)
        return found[0] if found else message

    def counted(self, one: str, many: str, count: int) -> str:
        """The translation of ``one`` or ``many``, whichever suits ``count``."""
        found = self.messages.get(one)
        form = self.language.plural(count)
        if found and form < len(found):
            return found[form]
        return one if count == 1 else many


def load_texts(language: Language, folders: Iterable[Path]) -> Texts:
    """The texts of a language by the catalogues in ``folders`` of templates; the last one that has a text decides.

    Raises SiteError where a catalogue cannot be read.
    """
    messages: dict[str, tuple[str, ...]] = {}
    for folder in folders:
        path = folder / LOCALE / f"{language.code}.po"
        try:
            messages |= read_po(path.read_text(encoding="utf-8"), str(path))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise SiteError(f"{path}: cannot be read: {error}", hint="Save the catalogue as UTF-8.") from error
    return Texts(language, messages)


_spoken = Texts(ENGLISH)


@contextmanager
def speaking(texts: Texts) -> Iterator[None]:
    """Within it, texts are looked up in ``texts``. One thread speaks at a time."""
    global _spoken
    before, _spoken = _spoken, texts
    try:
        yield
    finally:
        _spoken = before


def remembered(most: int) -> Callable[[Callable[_Arguments, _Result]], Callable[_Arguments, _Result]]:
    """Lets a function remember what it said in a language: its last ``most`` results, by language and arguments."""

    def of(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
        def say(_texts: Texts, *args: Any, **kwargs: Any) -> _Result:
            return function(*args, **kwargs)

        kept: Callable[..., _Result] = lru_cache(maxsize=most)(say)

        @wraps(function)
        def found(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
            return kept(_spoken, *args, **kwargs)

        return found

    return of


def spoken() -> Language:
    """The language that is being spoken."""
    return _spoken.language


def gettext(message: str) -> str:
    """``message`` in the language that is being spoken."""
    found = _spoken.messages.get(message)  # as Texts.text, which would be called some fifty times a page
    return found[0] if found else message


def ngettext(one: str, many: str, count: int) -> str:
    """``one`` or ``many``, whichever suits ``count``, in the language that is being spoken; a ``%(count)s`` stays."""
    return _spoken.counted(one, many, count)


def pgettext(context: str, message: str) -> str:
    """``message`` where one English word has two translations; ``context`` tells which, such as "a verb"."""
    key = f"{context}{CONTEXT_SEPARATOR}{message}"
    found = gettext(key)
    return message if found == key else found


def gettext_noop(message: str) -> str:
    """``message`` as it is: marks it for translators, where it is translated later."""
    return message


_ = gettext
N_ = gettext_noop
