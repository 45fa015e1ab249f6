"""Page contexts -> HTML, by the templates of ``site_templates``. Every text is escaped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, TemplateError

from hubkit.errors import SiteError
from hubkit.site import i18n
from hubkit.site.compiling import OPTIONS, CompiledEnvironment
from hubkit.site.i18n import Texts, speaking
from hubkit.site.text import fit

# Nothing but the site's own style, scripts and pictures: not even a script that a hole let into a page would run.
# Chromium takes 'self' for the folder's files when a page is opened from file://.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


class Renderer:
    """The templates in one language, each read once."""

    def __init__(self, texts: Texts, folders: Sequence[Path], cache_dir: Path | None = None) -> None:
        """``folders`` are those of templates: hubkit's own, and the publisher's, which goes before it.

        ``cache_dir``, which must be the user's own, keeps hubkit's own templates when they are compiled.
        The publisher's templates may be anybody's who writes cards: they reach nothing but the page's context.
        """
        self._texts = texts
        self._publishers = len(folders) > 1
        self._environment = _environment(texts, folders, cache_dir)
        # A text with a variable is looked up when a page is made, in the language that is spoken then.
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
            i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
        )
        self._environment.policies["ext.i18n.trimmed"] = True
        # What a translated sentence takes in counts as HTML then, and does not come by `finalize`.
        self._environment.filters["fit"] = fit
        self._environment.globals["content_security_policy"] = CONTENT_SECURITY_POLICY

    def page(self, template: str, context: Callable[[], object]) -> bytes:
        """The page that ``template`` makes of the context that ``context`` makes.

        Raises SiteError where a template is wrong.
        """
        with speaking(self._texts):
            page = context()
            try:
                if isinstance(self._environment, CompiledEnvironment):
                    return self._environment.page(template, page)
                return self._environment.get_template(template).render(page=page).encode("utf-8")
            except Exception as error:
                if not self._publishers and not isinstance(error, TemplateError):
                    raise
                name, line = getattr(error, "name", None) or template, getattr(error, "lineno", None)
                place = f"{name}:{line}" if line else name
                raise SiteError(
                    f"template {place}: {error}", hint="Compare it with hubkit's own template of that name."
                ) from error


def _environment(texts: Texts, folders: Sequence[Path], cache_dir: Path | None) -> Environment:
    if len(folders) == 1:
        return CompiledEnvironment(folders[0], texts, cache_dir)
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # few publishers have templates of their own

    loader = FileSystemLoader(list(reversed(folders)), encoding="utf-8")
    return ImmutableSandboxedEnvironment(loader=loader, finalize=_fit, **OPTIONS)


def _fit(value: object) -> object:
    """A text without the characters that no page may hold. Markup is made from texts that went through here before."""
    return fit(value) if type(value) is str else value
