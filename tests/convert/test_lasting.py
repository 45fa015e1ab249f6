"""What an import leaves is looked through for garbage neither while it is made nor later."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from hubkit.convert.lasting import lasting_imports


@pytest.fixture(autouse=True)
def _collecting() -> Iterator[None]:
    """A command that another test called may have turned it off for the rest of its process."""
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    if not was_enabled:
        gc.disable()


def test_what_is_made_meanwhile_is_set_aside() -> None:
    with lasting_imports():
        assert not gc.isenabled()
        made: list[list[object]] = [[]]
    assert gc.isenabled()
    assert not any(each is made for each in gc.get_objects())
    later: list[list[object]] = [[]]
    assert any(each is later for each in gc.get_objects())


def test_garbage_is_collected_again_where_the_import_fails() -> None:
    with pytest.raises(ImportError), lasting_imports():
        raise ImportError
    assert gc.isenabled()


def test_garbage_that_was_not_collected_before_is_not_afterwards() -> None:
    gc.disable()
    with lasting_imports():
        pass
    assert not gc.isenabled()
    gc.enable()
