"""``hubkit new``."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from hubkit.newcard import QUESTIONS, Question, compose, guesses, new_path, read_checkpoint, write_new


def _questions(function: Callable[..., None]) -> Callable[..., None]:
    """Adds an option for each question, in their order."""
    for question in reversed(QUESTIONS):
        function = click.option(f"--{question.key}", metavar="TEXT", help=f"{question.words}.")(function)
    return function


@click.command("new")
@click.argument("uid")
@click.option(
    "--from-checkpoint",
    "checkpoint_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="A checkpoint: its digest, its size and what its name says are filled in.",
)
@click.option(
    "--cards",
    type=click.Path(path_type=Path),
    default=Path("cards"),
    show_default=True,
    help="The folder of cards.",
)
@_questions
def command(uid: str, checkpoint_file: Path | None, cards: Path, **options: str | None) -> None:
    """Write a new card.

    UID is <publisher>/<MindSpore version>/<model>_<data set>, such as mindspore/1.9/u2net_dutstr. On a terminal you
    are asked for what no option gives. What only you can tell stays a placeholder, and `hubkit lint` reports it.
    """
    path = new_path(cards, uid)
    checkpoint = read_checkpoint(checkpoint_file) if checkpoint_file else None
    known = guesses(uid, checkpoint)
    given = {key.replace("_", "-"): value for key, value in options.items() if value is not None}
    if _on_terminal():
        given = {question.key: given.get(question.key) or _ask(question, known) for question in QUESTIONS}
    text = compose(uid, known | given, checkpoint, datetime.datetime.now().astimezone().date())
    write_new(path, text)
    click.echo(f"{path}: written. `hubkit lint {path}` says what is left to fill in.")


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _ask(question: Question, known: Mapping[str, str]) -> str:
    """The answer; an empty one leaves the field out, or its placeholder in."""
    default = known.get(question.key, "")
    while True:
        answer: str = click.prompt(question.words, default=default, show_default=bool(default), err=True).strip()
        if answer or not question.required:
            return answer
        click.echo("  This must be answered: a card cannot be without it. Ctrl-C ends, and writes nothing.", err=True)
