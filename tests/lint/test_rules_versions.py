"""Rules on versions: the branch of the code, versions that never were, newer cards of a family."""

from __future__ import annotations

import pytest

from hubkit.settings import Settings
from tests.lint.calls import DIGEST, GOOD, card, catalogue_findings, field, findings, shown

REPOSITORY = "https://gitee.com/mindspore/models"


class TestBranchVersion:
    @pytest.mark.parametrize("branch", ["r1.9", "r1.9.0", "r1.8"])
    def test_a_release_branch_is_left_alone(self, branch: str) -> None:
        assert findings("branch-version", field("repo-link", f"{REPOSITORY}/tree/{branch}/research/cv/u2net")) == []

    @pytest.mark.parametrize("before", ["", "<", '"'])
    def test_a_tag(self, before: str) -> None:
        after = {"": "", "<": ">", '"': '"'}[before]
        text = field("repo-link", f"{before}{REPOSITORY}/blob/v0.4.0/README.md{after}")
        assert shown(findings("branch-version", text)) == [
            "v0.4.0: repo-link's branch v0.4.0 is not that of a MindSpore version"
        ]
        (found,) = findings("branch-version", text)
        assert found.line == 13
        assert found.hint == "Right where the code is counted otherwise; else name the branch r1.9."

    @pytest.mark.parametrize("url", [f"{REPOSITORY}/tree/master/research/cv/u2net", REPOSITORY])
    def test_a_branch_that_moves_is_left_to_another_rule(self, url: str) -> None:
        assert findings("branch-version", field("repo-link", url)) == []
        assert len(findings("moving-branch", field("repo-link", url))) == 1

    def test_a_site_that_is_no_repository(self) -> None:
        assert findings("branch-version", field("repo-link", "https://www.mindspore.cn/models/u2net")) == []

    def test_another_release_branch_is_reported_once(self) -> None:
        text = field("repo-link", f"{REPOSITORY}/tree/r1.8/research/cv/u2net")
        assert findings("branch-version", text) == []
        assert len(findings("version-consistency", text)) == 1


class TestWholeNumber:
    @pytest.mark.parametrize("key", ["mindspore-version", "model-version"])
    def test_a_whole_number_is_no_version(self, key: str) -> None:
        text = field(key, "2")
        (found,) = findings("version-changed-by-yaml", text)
        assert shown([found]) == [f"2: YAML reads {key} 2 as a whole number, which is no version"]
        assert (found.hint, found.fix) == ('Write major and minor version between quotes, such as "2.0".', None)
        assert findings("schema", text) == []

    def test_between_quotes_the_schema_reports_it(self) -> None:
        text = field("mindspore-version", '"2"')
        assert findings("version-changed-by-yaml", text) == []
        assert len(findings("schema", text)) == 1


class TestUnknownVersion:
    @pytest.mark.parametrize("version", ["1.9", '"1.10"', "2.3", '"2.10"', "1.9.0", "2.0.0rc1", "2.3-alpha"])
    def test_versions_that_were(self, version: str) -> None:
        assert findings("unknown-version", field("mindspore-version", version)) == []

    def test_a_version_that_never_was(self) -> None:
        (found,) = findings("unknown-version", field("mindspore-version", '"1.13"'))
        assert (found.line, found.column, found.end_column) == (16, 20, 26)
        assert found.message == "no MindSpore 1.13 is known"
        assert found.hint.startswith("There are 1.0 to 1.10. ")

    def test_a_version_to_come(self) -> None:
        text = field("mindspore-version", "7.0")
        assert findings("unknown-version", text)[0].hint.startswith("The newest that hubkit knows is 2.10. ")
        hub = Settings(vocabularies={"mindspore-versions": ("7.0",)})
        assert findings("unknown-version", text, settings=hub) == []


class TestNewerCard:
    def test_the_older_cards_learn_of_the_newest(self) -> None:
        cards = {f"/hub/mindspore/{version}/u2net_dutstr.md": GOOD for version in ("1.8", "1.9", "1.10")}
        found = catalogue_findings("newer-card", cards)
        assert sorted(one.path for one in found) == [
            "/hub/mindspore/1.8/u2net_dutstr.md",
            "/hub/mindspore/1.9/u2net_dutstr.md",
        ]
        assert {(one.line, one.column, one.message, one.hint) for one in found} == {
            (
                20,
                19,
                "the card for MindSpore 1.10 publishes the same file",
                "It is /hub/mindspore/1.10/u2net_dutstr.md.",
            )
        }

    def test_another_file_or_another_family_says_nothing(self) -> None:
        other = card((DIGEST, DIGEST[::-1]))
        assert catalogue_findings("newer-card", {"/hub/a/1.8/x.md": GOOD, "/hub/a/1.9/x.md": other}) == []
        assert catalogue_findings("newer-card", {"/hub/a/1.8/x.md": GOOD, "/hub/a/1.9/y.md": GOOD}) == []
        assert catalogue_findings("newer-card", {"/hub/a/1.8/x.md": GOOD, "/hub/b/1.9/x.md": GOOD}) == []
