"""What a site is made of, as one digest: while it is the same and the site is whole, there is nothing to do."""

from __future__ import annotations

import hashlib
import os
from importlib.metadata import version
from pathlib import Path

from hubkit.card.find import find_cards
from hubkit.resources import package_digest, resource_dir

# A change in these may change every page.
_CODE = ("card", "site")
_RENDERERS = ("jinja2", "markdown-it-py", "nh3")


def inputs_digest(cards_dir: Path, receipts_dir: Path | None, settings: str) -> str:
    """SHA-256 over all that decides what the site says: cards, receipts, templates, code and ``settings``.

    The files that receipts name are not read: they are part of the site, and looked at there. An empty text where
    something cannot be read. Raises CardError where ``cards_dir`` is no folder.
    """
    digest = hashlib.sha256(settings.encode())
    for name in _CODE:
        digest.update(package_digest(name).encode())
    for name in _RENDERERS:
        digest.update(f"{name} {version(name)}\0".encode())
    templates = resource_dir("site_templates")
    try:
        for path in sorted(path for path in templates.rglob("*") if path.is_file()):
            _add(digest, path, templates)
        for path in find_cards(cards_dir):
            _add(digest, path, cards_dir)
            if receipts_dir:
                receipt = receipts_dir / path.relative_to(cards_dir).with_suffix(".json")
                if receipt.is_file():
                    _add(digest, receipt, receipts_dir)
    except OSError:
        return ""
    return digest.hexdigest()


def _add(digest: hashlib._Hash, path: Path, root: Path) -> None:
    digest.update(os.fsencode(path.relative_to(root)) + b"\0")
    digest.update(hashlib.sha256(path.read_bytes()).digest())
