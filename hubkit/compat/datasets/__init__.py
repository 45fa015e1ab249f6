"""Modules of ``mindspore.dataset`` that were moved: what prepares images and values."""
