"""The network that a repository's entry file makes, in the process that runs the repository's code."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubkit.convert.foreign.errors import is_own, lacking_name
from hubkit.errors import ConvertError
from hubkit.repos.checkout import ENTRY_FILE
from hubkit.repos.entry import FUNCTION

if TYPE_CHECKING:
    import mindspore

    from hubkit.compat.absent import AbsentPackages

_SHOWN = 5


def make_network(code: Path, name: str, kwargs: Mapping[str, Any]) -> mindspore.nn.Cell:
    """What ``create_network(name, **kwargs)`` of the entry file in the folder ``code`` makes, in inference mode.

    Its own packages are found first, since every repository calls them ``src``. Packages that are not installed, and
    what MindSpore has no more, are placeholders, which fail where the network uses them. What must be given on a
    command line has its default. Raises ConvertError where it makes no cell, and whatever the code raises.
    """
    import mindspore

    from hubkit.compat.absent import AbsentPackages
    from hubkit.compat.absent_parameters import drop_absent_parameters
    from hubkit.compat.command_line import spare_required
    from hubkit.compat.listed import register_listed
    from hubkit.compat.one_process import say_one_process
    from hubkit.compat.own_names import keep_own_methods
    from hubkit.compat.partials import bind_partials

    sys.path.insert(0, str(code))
    sys.argv = [str(code / ENTRY_FILE)]  # many read their settings from the command line
    spare_required()
    say_one_process()
    absent = AbsentPackages()
    sys.meta_path.append(absent)
    while True:
        try:
            made = _call_entry(code, name, kwargs)
            break
        except ImportError as error:
            if not _stand_in(absent, error, code):
                raise
    if not isinstance(made, mindspore.nn.Cell):
        raise ConvertError(
            f"{FUNCTION}({name!r}) made {_what(made)}, not one network",
            hint=_how_to_name_one(made),
        )
    register_listed(made)
    bind_partials(made)
    drop_absent_parameters(made)
    keep_own_methods(made)
    made.set_train(False)
    return made


def _stand_in(absent: AbsentPackages, error: ImportError, code: Path) -> bool:
    """Make placeholders of what an import lacked; False where there are some already, or it is the code's own."""
    module = error.name or ""
    package = module.partition(".")[0]
    if is_own(code, package):
        return False
    if isinstance(error, ModuleNotFoundError):
        return absent.stand_in_for(module)
    wanted = lacking_name(error)
    return bool(wanted) and absent.stand_in_for_name(module, wanted)


def _call_entry(code: Path, name: str, kwargs: Mapping[str, Any]) -> object:
    """What the entry file makes; its modules are loaded afresh."""
    import importlib.util

    for key, module in list(sys.modules.items()):
        if Path(getattr(module, "__file__", None) or os.sep).is_relative_to(code):
            del sys.modules[key]
    path = code / ENTRY_FILE
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    make = getattr(module, FUNCTION, None)
    if not callable(make):
        raise ConvertError(f"{ENTRY_FILE} has no function {FUNCTION}")
    return make(name, **kwargs)


def _what(made: object) -> str:
    if isinstance(made, Mapping):
        return f"{len(made)} things by name ({', '.join(f'{key!r}: {_kind(item)}' for key, item in _some(made))})"
    if isinstance(made, Sequence) and not isinstance(made, str):
        return f"{len(made)} things ({', '.join(_kind(item) for _, item in _some(made))})"
    return "nothing" if made is None else f"a {type(made).__name__}"


def _kind(item: object) -> str:
    return type(item).__name__


def _some(made: Mapping[Any, Any] | Sequence[Any]) -> list[tuple[Any, Any]]:
    """The first few of what an entry made, each with its place."""
    pairs = made.items() if isinstance(made, Mapping) else enumerate(made)
    return list(itertools.islice(pairs, _SHOWN))


def _how_to_name_one(made: object) -> str:
    """How a card comes to name one of several networks."""
    import mindspore

    pairs = _some(made) if isinstance(made, Mapping | Sequence) and not isinstance(made, str) else []
    places = [repr(place) for place, item in pairs if isinstance(item, mindspore.nn.Cell)]
    if not places:
        return "Only an entry that makes one mindspore.nn.Cell can be converted."
    return (
        "A card converts one. If an argument of create_network chooses among them, write it into arguments of the "
        "card's block network; otherwise have the entry file offer each under a name of its own, which returns "
        f"made[{places[0]}]{f' or made[{places[-1]}]' if len(places) > 1 else ''} of these."
    )
