"""Page contexts -> HTML, by the templates of ``site_templates``. Every text is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hubkit.resources import resource_dir
from hubkit.site.text import fit

if TYPE_CHECKING:
    from hubkit.site.pages import HomePage, ModelPage, NotFoundPage

# Nothing but the site's own style, scripts and pictures: not even a script that a hole let into a page would run.
# Chromium takes 'self' for the folder's files when a page is opened from file://.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
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
        )
        self._environment.globals["content_security_policy"] = CONTENT_SECURITY_POLICY

    def home(self, page: HomePage) -> bytes:
        """The list of all models."""
        return self._render("home.html", page)

    def model(self, page: ModelPage) -> bytes:
        """The page of a card."""
        return self._render("model.html", page)

    def not_found(self, page: NotFoundPage) -> bytes:
        """What a reader sees where there is no page."""
        return self._render("404.html", page)

    def _render(self, template: str, page: HomePage | ModelPage | NotFoundPage) -> bytes:
        return self._environment.get_template(template).render(page=page).encode("utf-8")


def _fit(value: object) -> object:
    """A text without the characters that no page may hold. Markup is made from texts that went through here before."""
    return fit(value) if type(value) is str else value
