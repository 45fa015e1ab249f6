"""ONNX's own shape inference, of one node."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
from onnx import helper, shape_inference

from hubkit.convert.dtypes import BY_ONNX, DType
from hubkit.convert.lowering.values import IR_VERSION, OPSET, CannotLowerError, Value

# Shape inference reads a constant input's elements only where they are sizes, axes and the like.
_MAX_INFERENCE_ELEMENTS = 4096


def infer(node: onnx.NodeProto, inputs: dict[str, Value], variant: int) -> list[tuple[DType, tuple[int, ...]]]:
    """The element types and shapes that ``node`` gives for ``inputs``, by name, in that one of `Value.variants`.

    Raises CannotLowerError where ONNX refuses the node, or cannot tell.
    """
    types = {
        name: helper.make_tensor_type_proto(value.dtype.onnx, value.variants[variant]) for name, value in inputs.items()
    }
    data = {
        name: _tensor(value, array)
        for name, value in inputs.items()
        if (array := value.known(variant)) is not None and array.size <= _MAX_INFERENCE_ELEMENTS and value.rank <= 1
    }
    try:
        inferred = shape_inference.infer_node_outputs(
            onnx.defs.get_schema(node.op_type, OPSET, ""),
            node,
            types,
            data,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
        )
    except (shape_inference.InferenceError, onnx.defs.SchemaError, onnx.checker.ValidationError) as error:
        varies = any(value.varying for value in inputs.values())
        why = "not every size is known" if varies else error
        raise CannotLowerError(f"ONNX {node.op_type} does not take {_describe(node, inputs, variant)}: {why}") from None
    return [_known(node, inferred.get(name)) for name in node.output]


def _known(node: onnx.NodeProto, type_: onnx.TypeProto | None) -> tuple[DType, tuple[int, ...]]:
    if type_ is not None and type_.tensor_type.HasField("shape"):
        sizes = type_.tensor_type.shape.dim
        if all(size.HasField("dim_value") for size in sizes):
            return BY_ONNX[type_.tensor_type.elem_type], tuple(size.dim_value for size in sizes)
    raise CannotLowerError(f"ONNX cannot tell what shape its {node.op_type} gives")


def _describe(node: onnx.NodeProto, inputs: dict[str, Value], variant: int) -> str:
    given = [inputs[name] for name in node.input if name]
    return ", ".join(value.told if value.varying else str(list(value.variants[variant])) for value in given)


def _tensor(value: Value, array: np.ndarray[Any, Any]) -> onnx.TensorProto:
    return onnx.TensorProto(dims=value.shape, data_type=value.dtype.onnx, name=value.name, raw_data=array.tobytes())
