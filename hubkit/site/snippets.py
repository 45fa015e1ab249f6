"""Code to copy: it runs as it stands, and nothing that a card or a file name holds can change what it does."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath

from hubkit.card.model import Asset, Card
from hubkit.receipts import ModelFile, Receipt, Tensor
from hubkit.site.i18n import N_, _
from hubkit.site.pages import Snippet
from hubkit.site.paths import last_part, web_link

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_PLAIN_NAME = re.compile(r"[\w+][\w.+-]*", re.ASCII)

# The converted formats that are worth pulling, the most useful first.
_PULLED = ("onnx", "mindir")

# Element types that `Generator.random` makes itself; all others are filled with ones.
_RANDOM = ("float32", "float64")
_ELEMENT_TYPE = re.compile(r"(?:float|u?int)(?:8|16|32|64)|bool")


def snippets(card: Card, receipt: Receipt | None, catalogue: str = "") -> tuple[Snippet, ...]:
    """How to use a model: how to have its files and run them, and how to make or fetch them.

    ``catalogue`` is the URL of the catalogue's index; without it, hubkit takes the folder of cards that it runs in.
    """
    return tuple(
        Snippet(_(label) % {"format": file_format or _("file")} if "%" in label else _(label), language, code)
        for label, file_format, language, code in (
            _codes(card, receipt, catalogue) if receipt else _codes_of_a_card(card, catalogue)
        )
    )


_Code = tuple[str, str, str, str]
"""What a snippet does, in English, with the format that this takes in; its language, and the code."""


@lru_cache(maxsize=8)  # a card's pages, one a language, and its data are made one after the other
def _codes_of_a_card(card: Card, catalogue: str) -> tuple[_Code, ...]:
    return _codes(card, None, catalogue)


def _codes(card: Card, receipt: Receipt | None, catalogue: str) -> tuple[_Code, ...]:
    return (
        *_pull(card, receipt, catalogue),
        *_load(card, receipt, catalogue),
        *_runtimes(receipt),
        *_convert(card, receipt),
        *_fetch(card),
    )


def _pull(card: Card, receipt: Receipt | None, catalogue: str) -> Iterator[_Code]:
    """ONNX and MINDIR files, else the checkpoint, to where the other snippets look for them.

    A uid that reads as an option is left out.
    """
    if card.uid.startswith("-") or "@" in card.uid:
        return
    made = {model.format for model in receipt.models} if receipt else set()
    named = {asset.file_format for asset in card.assets if _SHA256.fullmatch(asset.sha256) and web_link(asset.link)}
    for found in [name for name in _PULLED if name in made] or [name for name in ("ckpt",) if name in named]:
        command = ["hubkit", "pull", card.uid, "--format", found, "--dest", "."]
        yield N_("Pull the %(format)s file, its digest checked"), found, "shell", _shell(command, catalogue)


def _load(card: Card, receipt: Receipt | None, catalogue: str) -> Iterator[_Code]:
    """The network with its weights, where one is known and the card names a checkpoint."""
    if not receipt or not receipt.network or not any(asset.file_format == "ckpt" for asset in card.assets):
        return
    where = f", catalogue={_quoted(catalogue)}" if catalogue else ""
    code = f"import hubkit\n\nnetwork = hubkit.load({_quoted(card.uid)}{where})\n"
    yield N_("Load the network in MindSpore"), "", "python", code


def _runtimes(receipt: Receipt | None) -> Iterator[_Code]:
    models = {model.format: model for model in receipt.models} if receipt else {}
    for file_format, (label, write) in _RUNTIMES.items():
        model = models.get(file_format)
        if model and model.inputs and all(_ELEMENT_TYPE.fullmatch(tensor.dtype) for tensor in model.inputs):
            yield label, "", "python", write(model)


def _convert(card: Card, receipt: Receipt | None) -> Iterator[_Code]:
    """The conversion, where a network is known. A uid that would read as an option is left out."""
    if receipt and receipt.network and not card.uid.startswith("-"):
        command = ["hubkit", "convert", card.uid, "--to", "mindir", "--to", "onnx"]
        yield N_("Convert it yourself"), "", "shell", _shell(command, "")


def _fetch(card: Card) -> Iterator[_Code]:
    for asset in card.assets:
        code = _fetch_and_check(asset)
        if code:
            yield N_("Fetch the %(format)s and check its digest"), asset.file_format, "shell", code


def _fetch_and_check(asset: Asset) -> str:
    link, name = web_link(asset.link), last_part(asset.link)
    if not link or not _PLAIN_NAME.fullmatch(name) or not _SHA256.fullmatch(asset.sha256):
        return ""
    return (
        f"curl --fail --location --output {name} \\\n"
        f"  {shlex.quote(link)}\n"
        f"echo '{asset.sha256.lower()}  {name}' \\\n"
        "  | sha256sum --check\n"
    )


def _onnxruntime(model: ModelFile) -> str:
    values = "\n".join(f"    {_quoted(tensor.name)}: {_example(tensor)}," for tensor in model.inputs)
    return (
        "import numpy as np\n"
        "import onnxruntime as ort\n"
        "\n"
        f'session = ort.InferenceSession(\n    {_file_name(model)}, providers=["CPUExecutionProvider"]\n)\n'
        "rng = np.random.default_rng(0)\n"
        f"inputs = {{\n{values}\n}}\n"
        "outputs = session.run(None, inputs)\n"
        f"print(outputs[0].shape){_shape_comment(model)}\n"
    )


def _mindspore(model: ModelFile) -> str:
    values = "\n".join(f"    ms.Tensor({_example(tensor)})," for tensor in model.inputs)
    return (
        "import mindspore as ms\n"
        "import numpy as np\n"
        "\n"
        f"network = ms.nn.GraphCell(ms.load({_file_name(model)}))\n"
        "rng = np.random.default_rng(0)\n"
        f"inputs = [\n{values}\n]\n"
        "outputs = network(*inputs)\n"
        f"print({'outputs' if len(model.outputs) == 1 else 'outputs[0]'}.shape){_shape_comment(model)}\n"
    )


# The format -> what its snippet is called, and what writes it.
_RUNTIMES = {
    "onnx": (N_("Run it in ONNX Runtime"), _onnxruntime),
    "mindir": (N_("Run it in MindSpore"), _mindspore),
}


def _shell(command: list[str], catalogue: str) -> str:
    line = shlex.join(command)
    return f"{line} \\\n  --catalogue {shlex.quote(catalogue)}\n" if catalogue else f"{line}\n"


def _file_name(model: ModelFile) -> str:
    return _quoted(PurePosixPath(model.path).name)


def _quoted(value: str) -> str:
    """A Python text in double quotes: what JSON writes means the same to Python."""
    return json.dumps(value, ensure_ascii=False)


def _example(tensor: Tensor) -> str:
    """An expression for an input of the right shape and type; axes of any size are 1."""
    shape = _sizes(tensor)
    if tensor.dtype in _RANDOM:
        return f"rng.random({shape}, dtype=np.{tensor.dtype})"
    return f"np.ones({shape}, dtype=np.{'bool_' if tensor.dtype == 'bool' else tensor.dtype})"


def _sizes(tensor: Tensor) -> tuple[int, ...]:
    return tuple(axis if isinstance(axis, int) and axis > 0 else 1 for axis in tensor.shape)


def _shape_comment(model: ModelFile) -> str:
    return f"  # {_sizes(model.outputs[0])}" if model.outputs else ""
