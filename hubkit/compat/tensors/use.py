"""Telling which methods of tensors were computed by what stands for them."""

from __future__ import annotations

from hubkit.compat.noting import noting

noted = noting("mindspore.Tensor.{}(on the CPU)")
