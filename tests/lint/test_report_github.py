"""GitHub annotations."""

from __future__ import annotations

from hubkit.lint.report import FORMATS
from tests.lint.reports import EMPTY, REPORT


def test_each_finding_is_one_command() -> None:
    first, second, third, fourth = FORMATS["github"](REPORT).split("\n")[:-1]
    assert first == "::error file=cards/a.md,line=3,endLine=3,col=6,title=hubkit (digest-form)::wrong%0AMend it."
    assert second == (
        '::warning file=cards/a.md,line=3,endLine=3,col=6,title=hubkit (license-spdx)::50%25 <b> & "q" %0D%0A::error::x'
    )
    assert third == (
        "::error file=a%3Ab%2Cc%25/\ufffd d?#é.md,line=3,endLine=3,col=6,title=hubkit (digest-form)::"
        "control \ufffd\ufffd[31m\ufffd\ufffd\u2028 中"
    )
    assert fourth == "::notice file=/abs/a.md,line=3,endLine=5,col=6,title=hubkit (made-up)::wrong"


def test_no_finding_is_no_command() -> None:
    assert FORMATS["github"](EMPTY) == ""
