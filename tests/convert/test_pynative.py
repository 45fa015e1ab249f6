"""Networks of repositories whose code, where it is not compiled, gives something else, or does not run at all."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hubkit.cli.conversions import result_lines
from hubkit.cli.smoke import _show
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.records import ConvertResult
from hubkit.convert.uncompiled import at_most
from tests.convert.foreign import convert
from tests.repos.networks import NET, folder
from tests.requirements import needs_mindspore

pytestmark = needs_mindspore

LAYER = "        x = self.relu(self.conv(x))\n"
ASKING = """
import os
import mindspore
from mindspore import nn, ops

runs = []

@ops.constexpr
def asked(value):
    if mindspore.get_context("mode") == mindspore.PYNATIVE_MODE:
        runs.append(value)
    if len(runs) > 1:  # the first run is for its drawn weights
        {what}
    return value
"""


def converted(
    place: Path, code: str, before: str = "from mindspore import nn\n", formats: tuple[str, ...] = ("mindir", "onnx")
) -> ConvertResult:
    """What comes of a network that runs the lines ``code`` after its first layer."""
    lines = "".join(f"        {line}\n" for line in code.splitlines())
    net = NET.replace("from mindspore import nn\n", before).replace(LAYER, f"{LAYER}{lines}")
    return convert(place, folder(net=net), formats=formats)


@pytest.mark.parametrize(
    "code",
    [
        "y = x\ny[:, 0] = 1.0",
        "maps = [x]\nalso = maps\nalso.append(2 * x)\nx = maps[-1]",
        "scale = 1\ngrown = lambda z: z * scale\nscale = 3\nx = grown(x)",
    ],
    ids=["tensor", "list", "variable"],
)
def test_what_is_compiled_in_another_sense_differs(tmp_path: Path, code: str) -> None:
    result = converted(tmp_path, code)
    assert result.status is ConversionStatus.DIFFERS
    assert [(pair.candidate, pair.passed) for pair in result.parity if not pair.passed] == [("pynative", False)]
    told, first, hint = result.error.splitlines()
    assert told.startswith(
        "compiled, which is how it is exported, the network gives something else than its code does where it is run "
        "line by line (PyNative mode), in output output: "
    )
    assert first == "  The first that does is the network's own code, Net.construct at src/net.py:13."
    assert hint.startswith("  MindSpore compiles some Python in another sense. Look for a list,")
    assert (result.files, result.mismatch, result.skipped) == ((), None, {})


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("raise ValueError('only compiled')", "pynative failed: only compiled"),
        ("raise SystemExit", "SystemExit"),
        ("os._exit(0)", "its process ended"),
        ("os.abort()", "it crashed"),
    ],
)
def test_what_does_not_run_uncompiled_is_converted_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, why: str
) -> None:
    result = converted(tmp_path, "if len(asked(x.shape)) > 4:\n    return x, x", ASKING.format(what=what))
    assert (result.error, result.status) == ("", ConversionStatus.PASSED)
    assert {pair.candidate for pair in result.parity} == {"mindir", "onnxruntime"}
    assert list(result.skipped) == ["pynative"]
    assert why in result.skipped["pynative"]
    line = f"pynative was not run: {result.skipped['pynative']}"
    assert line in result_lines(result)
    _show(result)
    assert f"{line}\n" in capsys.readouterr().out


def test_code_that_gives_another_number_of_outputs_differs(tmp_path: Path) -> None:
    asks = ASKING.format(what="return value + value")
    result = converted(tmp_path, "if len(asked(x.shape)) > 4:\n    return x, x", asks)
    assert (result.status, result.files, result.skipped) == (ConversionStatus.DIFFERS, (), {})
    told, first, hint = result.error.splitlines()
    assert told == (
        "compiled, which is how it is exported, the network gives 1 output, and its code, where it is run line by line "
        "(PyNative mode), 2"
    )
    assert first.startswith("  The first that does is the network's own code")
    assert "an iterator" in hint


@pytest.mark.parametrize(("kind", "passes"), [("float16", True), ("float32", False)])
def test_where_it_computes_in_float16_it_may_round_otherwise(tmp_path: Path, kind: str, passes: bool) -> None:
    code = f"x = (x.astype(mindspore.{kind}) * asked(1.0)).astype(mindspore.float32)"
    result = converted(tmp_path, code, ASKING.format(what="return 1.002"), ("mindir",))
    assert (result.status is ConversionStatus.PASSED) is passes, result.error
    assert {pair.passed for pair in result.parity if pair.candidate == "pynative"} == {passes}


def test_a_run_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TimeoutError, match=r"more than 0\.05 seconds"), at_most(0.05):
        time.sleep(30)
    with at_most(0.05):
        pass
    time.sleep(0.1)  # nothing is raised any more


def test_a_network_that_fails_its_own_check_is_not_converted(tmp_path: Path) -> None:
    result = converted(tmp_path, "if x.sum() < 1e9:\n    raise ValueError('too dark')")
    assert result.status is ConversionStatus.COULD_NOT_RUN, result.error
    assert "it is compiled without its checks of values, and where it is run with them (PyNative mode)" in result.error
    assert "too dark" in result.error


def test_a_network_that_only_a_handler_keeps_from_failing_differs(tmp_path: Path) -> None:
    asks = ASKING.format(what="raise ValueError")
    result = converted(tmp_path, "try:\n    x = x * asked(2)\nexcept ValueError:\n    x = x * 3", asks, ("mindir",))
    assert result.status is ConversionStatus.DIFFERS, result.error
    assert "a handler of errors (not compiled)" in result.compat


def test_a_network_without_its_handlers_is_not_converted_where_it_does_not_run(tmp_path: Path) -> None:
    asks = ASKING.format(what="raise KeyError('no table')")
    result = converted(tmp_path, "try:\n    x = x * asked(2)\nexcept ValueError:\n    x = x * 3", asks, ("mindir",))
    assert result.status is ConversionStatus.COULD_NOT_RUN, result.error
    assert "it is compiled without its handlers of errors, and where it is run with them" in result.error
    assert "no table" in result.error


def test_a_network_that_stands_its_own_check_is_converted(tmp_path: Path) -> None:
    result = converted(tmp_path, "if x.sum() > 1e9:\n    raise ValueError('too bright')")
    assert (result.status, result.error) == (ConversionStatus.PASSED, "")
    assert "a check of values (not compiled)" in result.compat
