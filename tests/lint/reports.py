"""A report that is hard to write: every severity, characters that formats treat as their own, and fixes."""

from hubkit.lint.diagnostic import Diagnostic, Edit, Fix, Report, Severity


def finding(
    path: str = "cards/a.md",
    *,
    rule: str = "digest-form",
    severity: Severity = Severity.ERROR,
    message: str = "wrong",
    hint: str = "",
    source_line: str = "key: value",
    end_line: int = 3,
    fix: Fix | None = None,
) -> Diagnostic:
    return Diagnostic(path, 3, 6, end_line, 11, rule, severity, message, hint, source_line, fix)


SAFE = Fix((Edit(10, 15, "中文"), Edit(20, 20, "new")), safe=True)
UNSAFE = Fix((Edit(1, 2, ""),), safe=False)

REPORT = Report(
    (
        finding(hint="Mend it.", fix=SAFE),
        finding(rule="license-spdx", severity=Severity.WARNING, message='50% <b> & "q" \r\n::error::x', fix=UNSAFE),
        finding("a:b,c%/\udcff d?#é.md", message="control \x00\x1b[31m\x85\udcff\u2028 中", source_line="\x07]]>"),
        finding("/abs/a.md", rule="made-up", severity=Severity.INFO, end_line=5),
    ),
    7,
)
EMPTY = Report((), 1)
