"""``hubkit convert``."""

from __future__ import annotations

import threading
from pathlib import Path

import click

from hubkit.card.find import card_path
from hubkit.card.model import load_card
from hubkit.cli.convert_mindir import convert_mindir_file
from hubkit.cli.options import (
    cards_option,
    formats_option,
    offline_option,
    out_option,
    seed_option,
    trust_option,
    verify_options,
)
from hubkit.cli.summary import conversion_word, difference, receipt_lines
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.pipeline import run
from hubkit.convert.records import ConvertJob
from hubkit.errors import ConvertError
from hubkit.nets import find
from hubkit.receipts import Receipt, Status, Step
from hubkit.store.digest import DigestCache, sha256_file
from hubkit.verification import verify


@click.command("convert")
@click.argument("source", metavar="UID|CKPT|MINDIR|NETWORK")
@formats_option
@click.option("--network", help="The network that a CKPT belongs to, such as u2net.")
@cards_option
@out_option
@seed_option
@offline_option
@trust_option
@click.option("--strict", is_flag=True, help="Fail where the published checkpoint cannot be fetched.")
@click.pass_context
def command(
    context: click.Context,
    source: str,
    formats: tuple[str, ...],
    network: str | None,
    cards: Path,
    out: Path,
    seed: int,
    offline: bool,
    trust_repo: bool,
    strict: bool,
) -> None:
    """Convert a checkpoint and prove that all runtimes agree.

    UID is a card, whose checkpoint is fetched and verified first; CKPT is a checkpoint file, which needs --network.
    The network is exported as MINDIR, lowered to ONNX, checked, and run in MindSpore, as MINDIR and in ONNX Runtime
    on the same inputs. A file is only written where they agree. MINDIR is a .mindir file, which becomes ONNX without
    MindSpore; where that is not installed, nothing is compared, and the output says so. NETWORK is one of an installed
    package, such as mindcv:resnet18, with weights made from the seed. Exit status: 0 done, 1 not converted, 2 could
    not run or no verdict: the worker process crashed, took too long or ran out of memory.
    """
    if Path(source).suffix == ".mindir":
        convert_mindir_file(context, Path(source), network, formats, out, seed)
        return
    if Path(source).suffix == ".ckpt":
        _convert_file(context, Path(source), network, tuple(dict.fromkeys(formats)), out, seed)
        return
    if _is_network(source, cards):
        stem = source.replace(":", "_")
        _convert(context, ConvertJob(source, out / "models" / stem, stem, seed=seed, formats=formats))
        return
    if network is not None:
        raise click.UsageError("--network goes with a CKPT; a card names its network itself.")
    path = card_path(cards, source)
    options = verify_options(out, offline=offline, seed=seed, strict=strict, formats=formats, trust_repo=trust_repo)
    digests = DigestCache(out / ".digests.json")
    receipt = verify(
        load_card(path, cards),
        sha256_file(path),
        Step("lint", Status.SKIPPED, "convert does not lint; run hubkit lint"),
        options,
        digests,
        say=lambda line: click.echo(line, err=True),
        stop=threading.Event(),
    )
    digests.save()
    click.echo(receipt.uid)
    for line in receipt_lines(receipt):
        click.echo(line)
    context.exit(_exit_code(receipt))


def _exit_code(receipt: Receipt) -> int:
    """The conversion's own exit code; 1 where it passed but a file of the card is wrong."""
    if receipt.conversion is None or receipt.conversion is ConversionStatus.PASSED:
        return 1 if receipt.status is Status.FAILED or not receipt.models else 0
    return receipt.conversion.exit_code


def _convert_file(
    context: click.Context, checkpoint: Path, network: str | None, formats: tuple[str, ...], out: Path, seed: int
) -> None:
    if network is None:
        raise click.UsageError("A CKPT needs --network: the name of the network whose parameters it holds.")
    if not checkpoint.is_file():
        raise ConvertError(f"{checkpoint}: no such file", hint="Name a checkpoint, or the uid of a card.")
    job = ConvertJob(
        network=network,
        target_dir=out / "models" / checkpoint.stem,
        stem=checkpoint.stem,
        checkpoint=checkpoint,
        seed=seed,
        formats=formats,
    )
    _convert(context, job)


def _is_network(source: str, cards: Path) -> bool:
    """Whether ``source`` names a network and no card; a name with a colon can only be meant for a network."""
    if ":" in source:
        return True
    if "/" in source or (cards / f"{source}.md").exists():
        return False
    try:
        find(source)
    except ConvertError:
        return False
    return True


def _convert(context: click.Context, job: ConvertJob) -> None:
    result = run(job, progress=lambda line: click.echo(line, err=True))
    for pair in result.parity:
        click.echo(f"{pair.candidate} against {pair.reference}: {difference(pair.bit_equal, pair.max_abs)}")
    if job.checkpoint is None:
        click.echo(f"weights: {result.weights}, untrained")
    for file in result.files:
        click.echo(f"{file.path} ({file.size / 1e6:.1f} MB)")
    if result.status is not ConversionStatus.PASSED:
        click.echo(f"{conversion_word(result.status)}: {result.error}", err=True)
    context.exit(result.status.exit_code)
