"""The networks that hubkit can build, by name. Looking one up needs no MindSpore; building one does."""

from __future__ import annotations

import difflib
import importlib
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING

from hubkit.errors import ConvertError
from hubkit.nets import peers
from hubkit.nets.spec import InputSpec, NetworkSpec, image

if TYPE_CHECKING:
    import mindspore

__all__ = ["InputSpec", "NetworkSpec", "build", "find", "is_own", "meant", "names"]

_U2NET_PAPER = "https://arxiv.org/abs/2005.09007"
_UNET3PLUS_PAPER = "https://arxiv.org/abs/2004.08790"


_NETWORKS = (
    NetworkSpec(
        name="u2net",
        builder="hubkit.nets.u2net:u2net",
        aliases=("U2-Net", "U^2-Net"),
        paper=_U2NET_PAPER,
        inputs=image(320),
        outputs=("maps",),
        fitted=False,
    ),
    NetworkSpec(
        name="u2netp",
        builder="hubkit.nets.u2net:u2netp",
        aliases=("U2-NetP",),
        paper=_U2NET_PAPER,
        inputs=image(320),
        outputs=("maps",),
        fitted=False,
    ),
    NetworkSpec(
        name="unet3plus",
        builder="hubkit.nets.unet3plus:unet3plus",
        aliases=("UNet3+", "UNet 3+"),
        paper=_UNET3PLUS_PAPER,
        inputs=image(512),
        outputs=("logits",),
        fitted=False,
    ),
)
_ALIKE = 0.8  # how like a name another must be to be a misspelling of it
_LONGEST = 80  # characters of a name that are compared
_BY_SPELLING = {spelling.casefold(): spec for spec in _NETWORKS for spelling in (spec.name, *spec.aliases)}


def names() -> tuple[str, ...]:
    """The name of every network, in the table's order."""
    return tuple(spec.name for spec in _NETWORKS)


def is_own(name: str) -> bool:
    """Whether ``name`` is a network, or an alias of one, in this table rather than of another package."""
    return name.strip().casefold() in _BY_SPELLING


def meant(name: str) -> str:
    """The network of this table that ``name`` misspells; empty where it is a name, or like none.

    No package is loaded: what has the name of one's entry point, or of a network of a family, is no misspelling.
    """
    known = {spelling: spec.name for spelling, spec in _BY_SPELLING.items()}
    asked = name.strip().casefold()
    if asked in known or peers.answers(name):
        return ""
    near = difflib.get_close_matches(asked[:_LONGEST], known, n=1, cutoff=_ALIKE)
    return known[near[0]] if near else ""


def find(name: str) -> NetworkSpec:
    """Look a network up by its name or an alias, without case; else among the packages that `peers` knows.

    Raises:
        ConvertError: no network has this name; the hint gives the nearest one and lists all.
    """
    spec = _BY_SPELLING.get(name.strip().casefold()) or peers.find(name)
    if spec is None:
        raise _unknown(name)
    return spec


def build(name: str, *args: object, **kwargs: object) -> mindspore.nn.Cell:
    """Build a network in inference mode, with MindSpore's default initial weights.

    Args:
        name: a name or alias from the table, in any case.
        *args, **kwargs: the builder's own arguments (see its docstring); without any, the published variant.

    Raises:
        ConvertError: the name or an argument is unknown, an argument's value is refused, or MindSpore is
            missing.
    """
    spec = find(name)
    builder = _load_builder(spec)
    parameters = {
        name: parameter
        for name, parameter in inspect.signature(builder).parameters.items()
        if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    }
    takes_more = len(parameters) < len(inspect.signature(builder).parameters)
    accepted = ", ".join(f"{parameter.name}={parameter.default!r}" for parameter in parameters.values())
    hint = f"{spec.name} accepts, with these defaults: {accepted}"
    unknown = sorted(set(kwargs) - set(parameters))
    if unknown and not takes_more:
        raise ConvertError(f"{spec.name} takes no argument {', '.join(unknown)}", hint=hint)
    try:
        cell = builder(*args, **kwargs)
    except (TypeError, ValueError) as error:
        given = ", ".join([*map(repr, args), *(f"{key}={value!r}" for key, value in kwargs.items())])
        first_line = str(error).strip().partition("\n")[0]
        raise ConvertError(f"{spec.name} cannot be built with {given}: {first_line}", hint=hint) from error
    cell.set_train(False)
    return cell


def _unknown(name: str) -> ConvertError:
    others, broken = peers.names()
    spellings = {other.casefold(): other for full in others for other in (full, full.rpartition(":")[2])}
    full_names = {full.rpartition(":")[2]: full for full in others}
    known = {key: spec.name for key, spec in _BY_SPELLING.items()}
    known |= {key: full_names.get(other, other) for key, other in spellings.items() if key not in known}
    near = difflib.get_close_matches(name.strip().casefold(), known, n=1)
    guess = f"did you mean {known[near[0]]}? " if near else ""
    families = sorted({f"{full.partition(':')[0]}:<name>" for full in others if ":" in full})
    listed = ", ".join([*names(), *(full for full in others if ":" not in full), *families])
    return ConvertError(f"no network is called {name!r}", hint="; ".join([f"{guess}known networks: {listed}", *broken]))


def _load_builder(spec: NetworkSpec) -> Callable[..., mindspore.nn.Cell]:
    module_name, _, function_name = spec.builder.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        raise ConvertError(
            f"{spec.name} needs the package {error.name}, which is not installed",
            hint=f'install hubkit with its extra named {spec.extra}: pip install ".[{spec.extra}]" in its folder',
        ) from error
    builder: Callable[..., mindspore.nn.Cell] = getattr(module, function_name)
    return builder
