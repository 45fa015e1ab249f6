"""How many findings each rule has, for a hub that decides what to mend first."""

from __future__ import annotations

from collections import Counter

from hubkit.lint.diagnostic import Report, Severity

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def write(report: Report) -> str:
    """A line a rule, the worst and most frequent first: count, mark, severity, rule; then what the marks mean.

    ``*`` marks rules of which every finding can be mended by ``--fix``, ``-`` those of which some can (or which need
    ``--unsafe-fixes``).
    """
    counts = Counter((diagnostic.severity, diagnostic.rule) for diagnostic in report.diagnostics)
    if not counts:
        return f"{report.files} card{'s' * (report.files != 1)} checked: no findings\n"
    safe: Counter[str] = Counter()
    fixable: Counter[str] = Counter()
    for diagnostic in report.diagnostics:
        if diagnostic.fix is not None:
            fixable[diagnostic.rule] += 1
            safe[diagnostic.rule] += diagnostic.fix.safe
    width = max(len(f"{count:,}") for count in counts.values())
    rows = sorted(counts.items(), key=lambda item: (_ORDER.index(item[0][0]), -item[1], item[0][1]))
    lines = []
    for (severity, rule), count in rows:
        mark = "*" if safe[rule] == count else "-" if fixable[rule] else " "
        lines.append(f"{count:>{width},} {mark} {severity.value:<7} {rule}")
    if fixable:
        mended = f"{safe.total():,} of {counts.total():,} findings can be mended with --fix"
        more = fixable.total() - safe.total()
        lines += ["", f"{mended}, {more:,} more with --unsafe-fixes (* all of a rule's, - some)"]
    return "\n".join(lines) + "\n"
