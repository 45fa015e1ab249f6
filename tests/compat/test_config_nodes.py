"""Settings as yacs, fvcore and ml_collections have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubkit.compat.config_nodes import CfgNode, ConfigDict


def defaults() -> CfgNode:
    made = CfgNode()
    made.MODEL = CfgNode({"NAME": "net", "SIZE": (8, 8), "HEAD": {"WIDTHS": [1]}})
    made.MODEL.EXTRA = CfgNode(new_allowed=True)
    made.LR = 0.1
    return made


def test_a_file_is_merged_into_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("MODEL: {NAME: base, EXTRA: {STAGE: {BLOCK: BASIC}}}\n")
    path = tmp_path / "own.yaml"
    path.write_text("_BASE_: base.yaml\nMODEL: {SIZE: [4, 4], HEAD: {WIDTHS: '(2, 3)'}}\nLR: 1e-3\n")
    settings = defaults()
    copied = settings.clone()
    settings.merge_from_file(str(path))
    settings.merge_from_list(["MODEL.NAME", 7, "MODEL.EXTRA.STAGE.MORE", "on"])
    settings.freeze()
    stage = {"BLOCK": "BASIC", "MORE": "on"}
    model = {"NAME": "7", "SIZE": (4, 4), "HEAD": {"WIDTHS": [2, 3]}, "EXTRA": {"STAGE": stage}}
    assert settings == {"MODEL": model, "LR": 0.001}
    assert (copied.MODEL.NAME, copied.MODEL.EXTRA, settings.MODEL.EXTRA.STAGE.BLOCK) == ("net", {}, "BASIC")
    assert CfgNode.load_cfg(copied.MODEL.HEAD.dump()) == {"WIDTHS": [1]}


def test_names_that_are_not_there_and_frozen_settings_are_refused() -> None:
    settings = defaults()
    with pytest.raises(KeyError, match="Non-existent config key: DEPTH"):
        settings.merge_from_other_cfg({"DEPTH": 3})
    with pytest.raises(AttributeError, match="DEPTH"):
        _ = settings.DEPTH
    settings.freeze()
    assert settings.clone().is_frozen()
    with pytest.raises(AttributeError, match="immutable"):
        settings.MODEL.NAME = "other"
    settings.defrost()
    settings.MODEL.NAME = "other"
    assert settings["MODEL"]["NAME"] == "other"


def test_a_config_dict_takes_any_name() -> None:
    settings = ConfigDict({"patches": {"size": (16, 16)}})
    settings.transformer = {"heads": 2}
    settings.lock()
    with settings.unlocked():
        settings.transformer.layers = 1
    with pytest.raises(AttributeError, match="immutable"):
        settings.classifier = "token"
    assert settings.unlock().copy_and_resolve_references().patches.size == (16, 16)
    assert settings.to_dict() == {"patches": {"size": (16, 16)}, "transformer": {"heads": 2, "layers": 1}}
