from __future__ import annotations

import pytest

from tests.lint.samples import ASSET, FIELDS, PATH, card, findings, lint_text

REPO, ASSET_LINK = FIELDS["repo-link"], ASSET["asset-link"]
BODY_LINK = "https://gitee.com/mindspore/models/blob/r1.8/research/cv/u2net/README.md"
KINDS = (
    "the folder",
    "model-version",
    "mindspore-version",
    "repo-link's branch",
    "asset-link's folder",
    "the asset's file name",
    "a link of the body",
)


def all_but(kind: str) -> str:
    kinds = [other for other in KINDS if other != kind]
    return f"{', '.join(kinds[:-1])} and {kinds[-1]}"


@pytest.mark.parametrize(
    ("kind", "changes", "body", "path", "shown"),
    [
        ("the folder", {}, None, "mindspore/1.8/u2net_dutstr.md", ""),
        ("model-version", {"model-version": "1.8"}, None, PATH, "1.8"),
        ("mindspore-version", {"mindspore-version": '"1.8"'}, None, PATH, '"1.8"'),
        ("repo-link's branch", {"repo-link": REPO.replace("r1.9", "r1.8")}, None, PATH, "/tree/r1.8"),
        ("asset-link's folder", {"asset-link": ASSET_LINK.replace("r1.9", "r1.8")}, None, PATH, "/r1.8/"),
        ("the asset's file name", {"asset-link": ASSET_LINK.replace("v190", "v180")}, None, PATH, "_v180"),
        ("a link of the body", {}, f"See [the code]({BODY_LINK}).", PATH, "/blob/r1.8"),
    ],
)
def test_each_place_is_found_when_it_alone_differs(
    kind: str, changes: dict[str, str], body: str | None, path: str, shown: str
) -> None:
    text = card(changes, **({"body": body} if body else {}))
    message = f"{kind} says 1.8, but {all_but(kind)} say 1.9"
    hint = "Make it 1.9, or move the card to the version that it is for."
    assert findings("version-consistency", text, path=path) == [(shown, message, hint)]


def test_a_wrong_folder_is_told_at_the_first_field() -> None:
    [found] = lint_text(card(), path="mindspore/1.8/u2net_dutstr.md", rule="version-consistency")
    assert (found.line, found.column) == (4, 1)


def test_most_kinds_of_places_decide_not_most_places() -> None:
    body = "".join(f"[part {number}]({BODY_LINK}) " for number in range(9))
    found = findings("version-consistency", card(body=body))
    assert [shown for shown, _, _ in found] == ["/blob/r1.8"] * 9
    assert found[0][1].endswith("and the asset's file name say 1.9")


def test_in_a_tie_mindspore_version_decides() -> None:
    changes = {"model-version": "1.8", "repo-link": None, "asset-link": "https://gitee.com/a.ckpt"}
    [(shown, message, _)] = findings("version-consistency", card(changes, body=""), path="hub/u2net_dutstr.md")
    assert shown == "1.8"
    assert message == "model-version says 1.8, but mindspore-version says 1.9"


@pytest.mark.parametrize(
    "written", ["1.9", '"1.9"', "1.9.0", "v1.9", "r1.9", "'1.9.1'", "1.9.0rc1", "1.9-alpha", '"1.9 "', "1.9.0.post1"]
)
def test_a_version_in_any_form_is_understood(written: str) -> None:
    assert findings("version-consistency", card({"mindspore-version": written})) == []


@pytest.mark.parametrize("written", ["1.10", "1.10.0", "v1.10", '"r1.10"', "1.10.0rc1", "1.90"])
def test_another_version_in_any_form_is_found(written: str) -> None:
    [(shown, message, _)] = findings("version-consistency", card({"mindspore-version": written}))
    assert shown == written
    assert message.startswith(f"mindspore-version says {'1.90' if written == '1.90' else '1.10'}, but the folder")


@pytest.mark.parametrize("written", ["", "latest", "2", "1.9x y", "[1.8]"])
def test_what_is_no_version_is_not_compared(written: str) -> None:
    assert findings("version-consistency", card({"model-version": written})) == []


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("_v190_", None),
        ("_v191_", None),
        ("_v1100_", "1.10"),
        ("_v230_", "2.3"),
        ("_v2310_", "2.31"),
        ("_v100_", None),  # a GPU
        ("_v2_", None),  # the model's own
        ("_v10_", None),
        ("_v2017x_", None),
        ("_v12345_", None),
    ],
)
def test_the_version_in_a_file_name(name: str, version: str | None) -> None:
    found = findings("version-consistency", card({"asset-link": ASSET_LINK.replace("_v190_", name)}))
    assert [message.partition(",")[0] for _, message, _ in found] == (
        [f"the asset's file name says {version}"] if version else []
    )


def test_the_version_at_the_end_of_a_file_name() -> None:
    link = "https://download.mindspore.cn/models/r1.9/u2net_v180.ckpt"
    [(shown, _, _)] = findings("version-consistency", card({"asset-link": link}))
    assert shown == "_v180"


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://gitee.com/mindspore/models/tree/r1.8", True),
        ("https://gitee.com/MindSpore/models/raw/r1.8/a.py?x#y", True),
        ("https://gitee.com/mindspore/models/blob/r1.8.1/a.py", True),
        ("https://gitee.com/mindspore/models/blob/master/a.py", False),
        ("https://gitee.com/mindspore/models/blob/r1.9/a.py", False),
        ("https://gitee.com/mindspore/docs/blob/r1.8/a.md", False),
        ("https://github.com/tensorflow/tensorflow/blob/r1.15/a.py", False),
    ],
)
def test_only_links_to_the_cards_own_repository_count(link: str, found: bool) -> None:
    assert bool(findings("version-consistency", card(body=f"[a]({link})"))) is found


def test_a_repository_with_versions_of_its_own_is_not_compared() -> None:
    changes = {"repo-link": "https://github.com/mindspore-lab/mindyolo/tree/v0.4.0"}
    body = "[a](https://github.com/mindspore-lab/mindyolo/tree/r0.4)"
    assert findings("version-consistency", card(changes, body=body)) == []


@pytest.mark.parametrize("quote", ["<{}>", '"{}"', "'<{}>'"])
def test_a_place_within_a_quoted_link_is_shown(quote: str) -> None:
    link = quote.format(REPO.replace("r1.9", "r1.8"))
    [(shown, _, _)] = findings("version-consistency", card({"repo-link": link}))
    assert shown == "/tree/r1.8"


def test_every_asset_is_compared() -> None:
    text = card({"asset-link": ASSET_LINK.replace("v190", "v180")}, assets=2)
    assert [shown for shown, _, _ in findings("version-consistency", text)] == ["_v180", "_v180"]


@pytest.mark.parametrize(
    ("name", "compared"), [("ssd_v1.0", False), ("ssd_V1.0_coco", False), ("ssd_v1.01", True), ("ssd_1.0", True)]
)
def test_a_version_in_the_cards_own_name_is_the_models(name: str, compared: bool) -> None:
    text = card({"model-version": '"1.0"'})
    found = findings("version-consistency", text, path=f"mindspore/1.9/{name}.md")
    assert bool(found) is compared
