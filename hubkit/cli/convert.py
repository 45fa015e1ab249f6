"""``hubkit convert``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from hubkit.batch import Target, card_targets, convert_all, document, named_target, shard
from hubkit.cli.amounts import SIZE, Part
from hubkit.cli.conversions import converted_lines, exit_code, table
from hubkit.cli.convert_ckpt import convert_checkpoint
from hubkit.cli.convert_mindir import convert_mindir_file, mindir_formats
from hubkit.cli.convert_usage import refuse_other_file, refuse_without_effect, refuse_without_format
from hubkit.cli.forecast_text import forecast_lines
from hubkit.cli.onnx_options import onnx_options
from hubkit.cli.options import (
    cards_option,
    evidence_option,
    formats_option,
    offline_option,
    out_option,
    renew_option,
    seed_option,
    trust_option,
    verify_options,
)
from hubkit.cli.reports import Output, Outputs, write_reports
from hubkit.convert.limits import Limits
from hubkit.convert.records import OnnxOptions
from hubkit.errors import ConvertError
from hubkit.forecasts import document as forecasts_document
from hubkit.forecasts import forecast_all, forecast_file

_OUTPUTS = ("json",)
_FILES = (".mindir", ".ckpt", ".safetensors")


@click.command("convert")
@click.argument("sources", metavar="UID|NETWORK|CKPT|MINDIR...", nargs=-1)
@formats_option
@onnx_options
@click.option("--network", help="The network that a CKPT belongs to, such as u2net.")
@click.option("--checkpoint", type=click.Path(path_type=Path), help="The weights of a NETWORK: a CKPT.")
@cards_option
@click.option("--all", "all_cards", is_flag=True, help="Every card of --cards.")
@click.option("--check", is_flag=True, help="Only tell what would come of it; write nothing.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="How many at a time, each in one process; one that is converted alone may take two.",
)
@click.option("--resume", is_flag=True, help="Leave what failed before as it is too, where nothing has changed.")
@click.option("--shard", "part", type=Part(), metavar="K/N", help="Only the K-th of N parts of what was asked for.")
@click.option("--time-limit", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="For each of them.")
@click.option("--memory-limit", type=SIZE, help="For each of them, such as 4GB.")
@click.option(
    "--output",
    "outputs",
    multiple=True,
    type=Output(_OUTPUTS),
    help="Report to a file, - for standard output; may be repeated. FORMAT is json.",
)
@evidence_option
@out_option
@seed_option
@offline_option
@trust_option
@renew_option
@click.option("--strict", is_flag=True, help="Fail where the published checkpoint cannot be fetched.")
@click.pass_context
def command(
    context: click.Context,
    sources: tuple[str, ...],
    formats: tuple[str, ...],
    onnx: OnnxOptions,
    network: str | None,
    checkpoint: Path | None,
    cards: Path,
    all_cards: bool,
    check: bool,
    jobs: int,
    resume: bool,
    part: tuple[int, int] | None,
    time_limit: float | None,
    memory_limit: float | None,
    outputs: Outputs,
    evidence: Path | None,
    out: Path,
    seed: int,
    offline: bool,
    trust_repo: bool,
    renew_code: bool,
    strict: bool,
) -> None:
    """Convert a checkpoint and prove that all runtimes agree.

    UID is a card, whose checkpoint is fetched and verified first; CKPT is a checkpoint or a safetensors file, which
    needs --network.
    The network is exported as MINDIR, lowered to ONNX, checked, and run in MindSpore, as MINDIR and in ONNX Runtime
    on the same inputs. A file is only written where they agree. NETWORK is the name of a network, such as u2net or, of
    an installed package, mindcv:resnet18, which gets weights from --seed. MINDIR is a .mindir file, which becomes ONNX
    without MindSpore; where that is not installed, nothing is compared, and the output says so.

    Several are converted each in a process of its own, and become a table: whatever happens to one stops no other.
    What passed before and has not changed is not done again. Exit status: 0 done, 1 not converted, 2 could not run or,
    of a single one, no verdict: its process crashed, took too long or ran out of memory.

    With --check, for networks, cards and MINDIR files: which operators have no ONNX form, where they stand and what to
    write instead, which axes would be open, and how large the files would be. Exit status: 0 all would convert, 1 one
    would not.
    """
    memory = None if memory_limit is None else int(memory_limit)
    if check:
        refuse_without_effect(context, "--check")
    if checkpoint is not None:
        if network is not None:
            raise click.UsageError("--checkpoint goes with one NETWORK, named without --network.")
        if len(sources) != 1 or all_cards:
            raise click.UsageError("--checkpoint goes with one NETWORK.")
        network, sources = sources[0], (str(checkpoint),)
    files = [Path(source) for source in sources if Path(source).suffix in _FILES or checkpoint is not None]
    if check and any(file.suffix != ".mindir" for file in files):
        raise click.UsageError("--check looks at networks, not at weights: name the network of the CKPT.")
    if files and not check:
        if len(sources) > 1 or all_cards:
            raise click.UsageError(
                "A CKPT or a MINDIR is converted alone; a NETWORK's own CKPT goes with --checkpoint."
            )
        if outputs or part:
            option = "--output" if outputs else "--shard"
            raise click.UsageError(f"{option} is for networks and cards; a CKPT or a MINDIR is converted alone.")
        is_mindir = files[0].suffix == ".mindir" and checkpoint is None
        refuse_without_effect(context, "a MINDIR" if is_mindir else "a CKPT")
        if is_mindir:
            convert_mindir_file(context, files[0], network, formats, onnx, out, seed)
        else:
            refuse_without_format(context, formats)
            limits = Limits(seconds=time_limit, memory=memory)
            convert_checkpoint(context, files[0], network, formats, onnx, out, seed, limits, evidence)
        return
    if network is not None:
        raise click.UsageError("--network goes with a CKPT; a card names its network itself.")
    if sources and all_cards:
        raise click.UsageError("--all stands for every card of --cards: name nothing beside it.")
    if not sources and not all_cards:
        raise click.UsageError("Name what to convert, or all cards with --all.")
    if not files:
        refuse_without_format(context, formats)
    named = [name for name in sources if Path(name) not in files]
    targets = card_targets(cards) if all_cards else tuple({named_target(name, cards): None for name in named})
    several = all_cards or len(sources) > 1
    if not several and any(target.wrong for target in targets):
        refuse_other_file(named[0])
        raise ConvertError(targets[0].wrong, hint=targets[0].hint)
    if part is not None:
        targets = shard(targets, *part)
    several = all_cards or len(sources) > 1
    processes = 1 if several else None
    limits = Limits(seconds=time_limit, memory=memory, threads=_threads(targets, jobs), processes=processes)
    options = verify_options(
        out,
        offline=offline,
        seed=seed,
        strict=strict,
        formats=formats,
        resume=resume,
        limits=limits,
        evidence=evidence,
        onnx=onnx,
        trust_repo=trust_repo,
        renew_code=renew_code,
    )

    def say(name: str, line: str) -> None:
        click.echo(f"{name}: {line}" if several else line, err=True)

    if check:
        of_files = mindir_formats(context, formats) if files else ()
        found = [forecast_file(file, of_files, onnx) for file in files]
        found += forecast_all(targets, cards, options, jobs=jobs, say=say)
        _report([line for one in found for line in forecast_lines(one)], forecasts_document(found), outputs)
        context.exit(0 if all(one.would_convert for one in found) else 1)
    done = convert_all(
        targets, cards, options, jobs=jobs, say=say, finished=lambda one: say(one.row.name, one.row.status.phrase)
    )
    rows = [converted.row for converted in done]
    _report(table(rows) if several or not done else converted_lines(done[0]), document(rows), outputs)
    # Many of all cards may have no network that hubkit knows; what was asked for by its name is not there.
    context.exit(1 if any(target.wrong for target in targets) else exit_code(done) if done else 0)


def _report(lines: Iterable[str], report: dict[str, Any], outputs: Outputs) -> None:
    """Print ``lines``, where no report goes to standard output, and write ``report``."""
    if all(target is not None for _, target in outputs):
        for line in lines:
            click.echo(line)
    write_reports({"json": json.dumps(report, indent=2, ensure_ascii=False) + "\n"}, outputs)


def _threads(targets: tuple[Target, ...], jobs: int) -> int | None:
    """How many threads each worker gets, so that they share the cores; None where there is only one worker."""
    together = min(jobs, len(targets))
    return max(1, len(os.sched_getaffinity(0)) // together) if together > 1 else None
