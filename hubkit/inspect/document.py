"""An inspection as a JSON document, by ``schema/inspection.schema.json``."""

from __future__ import annotations

import math
from typing import Any

from hubkit.inspect import flops
from hubkit.inspect.inspection import Inspection
from hubkit.inspect.model import Operations, OperatorCost, Port, Skipped, Statistics, Tensor

FORMAT = 1


def document(inspection: Inspection) -> dict[str, Any]:
    """The document: what JSON holds, without numbers that are not finite."""
    model = inspection.model
    return {
        "format": FORMAT,
        "path": str(inspection.path),
        "kind": model.kind.value,
        "size": inspection.size,
        "producer": model.producer,
        "opsets": dict(model.opsets),
        "metadata": dict(model.metadata),
        "inputs": [_port(port) for port in model.inputs],
        "outputs": [_port(port) for port in model.outputs],
        "parameters": {
            "count": sum(tensor.count for tensor in model.tensors),
            "size": sum(tensor.size for tensor in model.tensors),
            "tensors": [
                _tensor(tensor, figures) for tensor, figures in zip(model.tensors, inspection.statistics, strict=True)
            ],
        },
        "operators": dict(model.operators),
        "flops": {"total": _operations(flops.total(model.costs)), "nodes": [_cost(cost) for cost in model.costs]},
    }


def _port(port: Port) -> dict[str, Any]:
    return {"name": port.name, "dtype": port.dtype, "shape": None if port.shape is None else list(port.shape)}


def _tensor(tensor: Tensor, figures: Statistics | Skipped) -> dict[str, Any]:
    return {
        "name": tensor.name,
        "dtype": tensor.element_type.name,
        "shape": list(tensor.shape),
        "count": tensor.count,
        "size": tensor.size,
        "location": tensor.location,
        "statistics": None if isinstance(figures, Skipped) else _statistics(figures),
        "skipped": figures.reason if isinstance(figures, Skipped) else "",
    }


def _statistics(figures: Statistics) -> dict[str, Any]:
    return {
        "min": _finite(figures.minimum),
        "max": _finite(figures.maximum),
        "mean": _finite(figures.mean),
        "std": _finite(figures.deviation) if figures.count else None,
        "nan": figures.nan,
        "inf": figures.infinite,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _operations(operations: Operations) -> list[dict[str, Any]]:
    return [{"operations": count, "times": list(names)} for names, count in operations.items()]


def _cost(cost: OperatorCost) -> dict[str, Any]:
    known = cost.operations
    return {
        "name": cost.name,
        "op": cost.op,
        "flops": None if isinstance(known, Skipped) else _operations(known),
        "unknown": known.reason if isinstance(known, Skipped) else "",
    }
