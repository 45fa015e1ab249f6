"""Mending cards: exact edits, rounds, refusal of fixes that break, and files that are never lost."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubkit.errors import CardError
from hubkit.lint import fixes
from hubkit.lint.diagnostic import Diagnostic, Edit, Fix, Severity
from hubkit.lint.fixes import fix_file, fix_text, mend, replace_file, unified_diff

CARD = b"\xef\xbb\xbf# a\r\n\r\n---\r\nname: bad  # bad\r\nlist: [bad, 1]\n---\r\n\r\nbad \xe4\xb8\xad bad\r\n"


def finding(*edits: Edit, safe: bool = True, rule: str = "r") -> Diagnostic:
    return Diagnostic("a.md", 1, 1, 1, 1, rule, Severity.ERROR, "m", "", "", Fix(edits, safe))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def replacing(pattern: str, text: str, *, safe: bool = True) -> Callable[[bytes], list[Diagnostic]]:
    """A linter that wants ``text`` for each match of ``pattern``."""

    def lint_once(content: bytes) -> list[Diagnostic]:
        found = re.finditer(pattern, content.decode("utf-8").removeprefix("\ufeff"))
        return [finding(Edit(match.start(), match.end(), text), safe=safe) for match in found]

    return lint_once


@pytest.mark.parametrize(
    ("findings", "after"),
    [
        ([], "abcdef"),
        ([finding(Edit(1, 3, "X")), finding(Edit(3, 4, "Y"))], "aXYef"),
        ([finding(Edit(3, 4, "Y")), finding(Edit(1, 3, "X"))], "aXYef"),
        ([finding(Edit(0, 0, "<")), finding(Edit(6, 6, ">"))], "<abcdef>"),
        ([finding(Edit(1, 3, "X")), finding(Edit(2, 4, "Y")), finding(Edit(4, 5, "Z"))], "aXdZf"),
        ([finding(Edit(0, 6, "X")), finding(Edit(2, 2, "Y"))], "X"),
        ([finding(Edit(2, 2, "Y")), finding(Edit(0, 6, "X"))], "abYcdef"),
        ([finding(Edit(2, 2, "Y")), finding(Edit(2, 2, "Z"))], "abYcdef"),
        ([finding(Edit(2, 4, "Y")), finding(Edit(4, 4, "Z"))], "abYef"),
        ([finding(Edit(0, 1, "X"), Edit(5, 6, "X")), finding(Edit(4, 6, "Y"), Edit(2, 3, "Y"))], "XbcdeX"),
        ([finding(Edit(0, 2, "X"), Edit(1, 3, "X"))], "abcdef"),
        ([finding(Edit(0, 1, "X"), safe=False), finding(Edit(1, 2, "Y"))], "aYcdef"),
    ],
)
def test_edits_that_do_not_overlap_are_applied_together(findings: list[Diagnostic], after: str) -> None:
    assert fix_text("abcdef", findings, unsafe=False) == after


def test_unsafe_fixes_are_applied_on_demand() -> None:
    findings = [finding(Edit(0, 1, "X"), safe=False), finding(Edit(1, 2, "Y"))]
    assert fix_text("abc", findings, unsafe=True) == "XYc"


@given(
    st.text(min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 4), st.text(max_size=3)), max_size=8),
)
def test_what_no_edit_names_stays(text: str, edits: list[tuple[int, int, str]]) -> None:
    placed = [
        Edit(min(start, len(text)), min(start + size, len(text)), f"\ue000{new}\ue001") for start, size, new in edits
    ]
    after = fix_text(text, [finding(edit) for edit in placed], unsafe=False)
    named = {offset for edit in placed for offset in range(edit.start, edit.end)}
    untouched = "".join(character for offset, character in enumerate(text) if offset not in named)
    rest = iter(re.sub("\ue000[^\ue001]*\ue001", "", after))
    assert all(character in rest for character in untouched)  # in this order
    assert ("\ue000" in after) == bool(placed)


def test_mending_keeps_every_other_byte() -> None:
    result = mend(CARD, replacing("bad", "good"), unsafe=False)
    assert result.after.encode("utf-8") == CARD.replace(b"bad", b"good")
    assert result.before.encode("utf-8") == CARD
    assert (result.changed, result.applied, result.remaining, result.refused) == (True, 5, (), ())


def test_mending_twice_changes_nothing() -> None:
    once = mend(CARD, replacing("bad", "good"), unsafe=False)
    twice = mend(once.after.encode("utf-8"), replacing("bad", "good"), unsafe=False)
    assert (twice.changed, twice.applied, twice.after) == (False, 0, once.after)


def test_what_a_fix_uncovers_is_mended_in_the_next_round() -> None:
    result = mend(b"---\na: xxxx\n---\n", replacing("xx", "x"), unsafe=False)
    assert (result.after, result.applied) == ("---\na: x\n---\n", 3)


def test_unsafe_findings_remain() -> None:
    result = mend(CARD, replacing("bad", "good", safe=False), unsafe=False)
    assert (result.changed, len(result.remaining)) == (False, 5)
    assert mend(CARD, replacing("bad", "good", safe=False), unsafe=True).applied == 5


def test_two_fixes_that_undo_each_other_come_to_an_end() -> None:
    rounds = []

    def lint_once(content: bytes) -> list[Diagnostic]:
        rounds.append(content)
        start = content.index(b":") + 2
        return [finding(Edit(start, start + 1, "b" if content[start : start + 1] == b"a" else "a"))]

    result = mend(b"---\nk: a\n---\n", lint_once, unsafe=False)
    assert not result.changed
    assert (len(result.remaining), len(rounds)) == (1, 3)


@pytest.mark.parametrize("text", [": [", "\tx: y", 'a\n"', "a\na: b", "&x"])
def test_a_fix_that_breaks_the_card_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"---\na: bad\n---\n")
    result = fix_file(path, replacing("bad", text), unsafe=False)
    assert (result.changed, result.applied, result.refused, len(result.remaining)) == (False, 0, ("r",), 1)
    assert path.read_bytes() == b"---\na: bad\n---\n"


def test_mending_one_fault_may_show_the_next() -> None:
    result = mend(b"---\nx: {\n'y\n---\n", replacing("{", "1"), unsafe=False)
    assert (result.changed, result.refused) == (True, ())


def test_a_card_that_is_no_utf_8_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"---\na: \xff\n---\n")
    result = fix_file(path, lambda _content: [], unsafe=True)
    assert not result.changed
    assert result.after.encode("utf-8", "surrogateescape") == path.read_bytes()


def test_without_write_the_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(CARD)
    assert fix_file(path, replacing("bad", "good"), unsafe=False, write=False).changed
    assert path.read_bytes() == CARD


def test_mode_and_links_stay(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.md", tmp_path / "link.md"
    real.write_bytes(CARD)
    real.chmod(0o640)
    link.symlink_to(real)
    fix_file(link, replacing("bad", "good"), unsafe=False)
    assert link.is_symlink()
    assert real.read_bytes() == CARD.replace(b"bad", b"good")
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert names(tmp_path / "real") == ["a.md"]


def test_a_card_that_may_not_be_written_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(CARD)
    monkeypatch.setattr(fixes.os, "access", lambda *_arguments: False)  # root may write everything
    with pytest.raises(CardError, match="cannot be written"):
        fix_file(path, replacing("bad", "good"), unsafe=False)
    assert path.read_bytes() == CARD


@pytest.mark.parametrize("call", ["fsync", "fchmod", "replace"])
def test_a_full_disk_leaves_the_card_as_it_was(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(CARD)

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    if call == "replace":
        monkeypatch.setattr(Path, "replace", full)
    else:
        monkeypatch.setattr(fixes.os, call, full)
    with pytest.raises(CardError) as caught:
        fix_file(path, replacing("bad", "good"), unsafe=False)
    assert str(caught.value) == f"{path}: cannot be written: No space left on device\n  The card is as it was."
    assert path.read_bytes() == CARD
    assert names(tmp_path) == ["a.md"]


def test_a_file_that_outgrows_its_limit_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(CARD)
    code = (
        "import resource, signal, sys\nfrom pathlib import Path\nfrom hubkit.lint.fixes import replace_file\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try:\n    replace_file(Path(sys.argv[1]), b'x' * 100_000)\nexcept OSError as error:\n    print(error.errno)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "27\n"
    assert path.read_bytes() == CARD
    assert names(tmp_path) == ["a.md"]


def test_a_killed_process_leaves_a_whole_card(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    versions = [b"0" * 400_000, b"1" * 400_000]
    path.write_bytes(versions[0])
    code = (
        "import sys\nfrom pathlib import Path\nfrom hubkit.lint.fixes import replace_file\nprint('go', flush=True)\n"
        "while True:\n    for digit in b'10':\n        replace_file(Path(sys.argv[1]), bytes([digit]) * 400_000)\n"
    )
    left = set()
    for number in range(12):
        process = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"go\n"
        time.sleep(0.003 * number + 0.001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        content = path.read_bytes()
        assert content in versions
        left.update(name.startswith(".a.md.") for name in names(tmp_path) if name != "a.md")
    assert left <= {True}  # what is left beside it is hidden, and no card


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"gone\.md: cannot be read"):
        fix_file(tmp_path / "gone.md", lambda _content: [], unsafe=False)
    with pytest.raises(OSError):
        replace_file(tmp_path / "gone.md", b"")


def test_the_difference_can_be_applied(tmp_path: Path) -> None:
    before = "\ufeffa\r\nb\x0cc\x85d\ne\rf\nlast"
    after = "\ufeffa\nb\x0cc\x85D\ne\rf\nlast line"
    path = tmp_path / "a.md"
    path.write_bytes(before.encode("utf-8"))
    difference = unified_diff(before, after, "a.md")
    assert difference.startswith("--- a.md\n+++ a.md\n@@ -1,4 +1,4 @@\n-\ufeffa\r\n")
    assert difference.endswith("-last\n\\ No newline at end of file\n+last line\n\\ No newline at end of file\n")
    subprocess.run(["git", "apply", "-p0", "-"], input=difference.encode("utf-8"), cwd=tmp_path, check=True, timeout=60)
    assert path.read_bytes() == after.encode("utf-8")
