"""Page contexts -> HTML, by the templates of ``site_templates``. Every text is escaped."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hubkit.resources import resource_dir
from hubkit.site import i18n
from hubkit.site.text import fit

# Nothing but the site's own style, scripts and pictures: not even a script that a hole let into a page would run.
# Chromium takes 'self' for the folder's files when a page is opened from file://.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


class Renderer:
    """The templates, read once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(resource_dir("site_templates"), encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_fit,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        # Each text of the interface is looked up when a page is made, in the language that is spoken then.
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
            i18n.gettext, i18n.ngettext, newstyle=True, pgettext=i18n.pgettext
        )
        self._environment.policies["ext.i18n.trimmed"] = True
        self._environment.globals["content_security_policy"] = CONTENT_SECURITY_POLICY

    def render(self, template: str, page: object) -> bytes:
        """The page that ``template`` makes of its context."""
        return self._environment.get_template(template).render(page=page).encode("utf-8")


def _fit(value: object) -> object:
    """A text without the characters that no page may hold. Markup is made from texts that went through here before."""
    return fit(value) if type(value) is str else value
