"""What stands in for packages that are not installed."""

from __future__ import annotations

import copy
import importlib
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hubkit.compat import use
from hubkit.compat.absent import AbsentPackages, absent_packages, gone_names
from hubkit.compat.settings import EasyDict


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Iterator[AbsentPackages]:
    monkeypatch.setattr(use, "_used", {})
    finder = AbsentPackages()
    sys.meta_path.append(finder)
    yield finder
    sys.meta_path.remove(finder)
    for name in [name for name in sys.modules if name.partition(".")[0] == "no_such_package"]:
        del sys.modules[name]


def test_only_what_it_was_told_is_found(absent: AbsentPackages) -> None:
    with pytest.raises(ModuleNotFoundError):
        __import__("no_such_package")
    assert [absent.stand_in_for(name) for name in ("", "json", "mindspore", "no_such_package", "no_such_package")] == [
        False, False, False, True, False
    ]  # fmt: skip
    scope: dict[str, Any] = {}
    exec("import no_such_package.part as part\nfrom no_such_package.other.one import Name", scope)
    assert isinstance(scope["Name"], type)
    assert use.used() == ("no_such_package (not installed: a placeholder)",)


@pytest.mark.parametrize("code", ["part.call()", "part.Name.method()", "bool(part.flag)", "list(part.names)"])
def test_its_use_is_the_error_of_its_import(absent: AbsentPackages, code: str) -> None:
    absent.stand_in_for("no_such_package")
    import no_such_package.part as part  # type: ignore[import-not-found]

    with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_package'") as found:
        eval(code, {"part": part})
    assert found.value.name == "no_such_package"


def test_its_version_is_no_attribute_because_it_is_not_installed(absent: AbsentPackages) -> None:
    absent.stand_in_for("no_such_package")
    import no_such_package

    assert getattr(no_such_package, "__version__", "none") == "none"
    with pytest.raises(AttributeError, match="'no_such_package', which is not installed, has no attribute") as found:
        _ = no_such_package.__version__
    assert isinstance(found.value.__cause__, ModuleNotFoundError)
    assert found.value.__cause__.name == "no_such_package"


def test_while_modules_are_loaded_it_may_be_called(
    absent: AbsentPackages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent.stand_in_for("no_such_package")
    (tmp_path / "own_module_with_decorator.py").write_text(
        "import no_such_package\nmade = no_such_package.decorate(fast=True)(len)\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "own_module_with_decorator", raising=False)

    def entry() -> Any:
        """It imports where it is called, as many entry files do."""
        module = importlib.import_module("own_module_with_decorator")
        return module.made

    made = entry()
    with pytest.raises(ModuleNotFoundError):
        made("abc")
    for name in ("__version__", "__wrapped__"):
        assert not hasattr(sys.modules["no_such_package"], name)
        assert not hasattr(made, name)


def test_what_another_version_of_a_package_had(absent: AbsentPackages) -> None:
    package = pytest

    place = dict(vars(package))
    assert absent.stand_in_for("pytest.no_such_module")
    scope: dict[str, Any] = {}
    exec("from pytest.no_such_module import name", scope)
    assert absent.stand_in_for_name("pytest", "no_such_name")
    assert not absent.stand_in_for_name("pytest", "fixture")
    assert not absent.stand_in_for_name("no_such_package", "name")
    for found in (scope["name"], package.no_such_name):  # type: ignore[attr-defined]
        with pytest.raises(ModuleNotFoundError, match="no_such_"):
            found()
    assert absent_packages() == ()
    assert gone_names() == ("pytest.no_such_module", "pytest.no_such_name")
    for name in set(vars(package)) - set(place):
        delattr(package, name)
    del sys.modules["pytest.no_such_module"]


def test_settings_are_attributes_at_any_depth() -> None:
    found = EasyDict({"a": 1, "b": {"c": 2}, "d": [{"e": 3}], "f": ({"g": 4},)}, h=5)
    assert (found.a, found.b.c, found.d[0].e, found.f[0].g, found.h) == (1, 2, 3, 4, 5)
    found.i = {"j": 6}
    found["k"] = 7
    assert (found["i"].j, found.k) == (6, 7)
    del found.k
    assert found.get("k") is None
    with pytest.raises(AttributeError, match="no attribute 'k'"):
        _ = found.k
    assert copy.deepcopy(found) == found == pickle.loads(pickle.dumps(found))
    assert isinstance(copy.deepcopy(found).b, EasyDict)
