"""Reasons of receipts in the language of the page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hubkit.resources import resource_dir
from hubkit.site.i18n import CHINESE, load_texts, speaking
from hubkit.site.reasons import REASONS, translated, translations
from tests.requirements import PROJECT
from tests.site.examples import U2NET, Hub, passed, seeded

ELSEWHERE = [path for path in (PROJECT / "hubkit").rglob("*.py") if "site" not in path.parts]


@pytest.mark.parametrize(
    ("told", "chinese"),
    [
        ("the host a.example cannot be resolved", "无法解析主机 a.example"),
        ("the server answered 503 Busy (3 attempts)", "服务器回应 503 Busy（尝试了 3 次）"),
        (
            "the asset is not verified: the file's SHA-256 is ab (1,024 bytes), but the card says cd",
            "文件未通过验证：文件的 SHA-256 是 ab（1,024 字节），而卡片写的是 cd",
        ),
        (
            "mindir differs from mindspore in output y (batch 1): not the same bits: the greatest difference is 0.1\n"
            "It differs most at 3\nThe evidence is in a.mismatch",
            "mindir 与 mindspore 在输出 y（批大小 1）上不同：比特不同：最大差异为 0.1\n"
            "It differs most at 3\n证据位于 a.mismatch",
        ),
        (
            "output y proves nothing: it is empty\n"
            "  With such weights any conversion would match: use weights and inputs that keep it in range.",
            "输出 y 不能证明什么：它是空的\n"
            "  用这样的权重，任何转换都会一致：请使用能让它保持在正常范围内的权重和输入。",
        ),
        ("2 operators have no lowering to ONNX:\n  A: a\n  B: b", "2 个算子没有到 ONNX 的下降：\n  A: a\n  B: b"),
        (
            "its Tanh (off by up to 1.1e-4) is written as MindSpore approximates it on a CPU: computed exactly, output "
            "y differs by up to 0.12",
            "其中的 Tanh (off by up to 1.1e-4) 按 MindSpore 在 CPU 上的近似算法写出：若精确计算，输出 y 最多相差 0.12",
        ),
        (
            "its float16 is rounded before it becomes float32, which ONNX Runtime leaves out: without that, output y "
            "differs by up to 0.5",
            "其中的 float16 在变为 float32 之前先舍入，而 ONNX Runtime 会省略这一步：若不如此，输出 y 最多相差 0.5",
        ),
        ("%(why)s and 100 %", "%(why)s and 100 %"),
        ("", ""),
    ],
)
def test_a_reason_is_told_in_the_readers_language(told: str, chinese: str) -> None:
    assert (translated(told), translations()) == (told, [])
    with speaking(load_texts(CHINESE, [resource_dir("site_templates")])):
        assert translated(told) == chinese
        assert dict(translations())["the card names no file"] == "卡片没有列出文件"


@pytest.mark.parametrize("words", REASONS)
def test_a_reason_is_one_that_hubkit_tells(words: str) -> None:
    """The longest part of it that is the same in all cases stands in the code."""
    told = max(re.split(r"%\(\w+\)s", words), key=len).strip(" :(),")
    told = re.sub(r"^(1 operator has|operators have) | \(status$", "", told)
    sources = "\n".join(path.read_text(encoding="utf-8") for path in ELSEWHERE)
    assert told in re.sub(r'"\n\s*f?"', "", sources)


def test_the_chinese_page_tells_why_in_chinese(hub: Hub) -> None:
    hub.add(U2NET)
    receipt = seeded(U2NET)
    why = "the host a.example cannot be resolved"
    steps = tuple(replace(step, reason=why) if step.reason else step for step in receipt.steps)
    assets = tuple(replace(asset, reason=why) for asset in receipt.assets)
    note = f"untrained weights (seed 0): the asset could not be fetched: {why}"
    hub.verify(replace(receipt, steps=steps, assets=assets, note=note))
    hub.build()
    chinese = (hub.site / "zh/models" / f"{U2NET}.html").read_text(encoding="utf-8")
    assert "cannot be resolved" not in chinese
    assert "未训练的权重（种子 0）：无法取得文件：无法解析主机 a.example" in chinese
    assert hub.page(U2NET).count(why) == chinese.count("无法解析主机 a.example")


def test_a_file_tells_how_it_was_made_on_the_page_of_each_language(hub: Hub) -> None:
    hub.add(U2NET)
    receipt = passed(U2NET)
    mindir, onnx = receipt.models
    hub.verify(replace(receipt, models=(mindir, replace(onnx, note="its batch is fixed: output <y> mixes it"))))
    hub.build()
    chinese = (hub.site / "zh/models" / f"{U2NET}.html").read_text(encoding="utf-8")
    assert hub.page(U2NET).count('<p class="file-reason"><bdi>its batch is fixed: output &lt;y&gt; mixes it</bdi>') == 1
    assert chinese.count("其 batch 固定不变：output &lt;y&gt; mixes it") == 1
