"""Where a file can be had: the table of URL schemes, and the mirrors that are tried before the URL itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlsplit

from hubkit.errors import FetchError
from hubkit.store.transport import Transport, shown

# URL scheme -> the module that reads it. A card may name the first kind only; a mirror, which its user sets up and
# whose bytes are held against the same digest, may be of any kind.
CARD_SCHEMES = {"https": "hubkit.store.http"}
MIRROR_SCHEMES = {**CARD_SCHEMES, "http": "hubkit.store.http", "file": "hubkit.store.file"}


@dataclass(frozen=True, slots=True)
class Source:
    """A URL and the schemes that are allowed there."""

    url: str
    """Where to ask."""
    schemes: Mapping[str, str]
    """URL scheme -> module."""

    def transport(self) -> Transport:
        """The module that reads it. Raises FetchError where its scheme is not allowed."""
        try:
            scheme = urlsplit(self.url).scheme
        except ValueError as error:
            raise FetchError("it is no valid URL", url=self.url) from error
        if scheme not in self.schemes:
            raise FetchError(
                f"files are not fetched by {scheme or 'a link without a scheme'}",
                url=shown(self.url),
                hint=f"Use {' or '.join(sorted(self.schemes))}.",
            )
        transport: Transport = import_module(self.schemes[scheme])
        return transport


def sources(url: str, mirrors: Mapping[str, tuple[str, ...]]) -> Iterator[Source]:
    """The mirrors of ``url`` in the order in which they are set, then ``url`` itself."""
    for prefix, replacements in mirrors.items():
        if url.startswith(prefix):
            for replacement in replacements:
                mirror = replacement + url[len(prefix) :]
                yield Source(mirror, MIRROR_SCHEMES)
                if mirror == url:
                    return  # its user named this very place
    yield Source(url, CARD_SCHEMES)
