"""A model file mapped into memory, of which no more stays in memory than is being read."""

from __future__ import annotations

import math
import mmap
from pathlib import Path

from hubkit.convert.binary import map_file
from hubkit.inspect.element_types import ElementType
from hubkit.inspect.model import InspectError, Skipped
from hubkit.wire import Walk

MAX_FIELDS = 2_000_000
"""The most fields of protobuf messages that are read of one file."""
_MAX_AXES = 64
_SHOWN = 80
_AGAIN = "Fetch or export the file again."


class ModelFile:
    """A file, the files beside it, and how much of it may be read."""

    def __init__(self, path: Path) -> None:
        """Raises ConvertError where the file is missing, unreadable or empty, InspectError where it is no file."""
        if path.exists() and not path.is_file():
            raise InspectError(f"{path} is no file", hint="Give the model file itself.")
        self.path = path
        self.content = map_file(path, "model")
        self.walk = Walk(MAX_FIELDS)
        self._beside: dict[str, memoryview | Skipped] = {}

    def beside(self, location: str, offset: int, length: int | None, name: str) -> memoryview | Skipped:
        """The bytes of the parameter ``name`` in the file at ``location``, from the model's folder, which is checked to
        stay there; to its end where ``length`` is None. Skipped where there is no such file.

        Raises InspectError where the bytes lie behind the end of the file.
        """
        if location not in self._beside:
            self._beside[location] = self._open(location)
        content = self._beside[location]
        if isinstance(content, Skipped):
            return content
        end = len(content) if length is None else offset + length
        if not 0 <= offset <= end <= len(content):
            raise self.bad(
                f"the parameter {quoted(name)} lies behind the end of {quoted(location)}", "Fetch its data files again."
            )
        return content[offset:end]

    def _open(self, location: str) -> memoryview | Skipped:
        folder = self.path.parent.resolve()
        file = (folder / location).resolve()
        if not file.is_relative_to(folder):
            raise self.bad(f"its weights lie outside its folder, at {quoted(location)}", "Do not use the file.")
        return map_file(file, "data") if file.is_file() else Skipped(f"there is no file {quoted(location)}")

    def checked_count(self, name: str, element_type: ElementType, shape: tuple[int, ...], size: int | None) -> int:
        """How many elements the parameter has.

        Raises InspectError where no tensor has such a shape, or its elements do not take ``size`` bytes.
        """
        if len(shape) > _MAX_AXES or any(not 0 <= axis < 2**63 for axis in shape):
            raise self.bad(f"the parameter {quoted(name)} has a shape that no tensor can have")
        count = math.prod(shape)
        if size is not None and element_type.bits and element_type.size(count) != size:
            raise self.bad(
                f"the parameter {quoted(name)} says it is {element_type.name}{list(shape)} but has {size:,} bytes"
            )
        return count

    def bad(self, message: str, hint: str = _AGAIN) -> InspectError:
        """The error for what is wrong in the file."""
        return InspectError(f"{self.path}: {message}", hint=hint)


def quoted(name: str) -> str:
    """A name of the file for a message: short, and without what would act on a terminal."""
    return repr(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…")


def release(view: memoryview) -> None:
    """Let go of the pages of the mapped file that ``view`` looks into; they are read again when they are asked for."""
    _advise(view, "MADV_DONTNEED")


def read_ahead(view: memoryview) -> None:
    """Tell the system that the mapped file that ``view`` looks into is read from its beginning to its end."""
    _advise(view, "MADV_SEQUENTIAL")


def _advise(view: memoryview, advice: str) -> None:
    mapped = view.obj
    if isinstance(mapped, mmap.mmap) and hasattr(mmap, advice):  # not every system has them
        mapped.madvise(getattr(mmap, advice))
