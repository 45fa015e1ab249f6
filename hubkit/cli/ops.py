"""``hubkit ops``."""

from __future__ import annotations

import dataclasses
import json
import textwrap
from collections.abc import Iterator, Sequence

import click

from hubkit.convert.operators import Operator, operators
from hubkit.convert.rewrites import REWRITES

_WIDTH = 100


@click.command("ops")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(ctx: click.Context, name: str | None, as_json: bool) -> None:
    """List the operators that convert to ONNX, with their limits.

    NAME is an operator of MindIR or of ONNX, or a part of its name; without it all are listed. Operators without an
    ONNX form are shown where there is a known way to write a network without them. Exit status: 0 done, 1 there is no
    such operator.
    """
    wanted = (name or "").lower()
    found = [operator for operator in operators() if wanted in operator.name.lower() or wanted in operator.onnx.lower()]
    without = {op: rewrite for op, rewrite in sorted(REWRITES.items()) if wanted in op.lower()}
    if as_json:
        document = {"operators": [dataclasses.asdict(operator) for operator in found], "rewrites": without}
        click.echo(json.dumps(document, indent=2, ensure_ascii=True))
    else:
        for line in (_pages(found) if name else _table(found)) if found else ():
            click.echo(line)
        for op, rewrite in without.items():
            click.echo(textwrap.fill(f"{op} has no ONNX form. {rewrite}", _WIDTH, subsequent_indent="  "))
    if not found and not without:
        click.echo(f"No operator's name has {name!r} in it: `hubkit ops` lists all.", err=True)
        ctx.exit(1)


def _table(found: Sequence[Operator]) -> Iterator[str]:
    """A line an operator: its name, its family, its ONNX form."""
    rows = [(operator.name, operator.family, operator.onnx) for operator in found]
    heads = ("operator", "family", "ONNX form")
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(2)]
    for index, (name, family, onnx) in enumerate((heads, *rows)):
        line = f"{name.ljust(widths[0])}  {family.ljust(widths[1])}  {onnx}"
        yield click.style(line, bold=True) if index == 0 else line


def _pages(found: Sequence[Operator]) -> Iterator[str]:
    """All that is known of each operator."""
    for operator in found:
        yield click.style(operator.name, bold=True) + f" ({operator.family})"
        lines = {"arguments": operator.signature, "computes": operator.meaning, "ONNX": operator.onnx}
        for head, text in {**lines, "limits": operator.limits}.items():
            if text:
                yield textwrap.fill(text, _WIDTH, initial_indent=f"  {head}:".ljust(14), subsequent_indent=" " * 14)
