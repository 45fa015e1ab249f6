"""Parameters by layer: the parts of their dotted names make a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from os.path import commonprefix

from hubkit.inspect.inspection import Inspection
from hubkit.inspect.model import Skipped, Statistics, Tensor
from hubkit.inspect.statistics import joined

_Row = tuple[Tensor, "Statistics | Skipped"]


@dataclass(frozen=True, slots=True)
class Layer:
    """A line of the tree: a layer, or one parameter."""

    name: str
    """The part of the name that it adds to the layer above."""
    depth: int
    """How many layers are above it."""
    tensors: tuple[Tensor, ...]
    """The parameters in it; one alone where it is a parameter."""
    statistics: Statistics | None
    """The figures of all their elements; None where there are none."""
    is_tensor: bool
    """Whether it is a parameter."""

    @property
    def count(self) -> int:
        """Its elements."""
        return sum(tensor.count for tensor in self.tensors)

    @property
    def size(self) -> int:
        """Its bytes."""
        return sum(tensor.size for tensor in self.tensors)


def layers(inspection: Inspection, depth: int) -> Iterator[Layer]:
    """The lines of the tree, from the top, ``depth`` levels of it; a layer stands where its first parameter does."""
    rows = list(zip(inspection.model.tensors, inspection.statistics, strict=True))
    waiting = [iter(_grouped(rows, "", 0))]
    while waiting:
        found = next(waiting[-1], None)
        if found is None:
            waiting.pop()
            continue
        layer, inner, prefix = found
        yield layer
        if not layer.is_tensor and layer.depth + 1 < depth:
            waiting.append(iter(_grouped(inner, prefix, layer.depth + 1)))


def _grouped(rows: Sequence[_Row], prefix: str, depth: int) -> list[tuple[Layer, list[_Row], str]]:
    """The layers right below ``prefix``, each with its rows and its own prefix."""
    groups: dict[str, list[_Row]] = {}
    for row in rows:
        head, dot, _ = row[0].name[len(prefix) :].partition(".")
        groups.setdefault(head + dot, []).append(row)
    found = []
    for head, inner in groups.items():
        whole = prefix + head
        if head.endswith("."):
            whole = _only_prefix(inner)
        if len(inner) == 1:  # a layer of one parameter is shown as that
            whole = inner[0][0].name
        shown = whole[len(prefix) :].removesuffix(".")
        is_tensor = all(tensor.name == whole for tensor, _ in inner)
        figures = joined(_statistics(inner))
        found.append((Layer(shown, depth, tuple(tensor for tensor, _ in inner), figures, is_tensor), inner, whole))
    return found


def _only_prefix(rows: Sequence[_Row]) -> str:
    """The layers in which all the rows lie, with the last dot."""
    common = commonprefix([tensor.name for tensor, _ in rows])  # noqa: RUF071 (of characters, cut at a dot)
    return common[: common.rfind(".") + 1]


def _statistics(rows: Iterable[_Row]) -> Iterator[Statistics]:
    return (figures for _, figures in rows if isinstance(figures, Statistics))
