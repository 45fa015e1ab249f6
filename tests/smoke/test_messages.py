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
_COMPILED = f"""For Operator[Concat], the number of inputs should be less than or equal to 1, but got 2.

{_RULE}
- The Traceback of Net Construct Code:
{_RULE}
# 0 In file /home/me/network.py:15, 15~24
        return self.head(x)
# 1 In file /home/me/head.py:10, 15~26
        return self.join(x, x)
# 2 In file /venv/site-packages/mindspore/nn/layer/basic.py:7, 15~26
        return self.concat(x, x)
# 3 In file /venv/site-packages/hubkit/compat/renamed.py:4, 15~26
        return now(x, x)
"""
_TOO_MANY = "For Operator[Concat], the number of inputs should be less than or equal to 1, but got 2."


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("it is missing\nC++ call stack"), "it is missing"),
        (ValueError(""), "ValueError"),
        (RuntimeError(_KERNEL), "Unsupported op [InstanceNorm] on CPU (/home/me/network.py:58)"),
        (TypeError(_COMPILED), f"{_TOO_MANY} (/home/me/head.py:10)"),
        (TypeError(_COMPILED.replace("/home/me/", "/venv/mindspore/")), _TOO_MANY),
        (RuntimeError(f"{_RULE}\n- Only a heading:\n{_RULE}\n"), "RuntimeError"),
    ],
)
def test_the_telling_line_is_found(error: Exception, words: str) -> None:
    assert said(error) == words


def test_code_that_ran_as_a_copy_is_named_by_its_place_in_the_repository() -> None:
    error = RuntimeError(_KERNEL.replace("/home/me/", "/out/models/a/.hubkit-x1/foreign/code/src/"))
    assert said(error) == "Unsupported op [InstanceNorm] on CPU (src/network.py:58)"
