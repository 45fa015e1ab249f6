"""Networks that give None beside tensors: MindSpore exports them to files that it cannot load, or to none."""

from __future__ import annotations

from typing import Any

from mindspore import nn

from hubkit.convert.mindir_graph import Graph, ValueType

NOT_WRITTEN = "Get dump proto for graph failed"
"""What MindSpore says where it cannot write an output, of which None in a dictionary in a tuple is one."""


class WithoutNone(nn.Cell):  # type: ignore[misc]
    """What ``network`` gives, in a flat tuple; the parameters keep their names."""

    def __init__(self, network: nn.Cell) -> None:
        super().__init__(auto_prefix=False)
        self.network = network

    def construct(self, *inputs: Any) -> Any:
        return _given(self.network(*inputs))


def _given(value: Any) -> Any:
    if isinstance(value, dict):
        return _given(tuple(value.values()))
    if isinstance(value, (tuple, list)):
        found: Any = ()
        for item in value:
            if item is not None:
                found = found + _given(item)
        return found
    return (value,)


def gives_none(graph: Graph) -> bool:
    """Whether an output of ``graph`` has None beside tensors, as far as the file tells."""
    kept = any(value is None for value in graph.constants.values())
    return kept and any(isinstance(item.type, tuple) and _has_none(item.type) for item in graph.outputs)


def _has_none(kind: ValueType) -> bool:
    return any(map(_has_none, kind)) if isinstance(kind, tuple) else kind is None
