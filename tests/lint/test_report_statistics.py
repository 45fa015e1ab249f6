"""Counts a rule."""

from __future__ import annotations

from hubkit.lint.diagnostic import Report, Severity
from hubkit.lint.report import FORMATS
from tests.lint.reports import EMPTY, SAFE, UNSAFE, finding


def test_the_worst_and_most_frequent_come_first() -> None:
    many = [finding(rule="broken", fix=SAFE)] * 1200
    some = [finding(rule="odd", fix=fix) for fix in (SAFE, UNSAFE, None)]
    note = [finding(rule="new", severity=Severity.INFO)] * 5
    warnings = [finding(rule=rule, severity=Severity.WARNING) for rule in ("b", "a")]
    assert FORMATS["statistics"](Report((*note, *warnings, *some, *many), 9)) == (
        "1,200 * error   broken\n"
        "    3 - error   odd\n"
        "    1   warning a\n"
        "    1   warning b\n"
        "    5   info    new\n"
        "\n"
        "1,201 of 1,210 findings can be mended with --fix, 1 more with --unsafe-fixes (* all of a rule's, - some)\n"
    )


def test_nothing_fixable_is_not_spoken_of() -> None:
    assert FORMATS["statistics"](Report((finding(rule="a"),), 1)) == "1   error   a\n"


def test_no_findings() -> None:
    assert FORMATS["statistics"](EMPTY) == "1 card checked: no findings\n"
