"""Good cards, broken in one named way at a time: the rule meant for it finds it, at its line, and no other does.

To add a mutation, add a line to MUTATIONS.
"""

# One line a mutation, however long.
# ruff: noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from hubkit.lint.engine import lint
from hubkit.settings import Settings

CARDS = Path(__file__).parents[2] / "cards"
GOOD = {
    name: (CARDS / f"{name}.md").read_text(encoding="utf-8")
    for name in ("mindspore/1.9/u2net_dutstr", "mindspore/1.10/unet3plus_lits2017")
}
DIGEST = "c3a725b159817161fc3dfd9d4a6758e3cda530ea0927be8d908262be3a88e86c"
LINK = "https://download.mindspore.cn/models/r1.9/u2net_ascend_v190_dutstr_research_cv_acc99.05.ckpt"
REPO = "https://gitee.com/mindspore/models/tree/r1.9/research/cv/u2net"


@dataclass(frozen=True)
class Mutation:
    """One way to break the card."""

    name: str
    """What is done to it."""
    rule: str
    """The rule that must find it."""
    old: str
    """A text of one of the good cards; its first occurrence is replaced."""
    new: str
    """What stands there instead."""
    at: str = ""
    """A text of the line where it must be found; the changed line where it is empty."""


MUTATIONS = [
    Mutation("no first fence", "front-matter-missing", "# u2net\n\n---\n", "# u2net\n\n", at="# u2net"),
    Mutation("lone dash", "front-matter-syntax", "evaluation: acc99.05", "evaluation: -"),
    Mutation("tab", "front-matter-syntax", "    file-format: ckpt", "\tfile-format: ckpt"),
    Mutation("second colon", "front-matter-syntax", "summary: u2net is", "summary: note: u2net is"),
    Mutation("open quote", "front-matter-syntax", "author: MindSpore team", "author: 'MindSpore team"),
    Mutation("reserved character", "front-matter-syntax", "author: MindSpore team", "author: @mindspore"),
    Mutation("alias", "front-matter-syntax", "author: MindSpore team", "author: *team"),
    Mutation("open bracket", "front-matter-syntax", "used-for: inference", "used-for: [inference"),
    Mutation("key twice", "duplicate-key", "used-for: inference", "used-for: inference\nlicense: Apache-2.0", at="license: Apache-2.0\n\nsummary"),
    Mutation("key missing", "schema", "author: MindSpore team\n\n", "", at="model-name"),
    Mutation("asset key missing", "schema", "    file-format: ckpt\n", "", at="asset-link"),
    Mutation("key misspelt", "schema", "summary:", "sumary:"),
    Mutation("unknown key", "schema", "used-for: inference", "used-for: inference\n\ncolour: blue", at="colour"),
    Mutation("wrong type", "schema", "fine-tunable: True", "fine-tunable: perhaps"),
    Mutation("list for a text", "schema", "author: MindSpore team", "author: [MindSpore, team]"),
    Mutation("unknown file format", "schema", "file-format: ckpt", "file-format: ckp"),
    Mutation("unknown field", "schema", "module-type: cv", "module-type: vc"),
    Mutation("assets missing", "schema", f"asset:\n\n-\n    file-format: ckpt\n    asset-link: {LINK}\n    asset-sha256: {DIGEST}", "asset: []"),
    Mutation("short digest", "digest-form", DIGEST, DIGEST[:63]),
    Mutation("long digest", "digest-form", DIGEST, DIGEST + "0"),
    Mutation("no hexadecimal digit", "digest-form", DIGEST, DIGEST.replace("c3a7", "c3z7")),
    Mutation("capital digest", "digest-form", DIGEST, DIGEST.upper()),
    Mutation("cut digest", "digest-form", DIGEST, "c3a725b1"),
    Mutation("digest with its algorithm", "digest-form", DIGEST, "sha256-" + DIGEST),
    Mutation("other folder version", "version-consistency", "model-version: 1.9", "model-version: 1.8"),
    Mutation("other field version", "version-consistency", "mindspore-version: 1.9", "mindspore-version: 1.8"),
    Mutation("other branch", "version-consistency", "tree/r1.9/", "tree/r1.8/"),
    Mutation("other asset folder", "version-consistency", "models/r1.9/u2net", "models/r1.8/u2net"),
    Mutation("other version in the asset's name", "version-consistency", "_v190_", "_v180_"),
    Mutation("other branch in the body", "version-consistency", "blob/r1.9/", "blob/r1.8/"),
    Mutation("version that YAML changes", "version-changed-by-yaml", 'model-version: "1.10"', "model-version: 1.10"),
    Mutation("other version that YAML changes", "version-changed-by-yaml", 'mindspore-version: "1.10"', "mindspore-version: 1.10"),
    Mutation("version without its minor part", "version-changed-by-yaml", "mindspore-version: 1.9", "mindspore-version: 1"),
    Mutation("http asset", "link-form", LINK, LINK.replace("https", "http")),
    Mutation("http repository", "link-form", REPO, REPO.replace("https", "http")),
    Mutation("no scheme", "link-form", REPO, REPO.removeprefix("https://")),
    Mutation("password in a link", "link-form", "https://gitee.com/mindspore/models/tree", "https://me:pass@gitee.com/mindspore/models/tree"),
    Mutation("http in the body", "link-form", "(https://arxiv.org", "(http://arxiv.org"),
    Mutation("script link", "link-form", "(https://arxiv.org/pdf/2005.09007.pdf)", "(javascript:alert)"),
    Mutation("bracketed repository", "link-brackets", REPO, f"<{REPO}>"),
    Mutation("bracketed asset", "link-brackets", LINK, f"<{LINK}>"),
    Mutation("look-alike host", "link-host", "download.mindspore.cn", "downIoad.mindspore.cn"),
    Mutation("unknown host", "link-host", "https://gitee.com/mindspore/models/tree", "https://example.net/mindspore/models/tree"),
    Mutation("other model", "file-name", "model-name: u2net", "model-name: u3net"),
    Mutation("other data set", "file-name", "train-dataset: dutstr", "train-dataset: ecssd"),
    Mutation("no SPDX licence", "license-spdx", "license: Apache-2.0", "license: Apache2.0"),
    Mutation("unknown licence", "license-spdx", "license: Apache-2.0", "license: free for all"),
    Mutation("empty value", "empty-value", "author: MindSpore team", "author: ''"),
    Mutation("placeholder", "placeholder", "author: MindSpore team", "author: <your name>"),
    Mutation("digest of zeros", "placeholder", DIGEST, "0" * 64),
    Mutation("short date", "date-form", "2022-10-11", "2022-10-1"),
    Mutation("month 13", "impossible-date", "2022-10-11", "2022-13-11"),
    Mutation("number for a name", "value-changed-by-yaml", "author: MindSpore team", "author: 0x1F"),
    Mutation("space in quotes", "trailing-space", "author: MindSpore team", 'author: "MindSpore team "'),
    Mutation("accuracy over 100", "metric-range", "acc99.05\n", "acc9905\n"),
    Mutation("zero-width space", "invisible-character", "author: MindSpore team", "author: Mind\u200bSpore team"),
    Mutation("metric twice", "duplicate-metric", "acc99.05\n", "acc99.05 | acc98\n"),
    Mutation("other metric in the asset's name", "metric-in-file-name", "acc99.05\n", "acc98.05\n", at="asset-link"),
    Mutation("unknown metric", "unknown-metric", "acc99.05\n", "zork99.05\n"),
    Mutation("moving branch of the repository", "moving-branch", "tree/r1.9/", "tree/master/"),
    Mutation("repository without a branch", "moving-branch", REPO, "https://gitee.com/mindspore/models"),
    Mutation("tag for a branch", "branch-version", "tree/r1.9/", "tree/v0.4.0/"),
    Mutation("moving branch in the body", "moving-branch", "blob/r1.9/", "blob/master/"),
    Mutation("digest that the file's name denies", "digest-in-file-name", "acc99.05.ckpt", "acc99.05-e10bad35.ckpt"),
    Mutation("missing file", "relative-link", "## Evaluation", "[notes](notes.md)\n\n## Evaluation"),
    Mutation("missing heading of a file", "anchor", "## Evaluation", "[it](u2net_dutstr.md#nowhere)\n\n## Evaluation"),
    Mutation("missing heading", "anchor", "## Evaluation", "[below](#nowhere)\n\n## Evaluation"),
    Mutation("one link with two texts", "link-text", "## Terms", "[Another](https://arxiv.org/pdf/2005.09007.pdf)\n\n## Terms"),
    Mutation("two titles", "title", "## Evaluation", "# Evaluation"),
    Mutation("title of another model", "title-name", "# u2net", "# salient objects"),
    Mutation("section missing", "required-sections", "## Introduction", "## History", at="# u2net"),
    Mutation("jump of levels", "heading-levels", "## Evaluation", "#### Evaluation"),
    Mutation("code without a language", "code-language", "## Evaluation", "```\nimport mindspore\n```\n\n## Evaluation"),
    Mutation("open fence", "unclosed-fence", "warranty; check that its own terms allow your use.\n", "warranty.\n\n```python\nimport mindspore\n", at="```python"),
    Mutation("snippet of another card", "snippet-uid", "## Evaluation", '```python\nnet = load.load("mindspore/1.8/u2net_dutstr")\n```\n\n## Evaluation', at="load.load"),
    Mutation("broken snippet", "python-snippet", "## Evaluation", "```python\nload(\n```\n\n## Evaluation", at="load("),
    Mutation("raw HTML", "raw-html", "## Evaluation", '<font color="red">!</font>\n\n## Evaluation'),
    Mutation("image without words", "image-alt", "## Evaluation", "![](https://gitee.com/u2net.png)\n\n## Evaluation"),
    Mutation("needless suppression", "unused-suppression", "## Evaluation", "<!-- hubkit: ignore license-spdx -->\n\n## Evaluation"),
]  # fmt: skip


def findings(folder: Path, uid: str, text: str) -> list[tuple[str, int]]:
    path = folder / f"{uid}.md"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8", newline="")
    return [(found.rule, found.line) for found in lint([path], Settings()).diagnostics]


@pytest.mark.parametrize("uid", GOOD)
def test_the_good_cards_are_good(tmp_path: Path, uid: str) -> None:
    assert findings(tmp_path, uid, GOOD[uid]) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name.replace(" ", "-"))
def test_a_broken_card_is_found_by_the_rule_meant_for_it(tmp_path: Path, mutation: Mutation) -> None:
    uid, good = next(((uid, good) for uid, good in GOOD.items() if mutation.old in good), ("", ""))
    assert uid, "the good cards have changed: mend the mutation"
    text = good.replace(mutation.old, mutation.new, 1)
    if mutation.at:
        line = text.count("\n", 0, text.index(mutation.at)) + 1
    else:
        pairs = zip(good.splitlines(), text.splitlines(), strict=False)
        line = next(number for number, (old, new) in enumerate(pairs, 1) if old != new)
    assert findings(tmp_path, uid, text) == [(mutation.rule, line)]


def test_names_are_told_apart() -> None:
    names = [mutation.name for mutation in MUTATIONS]
    assert len(names) == len(set(names))
