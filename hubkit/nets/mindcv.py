"""The networks of the package mindcv, as a family of `hubkit.nets.peers`.

They are found in the package's source, without importing it: mindcv imports MindSpore, which takes seconds.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from hubkit.nets.spec import NetworkSpec, image

_PACKAGE = "mindcv"
_SIZE = 224
# Modules whose networks are meant for images of another size, which their tables of defaults do not say.
_MODULE_SIZES = {"halonet": 256, "inceptionv3": 299, "inceptionv4": 299, "swintransformerv2": 256, "xception": 299}
# Sizes that stand at the end of a network's name, as in vit_b_32_384.
_NAMED_SIZES = frozenset({"96", "128", "160", "192", "224", "256", "384", "448", "512"})
# Networks that give more than the classes' scores.
_OUTPUTS: dict[str, tuple[str, ...]] = {}


class _Mindcv:
    """The family; `names` is empty where mindcv is not installed."""

    def names(self) -> tuple[str, ...]:
        """The name of every network, sorted."""
        return tuple(sorted(self._modules))

    def module(self, name: str) -> str:
        """The module of mindcv.models that defines a network: its family of architectures."""
        return self._modules[name].stem

    def find(self, name: str) -> NetworkSpec:
        """The network, with images of the size that it is published for."""
        file = self._modules[name]
        size = _default_sizes(file).get(name) or _named_size(name) or _MODULE_SIZES.get(file.stem, _SIZE)
        return NetworkSpec(
            name=name,
            builder=f"hubkit.nets.mindcv_builders:{name}",
            aliases=(),
            paper="",
            inputs=image(size),
            outputs=_OUTPUTS.get(name, ("logits",)),
            extra=_PACKAGE,
        )

    @cached_property
    def _modules(self) -> dict[str, Path]:
        return {name: file for file in _files() for name in _registered(file)}


def _files() -> list[Path]:
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        return []
    return sorted(Path(found.submodule_search_locations[0], "models").glob("*.py"))


def _registered(file: Path) -> Iterator[str]:
    """The functions that mindcv registers as networks: those under its decorator `register_model`."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for line, following in pairwise(lines):
        if line == "@register_model" and following.startswith("def "):
            yield following.removeprefix("def ").partition("(")[0]


def _default_sizes(file: Path) -> dict[str, int]:
    """The input sizes in a module's table `default_cfgs`: name -> _cfg(..., input_size=(3, 256, 256))."""
    sizes: dict[str, int] = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and _assigns(node, "default_cfgs"):
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                given = [word.value for word in getattr(value, "keywords", ()) if word.arg == "input_size"]
                if isinstance(key, ast.Constant) and given:
                    sizes[str(key.value)] = ast.literal_eval(given[0])[-1]
    return sizes


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def _named_size(name: str) -> int | None:
    last = name.rpartition("_")[2].lstrip("abcdefghijklmnopqrstuvwxyz")
    return int(last) if last in _NAMED_SIZES else None


FAMILY = _Mindcv()
"""The networks of mindcv."""
