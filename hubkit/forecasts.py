"""``hubkit convert --check``: what conversions of cards, networks and MINDIR files would give; nothing is written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from hubkit import __version__
from hubkit.batch import Target
from hubkit.card.model import load_card
from hubkit.conversion_status import ConversionStatus
from hubkit.convert.forecast import Forecast
from hubkit.convert.pipeline import forecast
from hubkit.convert.records import ConvertJob, OnnxOptions, to_json
from hubkit.errors import ConvertError, HubkitError
from hubkit.nets import find
from hubkit.network_choice import choose_network, code_of, kept_commit
from hubkit.pool import run_all
from hubkit.verification import VerifyOptions, code_before, previous_receipt

FORMAT = 1

Say = Callable[[str, str], None]
"""Called with a name and a line of progress."""


def forecast_all(
    targets: Iterable[Target], cards: Path, options: VerifyOptions, *, jobs: int, say: Say
) -> tuple[Forecast, ...]:
    """Forecast each target in a worker process of its own, ``jobs`` at a time, by name."""

    def one(target: Target, stop: threading.Event) -> Forecast:
        def tell(line: str) -> None:
            say(target.name, line)

        if target.wrong:
            return Forecast(target.name, ConversionStatus.SKIPPED, target.why)
        try:
            job = _job(target, cards, options, tell)
            return forecast(job, target.name, progress=tell, limits=options.limits, stop=stop)
        except HubkitError as error:
            if stop.is_set():
                raise
            return Forecast(target.name, ConversionStatus.SKIPPED, str(error))

    return tuple(sorted(run_all(targets, one, jobs=jobs), key=lambda found: found.name))


def forecast_file(path: Path, formats: Sequence[str], options: OnnxOptions) -> Forecast:
    """Forecast a MINDIR file, without MindSpore, as it would be converted to ``formats`` by ``options``.

    Raises ConvertError where it is none.
    """
    from hubkit.convert.binary import no_file
    from hubkit.convert.foresee import forecast_mindir

    if not path.is_file():
        raise ConvertError(f"{path}: {no_file(path)}", hint="Name a MINDIR, the uid of a card, or a network.")
    return forecast_mindir(path, str(path), formats=formats, options=options)


def document(forecasts: Sequence[Forecast]) -> dict[str, Any]:
    """The forecasts as one JSON document, by ``schema/forecasts.schema.json``."""
    return {
        "format": FORMAT,
        "generator": f"hubkit {__version__}",
        "forecasts": [{**to_json(one), "would_convert": one.would_convert} for one in forecasts],
    }


def _job(target: Target, cards: Path, options: VerifyOptions, tell: Callable[[str], None]) -> ConvertJob:
    if target.card is None:
        return ConvertJob(
            find(target.name).name,
            options.out,
            "forecast",
            seed=options.seed,
            formats=options.formats,
            onnx=options.onnx,
        )
    card = load_card(target.card, cards)
    before = code_before(previous_receipt(options.out, card.uid))
    code = code_of(card, options.code, before)
    if kept := kept_commit(card, code, before, options.code):
        tell(kept)
    choice = choose_network(card, options.code, code)
    for line in choice.about():
        tell(line)
    return ConvertJob(
        target_dir=options.out,
        stem="forecast",
        seed=options.seed,
        formats=options.formats,
        onnx=options.onnx,
        **choice.fields(),
    )
