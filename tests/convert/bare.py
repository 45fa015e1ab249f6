"""An environment that holds what hubkit with some of its extras needs and nothing else, made of what is installed."""

from __future__ import annotations

import tomllib
import venv
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.requirements import PROJECT


def environment(folder: Path, *extras: str) -> Path:
    """Make it in ``folder``, without a network; its Python. Give it hubkit itself by PYTHONPATH."""
    venv.create(folder, with_pip=False)
    (packages,) = (folder / "lib").glob("python3*/site-packages")
    for name in _closure(extras):
        for file in metadata.distribution(name).files or ():
            top = file.parts[0]
            if top not in ("..", "__pycache__") and not (packages / top).exists():
                (packages / top).symlink_to(Path(str(metadata.distribution(name).locate_file(top))))
    return folder / "bin" / "python"


def _closure(extras: tuple[str, ...]) -> set[str]:
    """The distributions that hubkit with ``extras`` pulls in."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(text for extra in extras for text in project["optional-dependencies"][extra])]
    found: set[str] = set()
    waiting = [Requirement(text) for text in asked]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in found or (requirement.marker is not None and not requirement.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        waiting += [Requirement(text) for text in metadata.requires(name) or ()]
    return found
