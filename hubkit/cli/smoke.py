"""``hubkit smoke``."""

from __future__ import annotations

from pathlib import Path

import click

from hubkit.card.find import card_path
from hubkit.card.model import Card, load_card
from hubkit.cli.options import (
    cards_option,
    code_options,
    evidence_option,
    fetch_options,
    offline_option,
    out_option,
    seed_option,
    trust_option,
)
from hubkit.cli.summary import conversion_word, difference, skipped_lines
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.binary import no_file
from hubkit.convert.pipeline import smoke
from hubkit.convert.records import RUNNABLE, SUFFIXES, ConvertJob, ConvertResult
from hubkit.errors import ConvertError, FetchError
from hubkit.nets import find
from hubkit.network_choice import NetworkChoice, choose_network, code_of
from hubkit.repos.errors import UntrustedError
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.content import Kind, check_file
from hubkit.store.fetch import fetch
from hubkit.verification import code_before, previous_receipt

_MADE = (".mindir", ".onnx")
_WEIGHTS = (".ckpt", ".safetensors")


@click.command("smoke")
@click.argument("source", metavar="UID|CKPT")
@click.option("--network", help="The network that a CKPT belongs to, such as u2net.")
@cards_option
@evidence_option
@out_option
@seed_option
@offline_option
@trust_option
@click.pass_context
def command(
    context: click.Context,
    source: str,
    network: str | None,
    cards: Path,
    evidence: Path | None,
    out: Path,
    seed: int,
    offline: bool,
    trust_repo: bool,
) -> None:
    """Run converted files again and compare them with the network.

    The MINDIR and ONNX files that hubkit convert wrote for a card's UID or for a CKPT are run on seeded inputs
    beside the network in MindSpore. Exit status: 0 they agree, 1 they do not, 2 could not run.
    """
    if Path(source).suffix in _WEIGHTS:
        if network is None:
            raise click.UsageError("A CKPT needs --network: the name of the network whose parameters it holds.")
        if not Path(source).is_file():
            raise ConvertError(f"{source}: {no_file(Path(source))}", hint="Name a checkpoint, or the uid of a card.")
        choice, folder = NetworkChoice(find(network).name), Path(Path(source).stem)
        checkpoint: Path | None = Path(source)
    else:
        _refuse_file(source, network)
        card = load_card(card_path(cards, source), cards)
        options = code_options(offline=offline, trust_repo=trust_repo)
        code = code_of(card, options, code_before(previous_receipt(out, card.uid)))
        try:
            choice, folder = choose_network(card, options, code), Path(card.uid)
        except UntrustedError as error:
            click.echo(f"skipped: {error}")
            context.exit(1)
        checkpoint = _checkpoint(card, offline)
    if checkpoint is None:
        click.echo(f"note: untrained weights (seed {seed}): the checkpoint could not be fetched", err=True)
    models = out / "models" / folder
    files = {kind: path for kind in RUNNABLE if (path := models / f"{folder.name}{SUFFIXES[kind]}").is_file()}
    if not files:
        raise ConvertError(
            f"{out / 'models' / folder}: no converted files here", hint=f"Run hubkit convert {source} first."
        )
    job = ConvertJob(
        target_dir=out, stem=folder.name, checkpoint=checkpoint, seed=seed, formats=tuple(files), **choice.fields()
    )
    for line in choice.about():
        click.echo(line, err=True)
    result = smoke(job, files, progress=lambda line: click.echo(line, err=True), evidence=evidence)
    _show(result)
    context.exit(result.status.exit_code)


def _refuse_file(source: str, network: str | None) -> None:
    """Raise UsageError where ``source`` is a file, or a network, and neither a card nor a CKPT."""
    if Path(source).is_file() or Path(source).suffix in _MADE:
        raise click.UsageError(
            f"{source} is a file: name the UID of its card, or the CKPT that it was made of with --network. "
            "Their files are looked for in --out; `hubkit convert` compares a MINDIR with its ONNX file."
        )
    if network is not None:
        raise click.UsageError("--network goes with a CKPT; a card names its network itself.")


def _checkpoint(card: Card, offline: bool) -> Path | None:
    """The card's verified checkpoint; None where it cannot be had, as it was for the conversion."""
    store = BlobStore(default_root())
    for asset in card.assets:
        if asset.file_format == "ckpt":
            try:
                path = fetch(asset.link, asset.sha256, store, fetch_options(offline=offline)).path
                check_file(path, Kind.CKPT)
                return path
            except FetchError as error:
                click.echo(f"{card.uid}: {error.message}", err=True)
    return None


def _show(result: ConvertResult) -> None:
    for pair in result.parity:
        verdict = "agrees" if pair.passed else "DIFFERS"
        batch = f", batch {pair.batch}" if pair.batch != 1 else ""
        click.echo(
            f"{pair.candidate} {verdict} with {pair.reference}{batch}: {difference(pair.bit_equal, pair.max_abs)}"
        )
    for line in skipped_lines(result.skipped):
        click.echo(line)
    for runtime, taken in result.inference_seconds.items():
        click.echo(f"{runtime}: {taken:.3f} s a run")
    if result.status is not ConversionStatus.PASSED:
        click.echo(f"{conversion_word(result.status)}: {result.error}", err=True)
