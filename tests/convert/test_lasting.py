"""What an import leaves is looked through for garbage neither while it is made nor later."""

from __future__ import annotations

import gc

import pytest

from hubkit.convert.lasting import lasting_imports


def test_what_is_made_meanwhile_is_set_aside() -> None:
    before = gc.get_freeze_count()
    with lasting_imports():
        assert not gc.isenabled()
        made: list[list[object]] = [[]]
    assert gc.isenabled()
    assert gc.get_freeze_count() > before
    assert not any(each is made for each in gc.get_objects())
    later: list[list[object]] = [[]]
    assert any(each is later for each in gc.get_objects())


def test_garbage_is_collected_again_where_the_import_fails() -> None:
    with pytest.raises(ImportError), lasting_imports():
        raise ImportError
    assert gc.isenabled()


def test_garbage_that_was_not_collected_before_is_not_afterwards() -> None:
    gc.disable()
    try:
        with lasting_imports():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
