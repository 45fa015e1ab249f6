"""Where the schemas and the templates lie: inside an installed wheel, or beside the package in a checkout."""

from __future__ import annotations

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
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema ``schema/<name>.schema.json``, parsed."""
    with (resource_dir("schema") / f"{name}.schema.json").open(encoding="utf-8") as stream:
        parsed: dict[str, Any] = json.load(stream)
    return parsed
