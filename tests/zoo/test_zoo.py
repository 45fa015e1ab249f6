"""A few quick networks of the zoo; all of them are `make zoo`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.requirements import needs_mindcv
from tests.zoo.families import EXPLAINED, MEMBERS, MODULES

pytestmark = needs_mindcv

# A plain one, one with channel shuffles, one of attention, one of multilayer perceptrons.
QUICK = ("squeezenet1_1", "shufflenet_v2_x0_5", "edgenext_xx_small", "mlp_mixer_s_p32")


def test_every_module_of_mindcv_is_there() -> None:
    from hubkit.nets.mindcv import FAMILY

    assert [member.family for member in MODULES] == sorted({FAMILY.module(name) for name in FAMILY.names()})
    assert all(FAMILY.module(member.network) == member.family for member in MODULES)


def test_nothing_is_explained_that_is_not_there() -> None:
    assert len({member.network for member in MEMBERS}) == len(MEMBERS)
    assert set(EXPLAINED) <= {member.network for member in MEMBERS}
    assert len(EXPLAINED) <= len(MEMBERS) - 52


@pytest.mark.parametrize("network", QUICK)
def test_a_network_agrees_in_every_runtime_and_depends_on_its_input(network: str, tmp_path: Path) -> None:
    from tests.zoo.run import convert

    (done,) = convert([member for member in MEMBERS if member.network == network], tmp_path)
    assert done.result.error == ""
    assert done.passed
    assert not done.kept
    (again,) = convert([member for member in MEMBERS if member.network == network], tmp_path)
    assert again.kept
    assert again.result == done.result
