"""Of what MindSpore raises, the line that says something."""

from __future__ import annotations

import pytest

from hubkit.smoke.messages import said

_RULE = "-" * 52
_KERNEL = f"""
{_RULE}
- Kernel select failed:
{_RULE}
Unsupported op [InstanceNorm] on CPU

{_RULE}
- The Function Call Stack: (For framework developers)
{_RULE}
In file /venv/site-packages/mindspore/nn/layer/normalization.py:956~960, 15~53/        return self.instance_bn(x,/
In file /home/me/network.py:58, 15~24/        return self.norm(x)/
"""


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("it is missing\nC++ call stack"), "it is missing"),
        (ValueError(""), "ValueError"),
        (RuntimeError(_KERNEL), "Unsupported op [InstanceNorm] on CPU (/home/me/network.py:58)"),
        (RuntimeError(f"{_RULE}\n- Only a heading:\n{_RULE}\n"), "RuntimeError"),
    ],
)
def test_the_telling_line_is_found(error: Exception, words: str) -> None:
    assert said(error) == words


def test_code_that_ran_as_a_copy_is_named_by_its_place_in_the_repository() -> None:
    error = RuntimeError(_KERNEL.replace("/home/me/", "/out/models/a/.hubkit-x1/foreign/code/src/"))
    assert said(error) == "Unsupported op [InstanceNorm] on CPU (src/network.py:58)"
