"""Where the schemas and the templates lie: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from hubkit.errors import HubkitError

_PACKAGE = Path(__file__).resolve().parent


@cache
def resource_dir(name: str) -> Path:
    """The folder ``name`` ("schema" or "site_templates").

    Raises HubkitError where neither the wheel nor the checkout has it.
    """
    for root in (_PACKAGE / "_resources", _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise HubkitError(
        f"the folder {name!r} of hubkit is missing",
        hint="The installation is incomplete: install hubkit again.",
    )


@cache
def package_digest(name: str) -> str:
    """SHA-256 over the source of the package or module ``hubkit.<name>``: another digest, another behaviour."""
    module = _PACKAGE / f"{name}.py"
    if module.is_file():
        return hashlib.sha256(module.read_bytes()).hexdigest()
    return _folder_digest(_PACKAGE / name, "*.py")


@cache
def resource_digest(name: str) -> str:
    """SHA-256 over the files of the folder ``name`` ("schema" or "site_templates")."""
    return _folder_digest(resource_dir(name), "*")


def _folder_digest(folder: Path, pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        if path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema ``schema/<name>.schema.json``, parsed."""
    with (resource_dir("schema") / f"{name}.schema.json").open(encoding="utf-8") as stream:
        parsed: dict[str, Any] = json.load(stream)
    return parsed
