"""Rules on digests: against the file's name, against the file, and against each other."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.lint.calls import DIGEST, GOOD, card, catalogue_findings, field, findings, shown

OTHER = DIGEST[::-1]
LINK = "https://download.mindspore.cn/models/r1.9/u2net_ascend_v190_dutstr_research_cv_acc99.05.ckpt"
FIRST, SECOND, THIRD = (f"/hub/mindspore/{version}/u2net_dutstr.md" for version in ("1.7", "1.8", "1.9"))
ASSET = f"  - file-format: ckpt\n    asset-link: {LINK}\n    asset-sha256: {DIGEST}\n"


def two_assets(file_format: str = "ckpt", link: str = "https://gitee.com/b.ckpt", digest: str = DIGEST) -> str:
    more = f"  - file-format: {file_format}\n    asset-link: {link}\n    asset-sha256: {digest}\n"
    return card((ASSET, ASSET + more))


class TestDigestInFileName:
    @pytest.mark.parametrize("name", ["u2net-{}.ckpt", "u2net_{}.ckpt", "u2net-{}-910v2.ckpt"])
    def test_another_beginning_is_found(self, name: str) -> None:
        text = field("asset-link", f"https://gitee.com/models/{name.format('e10bad35')}")
        (found,) = findings("digest-in-file-name", text)
        assert found.source_line[found.column - 1 : found.end_column - 1] == "e10bad35"
        assert found.message == "the file name says e10bad35, but asset-sha256 begins with c3a725b1"
        assert (
            findings("digest-in-file-name", field("asset-link", f"https://gitee.com/{name.format(DIGEST[:8])}")) == []
        )

    @pytest.mark.parametrize(
        "name", ["u2net-20221011.ckpt", "u2net_acc99.05.ckpt", "u2net-facade.ckpt", "deadbeef00/u.ckpt"]
    )
    def test_names_without_a_digest(self, name: str) -> None:
        assert findings("digest-in-file-name", field("asset-link", f"https://gitee.com/models/{name}")) == []

    def test_a_cut_digest_is_reported_once(self) -> None:
        text = field("asset-sha256", "77dcaf0f").replace("acc99.05.ckpt", "acc99-e10bad35.ckpt")
        assert findings("digest-in-file-name", text) == []
        assert len(findings("digest-form", text)) == 1


class TestLocalBlob:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "cards").mkdir()
        (tmp_path / "outside.ckpt").write_bytes(b"outside")
        (tmp_path / "cards" / "u2net.ckpt").write_bytes(b"weights")
        return tmp_path / "cards"

    def check(self, folder: Path, link: str, content: bytes) -> list[str]:
        text = field("asset-link", link).replace(DIGEST, hashlib.sha256(content).hexdigest())
        return shown(findings("local-blob-mismatch", text, folder / "u2net_dutstr.md"))

    @pytest.mark.parametrize(
        "link",
        ["u2net.ckpt", "./u2net.ckpt", "https://gitee.com/models/u2net.ckpt", "<https://gitee.com/u2net.ckpt?raw=1>"],
    )
    def test_another_file_is_found(self, folder: Path, link: str) -> None:
        right, other = hashlib.sha256(b"other").hexdigest(), hashlib.sha256(b"weights").hexdigest()
        message = f"u2net.ckpt beside the card has another digest: {other[:12]}..."
        assert self.check(folder, link, b"other") == [f"{right}: {message}"]
        assert self.check(folder, link, b"weights") == []

    @pytest.mark.parametrize("link", ["missing.ckpt", "https://gitee.com/missing.ckpt", "https://gitee.com", ".", ".."])
    def test_no_such_file(self, folder: Path, link: str) -> None:
        assert self.check(folder, link, b"other") == []

    def test_nothing_outside_the_folder_is_read(self, folder: Path) -> None:
        (folder / "link.ckpt").symlink_to(folder.parent / "outside.ckpt")
        outside = folder.parent / "outside.ckpt"
        for link in ("../outside.ckpt", "..%2Foutside.ckpt", f"file://{outside}", str(outside), "link.ckpt", "a\\0b"):
            assert self.check(folder, link, b"other") == []

    def test_a_pipe_is_not_waited_for(self, folder: Path) -> None:
        os.mkfifo(folder / "pipe.ckpt")
        assert self.check(folder, "pipe.ckpt", b"other") == []

    def test_a_file_that_changed_is_read_again(self, folder: Path) -> None:
        assert self.check(folder, "u2net.ckpt", b"weights") == []
        (folder / "u2net.ckpt").write_bytes(b"trained again")
        assert len(self.check(folder, "u2net.ckpt", b"weights")) == 1


class TestOneLinkTwoDigests:
    def test_the_rarer_digest_is_found(self) -> None:
        cards = {FIRST: GOOD, SECOND: card((DIGEST, OTHER)), THIRD: GOOD}
        (found,) = catalogue_findings("one-link-two-digests", cards)
        assert (found.path, found.line, found.column, found.end_column) == (SECOND, 20, 19, 83)
        assert found.message == f"{FIRST} gives another digest for the same link: {DIGEST[:12]}..."

    def test_where_there_is_a_tie_both_are(self) -> None:
        found = catalogue_findings("one-link-two-digests", {FIRST: GOOD, SECOND: card((DIGEST, OTHER))})
        assert [one.path for one in found] == [FIRST, SECOND]

    def test_brackets_and_case_do_not_count(self) -> None:
        other = card((LINK, f"<{LINK}>"), (DIGEST, DIGEST.upper()))
        assert catalogue_findings("one-link-two-digests", {FIRST: GOOD, SECOND: other}) == []

    def test_a_cut_digest_is_left_to_its_rule(self) -> None:
        assert catalogue_findings("one-link-two-digests", {FIRST: GOOD, SECOND: card((DIGEST, DIGEST[:8]))}) == []


class TestOneDigestTwoFormats:
    def test_in_two_cards(self) -> None:
        cards = {FIRST: GOOD, SECOND: card(("file-format: ckpt", "file-format: mindir")), THIRD: GOOD}
        (found,) = catalogue_findings("one-digest-two-formats", cards)
        assert (found.path, found.line) == (SECOND, 20)
        assert found.message == f"the digest of this mindir file is that of a ckpt file in {FIRST}"

    def test_in_one_card(self) -> None:
        found = catalogue_findings("one-digest-two-formats", {FIRST: two_assets("mindir")})
        assert [one.line for one in found] == [20, 23]
        assert found[1].message == "the digest of this mindir file is that of a ckpt file in this card"
        assert catalogue_findings("duplicate-digest", {FIRST: two_assets("mindir")}) == []

    def test_one_format_is_fine(self) -> None:
        assert catalogue_findings("one-digest-two-formats", {FIRST: GOOD, SECOND: GOOD}) == []


class TestDuplicateDigest:
    def test_two_models(self) -> None:
        other = "/hub/mindspore/1.9/resnet_dutstr.md"
        found = catalogue_findings("duplicate-digest", {other: GOOD, THIRD: GOOD})
        assert {(one.path, one.line, one.message) for one in found} == {
            (other, 20, f"{THIRD}, the card of another model, has the same digest"),
            (THIRD, 20, f"{other}, the card of another model, has the same digest"),
        }

    def test_twice_in_a_card(self) -> None:
        (found,) = catalogue_findings("duplicate-digest", {FIRST: two_assets()})
        assert (found.line, found.message) == (23, "the same digest stands already on line 20")

    def test_versions_of_one_model_are_left_to_their_rule(self) -> None:
        assert catalogue_findings("duplicate-digest", {FIRST: GOOD, SECOND: GOOD}) == []
