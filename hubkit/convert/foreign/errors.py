"""Why a repository's code could not make its network, in words that say how to mend it.

Of the networks that a hub published with an entry file, most fail for one of a few causes: the entry file is stale and
imports what is no longer there, the card names a network that it does not know, an argument is missing, a package is
not installed, or MindSpore has removed a name.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hubkit.compat.command_line import refused
from hubkit.repos.checkout import ENTRY_FILE
from hubkit.repos.entry import FUNCTION, Offer, read_offer
from hubkit.repos.errors import RepositoryError
from hubkit.smoke.messages import said

_SHOWN = 20
_MISSING_ARGUMENT = re.compile(r"missing \d+ required (?:positional|keyword-only) arguments?: (.*)")
_UNKNOWN_ARGUMENT = re.compile(r"got an unexpected keyword argument '([^']*)'")
_NAME_IN_IMPORT = re.compile(r"cannot import name '([^']*)'")
_OF_QUANTISATION = re.compile(r"compression|quant", re.IGNORECASE)
_QUANTISED = (
    "It trains a network for 8 bits. Have the entry file make the network without it, by an argument in the card's "
    "block network if it takes one, and a checkpoint that was trained without; --to onnx-int8 quantises the ONNX file."
)
_OF_A_GENERATOR = re.compile(r"wasn't created in nn\.Cell.*Parameter#\d", re.DOTALL)
_RANDOM = (
    "the network draws random numbers of mindspore.mint while it runs, and no exported graph holds their generator\n"
    "  Have them drawn only where self.training is, or let the network take what is drawn as an input."
)
_ARGUMENTS = "Write it into arguments of the card's block network."


def explain(error: BaseException, code: Path, name: str, *, step: str) -> str:
    """What went wrong while ``create_network(name)`` of the entry file in ``code`` was at work, and how to mend it."""
    if step == "build":
        for kind, words in _WORDS:
            if isinstance(error, kind):
                found = words(error, code, name)
                if found:
                    return f"{found}{_place(error, code)}"
    if step == "export" and _OF_A_GENERATOR.search(str(error)):
        return f"{_RANDOM}{_place(error, code)}"
    text = f"{type(error).__name__}: {said(error)}" if isinstance(error, Exception) else type(error).__name__
    return f"the repository's code failed: {text}{_place(error, code)}"


def _frames(error: BaseException, code: Path) -> list[traceback.FrameSummary]:
    """The lines of the repository's code that the error came through."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).is_relative_to(code)]


def _place(error: BaseException, code: Path) -> str:
    """The innermost line of the repository's code that the error came through; empty where it came through none."""
    frames = _frames(error, code)
    if not frames:
        return ""
    return f"\n  at {Path(frames[-1].filename).relative_to(code).as_posix()}:{frames[-1].lineno}"


def _ended(error: BaseException, _code: Path, _name: str) -> str:
    wrong = refused(error.__traceback__)
    if wrong:
        return f"the repository's code reads a command line, which a card does not have: {wrong}"
    status = error.code if isinstance(error, SystemExit) else error
    return f"the repository's code ended the process itself: sys.exit({status!r})"


def _not_found(error: BaseException, code: Path, _name: str) -> str:
    assert isinstance(error, ModuleNotFoundError)
    module = error.name or ""
    top = module.partition(".")[0]
    if top == "mindspore":
        return _removed(module)
    if is_own(code, top):
        folder = code.joinpath(*module.split(".")[:-1])
        there = sorted(path.stem for path in folder.glob("*.py"))[:_SHOWN] if folder.is_dir() else []
        return _stale(f"it imports {module}, which the repository does not have", ", ".join(there) or "nothing there")
    if top != module and is_installed(top):
        return (
            f"the repository's code needs {module}, which the version of {top} that is installed does not have\n"
            f"  Install another version beside hubkit: the repository may name it in requirements.txt."
        )
    return (
        f"the repository's code needs the package {top}, which is not installed\n"
        f"  Install it beside hubkit, if you trust it: the repository may name its version in requirements.txt."
    )


def _no_such_name(error: BaseException, code: Path, _name: str) -> str:
    assert isinstance(error, ImportError)
    module = error.name or ""
    wanted = lacking_name(error) or "something"
    if module.partition(".")[0] == "mindspore":
        return _removed(f"{module}.{wanted}")
    if is_own(code, module.partition(".")[0]):
        return _stale(
            f"it imports {wanted} from {module}, which does not define it",
            ", ".join(_defined(code, module)) or "nothing",
        )
    return ""


def _no_attribute(error: BaseException, code: Path, name: str) -> str:
    assert isinstance(error, AttributeError)
    if isinstance(error.__cause__, ModuleNotFoundError):  # the version of a package that is not installed
        return _not_found(error.__cause__, code, name)
    owner = getattr(error.obj, "__name__", "")
    return _removed(f"{owner}.{error.name}") if owner.partition(".")[0] == "mindspore" else ""


def _wrong_arguments(error: BaseException, code: Path, name: str) -> str:
    if not _of_the_card(error, code):
        return ""
    text = str(error)
    missing, unknown = _MISSING_ARGUMENT.search(text), _UNKNOWN_ARGUMENT.search(text)
    if missing:
        return f"{FUNCTION}({name!r}) needs the argument {missing[1]}\n  {_ARGUMENTS}"
    if unknown:
        return (
            f"{FUNCTION}({name!r}) takes no argument {unknown[1]!r}\n"
            "  Remove it from arguments of the card's block network."
        )
    return ""


def _of_the_card(error: BaseException, code: Path) -> bool:
    """Whether the call that went wrong may have been given the card's arguments: it is one of ``create_network``
    itself, or stands in it or takes a dictionary of arguments, ``**kwargs``."""
    frames = _frames(error, code)
    if not frames or frames[-1].name == FUNCTION:
        return True
    line = frames[-1].lineno or 0
    with suppress(OSError, SyntaxError, ValueError, RecursionError):
        calls = [node for node in ast.walk(ast.parse(Path(frames[-1].filename).read_bytes())) if type(node) is ast.Call]
        around = [node for node in calls if node.lineno <= line <= (node.end_lineno or node.lineno)]
        return any(item.arg is None for node in around for item in node.keywords)
    return False


def _missing_key(error: BaseException, code: Path, name: str) -> str:
    key = error.args[0] if error.args else ""
    if key == name:
        return _unknown(error, code, name)
    if isinstance(key, str) and key.isidentifier() and f'kwargs["{key}"]' in _source(code).replace("'", '"'):
        return f"{FUNCTION}({name!r}) needs the argument {key!r}\n  {_ARGUMENTS}"
    return ""


def _unknown(error: BaseException, code: Path, name: str) -> str:
    """A name that the entry file does not know, as far as can be told: the error is its own, or tells the name."""
    frames = _frames(error, code)
    told = re.search(rf"\b{re.escape(name)}\b", str(error))
    if frames and not told and Path(frames[-1].filename) != code / ENTRY_FILE:
        return ""
    offer = Offer((), complete=False)
    with suppress(RepositoryError):
        offer = read_offer(code)
    if name in offer.names:
        return ""
    return f"{ENTRY_FILE} has no network {name!r}: {said(error) if isinstance(error, Exception) else error}\n  " + (
        offer.told(name)
    )


_WORDS: tuple[tuple[type[BaseException], Callable[[BaseException, Path, str], str]], ...] = (
    (SystemExit, _ended),
    (ModuleNotFoundError, _not_found),
    (ImportError, _no_such_name),
    (AttributeError, _no_attribute),
    (TypeError, _wrong_arguments),
    (KeyError, _missing_key),
    (NotImplementedError, _unknown),
    (ValueError, _unknown),
    (AssertionError, _unknown),
)


def _removed(name: str) -> str:
    import mindspore

    words = (
        f"the repository's code uses {name}, which MindSpore {mindspore.__version__} does not have\n"
        "  hubkit maps the names that were removed most often (hubkit/compat); this one is not among them."
    )
    return f"{words}\n  {_QUANTISED}" if _OF_QUANTISATION.search(name) else words


def _stale(what: str, there: str) -> str:
    return (
        f"the repository's entry file is stale: {what}\n"
        f"  There is: {there}. Name another commit in the card's block network, or ask the repository's owner."
    )


def lacking_name(error: ImportError) -> str:
    """The name that a module does not have; empty where the error tells none."""
    found = _NAME_IN_IMPORT.match(str(error))
    return found[1] if found else ""


def is_installed(top: str) -> bool:
    """Whether the package or module ``top`` is there, and no placeholder."""
    with suppress(ImportError, ValueError):
        spec = importlib.util.find_spec(top)
        return spec is not None and spec.origin is not None
    return False


def is_own(code: Path, top: str) -> bool:
    """Whether the package or module ``top`` is one of the code's own."""
    return bool(top) and ((code / top).is_dir() or (code / f"{top}.py").is_file())


def _defined(code: Path, module: str) -> list[str]:
    """The names that a module of the repository defines, read without running it."""
    path = code.joinpath(*module.split("."))
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    with suppress(OSError, SyntaxError, ValueError, RecursionError):
        tree = ast.parse(source.read_bytes())
        found = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        return [name for name in found if not name.startswith("_")][:_SHOWN]
    return []


def _source(code: Path) -> str:
    with suppress(OSError):
        return (code / ENTRY_FILE).read_text(encoding="utf-8", errors="replace")
    return ""
