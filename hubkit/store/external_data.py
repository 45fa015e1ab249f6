"""Where a MINDIR or ONNX file says that its weights lie, if they lie beside it; such a place must not leave its folder.

Every place in the format that can hold a tensor is walked, in subgraphs and functions too. Sources: mind_ir.proto of
MindSpore; onnx.proto3 and ONNX's description of external data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from hubkit.wire import LENGTH, Walk

_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

# message -> number of a field -> the message that it holds; fields that lead to no tensor are left out.
_Messages = Mapping[str, Mapping[int, str]]
ONNX: _Messages = {
    "Model": {7: "Graph", 20: "TrainingInfo", 25: "Function"},
    "TrainingInfo": {1: "Graph", 2: "Graph"},
    "Graph": {1: "Node", 5: "Tensor", 15: "SparseTensor"},
    "Function": {7: "Node", 11: "Attribute"},
    "Node": {5: "Attribute"},
    "Attribute": {5: "Tensor", 6: "Graph", 10: "Tensor", 11: "Graph", 22: "SparseTensor", 23: "SparseTensor"},
    "SparseTensor": {1: "Tensor", 2: "Tensor"},
    "Tensor": {13: "KeyAndValue"},
}
MINDIR: _Messages = {
    "Model": {7: "Graph", 8: "Graph", 12: "Primitive"},
    "Graph": {1: "Node", 3: "Tensor", 5: "ValueInfo", 6: "ValueInfo"},
    "ValueInfo": {2: "Tensor", 5: "Attribute"},
    "Node": {5: "Attribute"},
    "Primitive": {3: "Attribute"},
    "Attribute": {6: "Tensor", 12: "Tensor", 17: "Attribute"},
    "Tensor": {12: "ExternalData"},
}
_KEY, _VALUE, _LOCATION = 1, 2, 1


def leaving_location(content: memoryview, messages: _Messages, walk: Walk, folder: Path) -> str | None:
    """The first place of external data in the model ``content`` that leaves ``folder``, where the file lies or will.

    ``messages`` is ONNX or MINDIR. Raises WireError where the bytes are no such message.
    """
    return next((place for place in _locations(content, messages, walk) if _leaves(place, folder)), None)


def _locations(content: memoryview, messages: _Messages, walk: Walk) -> Iterator[str]:
    waiting = [("Model", content)]
    while waiting:
        message, view = waiting.pop()
        inner = messages[message]
        for field in walk.fields(view):
            if field.kind != LENGTH or field.number not in inner:
                continue
            target, payload = inner[field.number], view[field.payload : field.end]
            if target == "KeyAndValue":
                # Of a field that comes twice the last counts; any value that could count is looked at.
                texts = list(_texts(payload, walk))
                if any(number == _KEY and text == "location" for number, text in texts):
                    yield from (text for number, text in texts if number == _VALUE)
            elif target == "ExternalData":
                yield from (text for number, text in _texts(payload, walk) if number == _LOCATION)
            else:
                waiting.append((target, payload))


def _texts(view: memoryview, walk: Walk) -> Iterator[tuple[int, str]]:
    for field in walk.fields(view):
        if field.kind == LENGTH:
            yield field.number, bytes(view[field.payload : field.end]).decode("utf-8", "replace")


def _leaves(location: str, folder: Path) -> bool:
    if (
        not location
        or "\\" in location
        or _CONTROL.search(location)
        or _DRIVE.match(location)
        or location.startswith("/")
        or ".." in PurePosixPath(location).parts
    ):
        return True
    try:
        return not (folder / location).resolve().is_relative_to(folder.resolve())  # a link may lie there
    except (OSError, RuntimeError):  # a name that is too long; links in a circle
        return True
