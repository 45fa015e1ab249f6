"""``hubkit find``."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from hubkit.cli.folders import cards_option, catalogue_option, offline_option, out_option
from hubkit.client.find import Found, Wanted, search
from hubkit.client.pull import HubPlace, fetch_options
from hubkit.site.tasks import field_label, field_of, task_name
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root

_HEADS = ("model", "task", "trained on", "measured", "standing")
_GAP = "  "
_LEAST = 8
_WHOLE = 10_000  # nothing is cut where there is no terminal


@click.command("find")
@click.argument("words", nargs=-1)
@click.option("--task", default="", help="A field or a task: cv, cv-object_detection, 'object detection'.")
@click.option("--dataset", default="", help="What the model was trained on.")
@click.option("--mindspore", "version", metavar="VERSION", default="", help="The version of MindSpore in the uid.")
@click.option("--format", "kind", default="", help="A format that the model can be had in, such as onnx.")
@click.option("--verified", is_flag=True, help="Only models of which every claim was verified.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="So many models at most.")
@cards_option
@out_option
@catalogue_option
@offline_option
@click.option("--json", "as_json", is_flag=True, help="Print an object a model, one a line.")
@click.pass_context
def command(
    context: click.Context,
    words: tuple[str, ...],
    task: str,
    dataset: str,
    version: str,
    kind: str,
    verified: bool,
    limit: int,
    cards: Path,
    out: Path,
    catalogue: str,
    offline: bool,
    as_json: bool,
) -> None:
    """Find models by words.

    A model is found by its name and the parts of it, by what short forms in it stand for, its task, data set, metrics,
    author and summary; it must have all WORDS, and what suits best comes first. Without words all models are listed. Of
    each the newest card is shown, by the uid that `hubkit pull` takes. Exit status: 0 done, 1 nothing was found, 2
    could not run.
    """
    query = " ".join(words)
    hub = HubPlace(cards, out, catalogue).open(BlobStore(default_root()), fetch_options(offline))
    finding = search(hub, query, Wanted(task, dataset, version, kind, verified))
    for word, near in finding.instead:
        click.echo(f"no model has {word!r}; these have {near!r}", err=True)
    shown = finding.found[:limit]
    if as_json:
        for hit in shown:
            click.echo(json.dumps({**dataclasses.asdict(hit.listing), "versions": hit.versions}, ensure_ascii=False))
    elif shown:
        for line in _table(shown):
            click.echo(line)
    if not finding.found:
        click.echo(f"no model in {hub.name} is what you ask for: try fewer words or options", err=True)
    elif len(shown) < len(finding.found):
        click.echo(f"{len(finding.found) - limit:,} more: --limit {len(finding.found)} shows them all", err=True)
    context.exit(0 if finding.found else 1)


def _table(found: Sequence[Found]) -> Iterator[str]:
    """A line a model; what is too long for the terminal is cut, but for the uid."""
    rows = [
        (
            hit.listing.uid,
            task_name(hit.listing.task) or field_label(field_of(hit.listing.task)),
            hit.listing.dataset,
            hit.listing.evaluation,
            hit.listing.status,
        )
        for hit in found
    ]
    widths = [max(len(row[column]) for row in (_HEADS, *rows)) for column in range(len(_HEADS))]
    room = shutil.get_terminal_size((_WHOLE, 24)).columns - len(_GAP) * (len(_HEADS) - 1)
    for column in (3, 2, 1):
        widths[column] = max(min(widths[column], _LEAST), widths[column] - max(0, sum(widths) - room))
    for number, row in enumerate((_HEADS, *rows)):
        cells = [row[0].ljust(widths[0]), *(_cut(text, width) for text, width in zip(row[1:], widths[1:], strict=True))]
        line = _GAP.join(cells).rstrip()
        yield click.style(line, bold=True) if number == 0 else line


def _cut(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else f"{text[: width - 1]}…"
