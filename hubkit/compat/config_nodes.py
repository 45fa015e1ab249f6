"""``CfgNode`` of yacs and fvcore, and ``ConfigDict`` of ml_collections, where these packages are not installed.

Code of networks keeps its settings in them: a tree of defaults in a module, and a YAML file merged into it.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import yaml

BASE_KEY = "_BASE_"
"""The key under which a file names one that it is merged into; as fvcore has it."""


class CfgNode(dict[str, Any]):
    """A dictionary whose items are attributes too, and that other settings are merged into by name."""

    def __init__(self, init_dict: Any = None, key_list: Sequence[str] | None = None, new_allowed: bool = False) -> None:
        super().__init__()
        self.__dict__.update(_frozen=False, _new_allowed=new_allowed)
        for name, value in dict(init_dict or {}).items():
            plain = isinstance(value, dict) and not isinstance(value, CfgNode)
            self[name] = type(self)(value, new_allowed=new_allowed) if plain else value

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(name)
        return self[name]

    def __setattr__(self, name: str, value: Any) -> None:
        if self.is_frozen():
            raise AttributeError(f"Attempted to set {name} to {value}, but {type(self).__name__} is immutable")
        self[name] = value

    def __deepcopy__(self, memo: dict[int, Any]) -> CfgNode:
        made = type(self)(new_allowed=self.is_new_allowed())
        made.update({name: copy.deepcopy(value, memo) for name, value in self.items()})
        made._set("_frozen", self.is_frozen())
        return made

    def clone(self) -> CfgNode:
        """A copy of the whole tree."""
        return copy.deepcopy(self)

    def is_frozen(self) -> bool:
        """Whether attributes cannot be set."""
        return bool(self.__dict__["_frozen"])

    def is_new_allowed(self) -> bool:
        """Whether names may be merged in that are not there."""
        return bool(self.__dict__["_new_allowed"])

    def freeze(self) -> None:
        """Let no attribute be set from now on."""
        self._set("_frozen", True)

    def defrost(self) -> None:
        """Let attributes be set again."""
        self._set("_frozen", False)

    def set_new_allowed(self, is_new_allowed: bool) -> None:
        """Say whether names may be merged in that are not there."""
        self._set("_new_allowed", is_new_allowed)

    def merge_from_file(self, cfg_filename: str, allow_unsafe: bool = False) -> None:
        """Merge the settings of a YAML file, and of those that it names as its base."""
        self.merge_from_other_cfg(self.load_yaml_with_base(cfg_filename))

    def merge_from_other_cfg(self, cfg_other: Mapping[str, Any]) -> None:
        """Merge a tree of settings."""
        for name, value in cfg_other.items():
            if name not in self and not self.is_new_allowed():
                raise KeyError(f"Non-existent config key: {name}")
            mine = self.get(name)
            if isinstance(mine, CfgNode) and isinstance(value, dict):
                mine.merge_from_other_cfg(value)
            else:
                self[name] = _like(mine, copy.deepcopy(value))

    def merge_from_list(self, cfg_list: Sequence[Any]) -> None:
        """Merge settings from a list of names, with points between their parts, and values."""
        for name, value in zip(cfg_list[0::2], cfg_list[1::2], strict=True):
            *parents, last = name.split(".")
            node = self
            for parent in parents:
                node = node[parent]
            node.merge_from_other_cfg({last: value})

    @classmethod
    def load_cfg(cls, cfg_file_obj_or_str: IO[str] | str) -> CfgNode:
        """The settings of an open YAML file or of its text."""
        return cls(yaml.safe_load(cfg_file_obj_or_str))

    @classmethod
    def load_yaml_with_base(cls, filename: str, allow_unsafe: bool = False) -> CfgNode:  # noqa: ARG003 (as above)
        """The settings of a YAML file, merged into those of the file that it names as its base."""
        own = yaml.safe_load(Path(filename).read_text(encoding="utf-8")) or {}
        base = own.pop(BASE_KEY, None)
        if base is None:
            return cls(own)
        made = cls.load_yaml_with_base(str(Path(filename).parent / base))
        made._set("_new_allowed", True)
        made.merge_from_other_cfg(cls(own))
        return made

    def dump(self, **kwargs: Any) -> str:
        """The settings as YAML."""
        return str(yaml.safe_dump(_plain(self), **kwargs))

    def _set(self, name: str, value: bool) -> None:
        self.__dict__[name] = value
        for item in self.values():
            if isinstance(item, CfgNode):
                item._set(name, value)


class ConfigDict(CfgNode):
    """``ml_collections.ConfigDict``: the same, with other names, and any name may be set."""

    def __init__(self, initial_dictionary: Any = None, **_: Any) -> None:
        super().__init__(initial_dictionary, new_allowed=True)

    def __setattr__(self, name: str, value: Any) -> None:
        plain = isinstance(value, dict) and not isinstance(value, CfgNode)
        super().__setattr__(name, ConfigDict(value) if plain else value)

    def lock(self) -> ConfigDict:
        """Let no attribute be set from now on."""
        self.freeze()
        return self

    def unlock(self) -> ConfigDict:
        """Let attributes be set again."""
        self.defrost()
        return self

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Let attributes be set for a while."""
        frozen = self.is_frozen()
        self.defrost()
        try:
            yield
        finally:
            self._set("_frozen", frozen)

    def copy_and_resolve_references(self) -> CfgNode:
        """A copy of the whole tree."""
        return self.clone()

    def to_dict(self) -> dict[str, Any]:
        """The settings as a plain dictionary."""
        made: dict[str, Any] = _plain(self)
        return made


def _like(mine: Any, value: Any) -> Any:
    """``value`` as it is merged in for ``mine``: a text that is a value is that value, and a list may be a tuple."""
    if isinstance(value, str):
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError):
            return value
    if isinstance(mine, list | tuple) and isinstance(value, list | tuple):
        return type(mine)(value)
    return str(value) if isinstance(mine, str) and value is not None else value


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
