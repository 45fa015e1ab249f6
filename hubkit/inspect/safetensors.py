"""What a safetensors file holds."""

from __future__ import annotations

import math

from hubkit.convert.safetensors import read_safetensors
from hubkit.inspect.element_types import NAMED
from hubkit.inspect.file import ModelFile
from hubkit.inspect.model import Model, Tensor
from hubkit.store.content import Kind


def read(file: ModelFile) -> Model:
    """Raises ConvertError where the file does not hold to the format."""
    found = read_safetensors(file.content, file.path)
    tensors = tuple(
        Tensor(
            tensor.name, NAMED[tensor.dtype], tensor.shape, math.prod(tensor.shape), len(tensor.data), (tensor.data,)
        )
        for tensor in found.tensors
    )
    return Model(Kind.SAFETENSORS, tensors, metadata=found.metadata, has_graph=False)
