"""``hubkit new``."""

from __future__ import annotations

import datetime
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from hubkit.errors import CardError
from hubkit.newcard import QUESTIONS, Question, check_value, compose, guesses, new_path, read_checkpoint, write_new


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
    are asked for what no option gives. What only you can tell stays a placeholder, and `hubkit lint` reports it. Exit
    status: 0 done, 2 nothing was written.
    """
    path = new_path(cards, uid)
    checkpoint = read_checkpoint(checkpoint_file) if checkpoint_file else None
    known = guesses(uid, checkpoint)
    given = {key.replace("_", "-"): value for key, value in options.items() if value is not None}
    today = datetime.datetime.now().astimezone().date()
    for key, value in given.items():
        check_value(uid, key, value)  # before anything is asked
    if not _on_terminal():
        write_new(path, compose(uid, known | given, checkpoint, today))
    else:
        answers = dict(given)
        try:
            for question in QUESTIONS:
                if not answers.get(question.key):
                    answers[question.key] = _ask(question, known, uid)
            write_new(path, compose(uid, known | answers, checkpoint, today))
        except (CardError, click.Abort, KeyboardInterrupt):
            click.echo("\nWith these answers it goes on from here:", err=True)
            click.echo(f"  {_command_line(uid, cards, checkpoint_file, answers)}", err=True)
            raise
    click.echo(f"{path}: written. `hubkit lint {path}` says what is left to fill in.")


def _on_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _ask(question: Question, known: Mapping[str, str], uid: str) -> str:
    """The answer, which the card can hold; an empty one leaves the field out, or its placeholder in."""
    default = known.get(question.key, "")
    while True:
        answer: str = click.prompt(question.words, default=default, show_default=bool(default), err=True).strip()
        if not answer and question.required:
            click.echo(
                "  This must be answered: a card cannot be without it. Ctrl-C ends, and writes nothing.", err=True
            )
            continue
        try:
            check_value(uid, question.key, answer)
        except CardError as error:
            click.echo(f"  {error}", err=True)
            continue
        return answer


def _command_line(uid: str, cards: Path, checkpoint: Path | None, answers: Mapping[str, str]) -> str:
    options = {"cards": str(cards)} | ({"from-checkpoint": str(checkpoint)} if checkpoint else {}) | dict(answers)
    return shlex.join(["hubkit", "new", uid, *(f"--{key}={value}" for key, value in options.items() if value)])
