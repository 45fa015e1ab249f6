"""What ``hubkit convert`` prints: one conversion in full, or many as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from hubkit.batch import Converted, Row
from hubkit.cli.summary import conversion_word, parity_lines, receipt_lines, skipped_lines
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.records import ConvertResult
from hubkit.receipts import Status

_HEADINGS = ("status", "name", "network", "seconds", "differs by", "")


def converted_lines(converted: Converted) -> Iterator[str]:
    """One conversion in full."""
    yield converted.row.name
    if converted.receipt is not None:
        yield from receipt_lines(converted.receipt)
    elif converted.result is not None:
        yield from (f"  {line}" for line in result_lines(converted.result))
    else:
        yield f"  {conversion_word(converted.row.status)}: {converted.row.reason}"


def result_lines(result: ConvertResult) -> Iterator[str]:
    """What a worker said: each comparison, the files, and how it ended where that is no pass."""
    yield from parity_lines(result.parity)
    yield from skipped_lines(result.skipped)
    if result.weights.startswith("seeded"):
        yield f"weights: {result.weights}, untrained"
    elif result.passed_over:
        total = result.parameters + result.passed_over
        words = f"{result.passed_over} of its {total} parameters passed over: state of an optimiser"
        yield f"weights: {result.weights}, {words}"
    for file in result.files:
        yield f"{file.path} ({file.size / 1e6:.1f} MB){f': {file.note}' if file.note else ''}"
    if result.status is not ConversionStatus.PASSED:
        yield f"{conversion_word(result.status)}: {result.error}"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as a table, and a line that counts them."""
    cells = [_HEADINGS, *map(_cells, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEADINGS) - 1)]
    for index, row in enumerate(cells):
        padded = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        if index:
            padded[0] = conversion_word(rows[index - 1].status) + " " * (widths[0] - len(row[0]))
        yield "  ".join([*padded, row[-1]]).rstrip()
    counts = Counter(row.status for row in rows)
    told = ", ".join(f"{counts[status]} {status.phrase}" for status in ConversionStatus if counts[status])
    yield f"{len(rows)} conversion{'s' * (len(rows) != 1)}{f': {told}' if told else ''}."


def exit_code(done: Sequence[Converted]) -> int:
    """One conversion's own code; of many 1 where one failed or none passed. A skipped one is no failure among many."""
    if len(done) == 1:
        return _own_code(done[0])
    statuses = [converted.row.status for converted in done]
    fine = all(status in (ConversionStatus.PASSED, ConversionStatus.SKIPPED) for status in statuses)
    return 0 if fine and ConversionStatus.PASSED in statuses else 1


def _own_code(converted: Converted) -> int:
    if converted.row.status is ConversionStatus.PASSED and converted.receipt is not None:
        return 1 if converted.receipt.status is Status.FAILED else 0  # a file of the card may be wrong
    return converted.row.status.exit_code


def _cells(row: Row) -> tuple[str, ...]:
    seconds = f"{row.seconds:.1f}{' (kept)' if row.kept else ''}" if row.seconds else ""
    largest = "" if row.max_abs is None else f"{row.max_abs:.2g}"
    return (row.status.phrase, row.name, row.network, seconds, largest, row.reason.partition("\n")[0])
