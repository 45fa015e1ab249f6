"""The command line. A verb is a module here; it is imported when it is called, so that the others cost nothing."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click
from click.core import ParameterSource

from hubkit import __version__
from hubkit.errors import HubkitError

# The verb -> what `hubkit --help` says of it; a test compares it with the verb's own help.
VERBS: dict[str, str] = {
    "lint": "Check model cards.",
    "rules": "List the rules of the linter, or show the manual of one.",
    "new": "Write a new card.",
    "links": "Check that the links of cards lead somewhere.",
    "find": "Find models by words.",
    "pull": "Pull one verified file of a model.",
    "lock": "Write down which files a project uses.",
    "fetch": "Fetch and verify the files that cards name.",
    "verify": "Hash again what is stored, and find what is wrong.",
    "cache": "Show what is stored, and remove it.",
    "inspect": "Show what a model file holds.",
    "ops": "List the operators that convert to ONNX, with their limits.",
    "convert": "Convert a checkpoint and prove that all runtimes agree.",
    "smoke": "Run converted files again and compare them with the network.",
    "build": "Verify every card of a folder and publish the catalogue.",
    "site": "Build the catalogue, or show it.",
}


class _Verbs(click.Group):
    """A group whose commands are modules, imported on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = import_module(f"hubkit.cli.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"hubkit.cli.{cmd_name}.command is no click command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            import difflib

            nearest = difflib.get_close_matches(args[0], VERBS, n=1)
            hint = f" Did you mean {nearest[0]!r}?" if nearest else ""
            ctx.fail(f"No such command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="hubkit", message="%(prog)s %(version)s")
def cli() -> None:
    """The toolkit a model hub runs on: check cards, verify files, convert models, publish the catalogue."""


def _where(error: OSError) -> str:
    """What the system refused, as far as is known."""
    if error.filename:
        return f"{os.fsdecode(error.filename)}: "
    try:
        Path.cwd()
    except OSError:
        return "the folder in which hubkit was started: "
    return ""


def _hint(error: OSError) -> str:
    """How to mend it, where that is known."""
    from hubkit.store.cache_root import default_root

    if error.filename and Path(os.fsdecode(error.filename)).is_relative_to(default_root()):
        return "\n  hubkit keeps files there; HUBKIT_CACHE names another folder for them."
    return ""


def _blame_variable(error: click.ClickException) -> None:
    """Let it name the environment variable that a wrong value came from, rather than an option that nobody gave."""
    if not isinstance(error, click.BadParameter) or error.ctx is None or error.param is None or not error.param.name:
        return
    if error.ctx.get_parameter_source(error.param.name) is ParameterSource.ENVIRONMENT:
        error.param_hint = f"{error.param.envvar} in the environment"


class Done(int):
    """The exit status of a command that leaves nothing to tidy up.

    Its memory is given back as a whole: to free what was made of thousands of cards one by one takes a while.
    """


def main() -> None:
    """Run the command line and exit: 0 done, 1 findings or failures, 2 could not run, 130 interrupted."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="surrogateescape")  # paths are printed as they are, UTF-8 or not
    try:
        code = cli.main(prog_name="hubkit", standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        _blame_variable(error)
        error.show()
        code = 2
    except HubkitError as error:
        click.secho("error: ", fg="red", bold=True, nl=False, err=True)
        click.echo(str(error), err=True)
        code = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("\nInterrupted. What was finished is kept; run the command again to go on.", err=True)
        code = 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away, as `| head` does; there is nobody to tell
        code = 0
    except OSError as error:
        click.echo(f"error: {_where(error)}{error.strerror or error}{_hint(error)}", err=True)
        code = 2
    except Exception as error:
        if os.environ.get("HUBKIT_TRACEBACK"):
            raise
        click.echo(f"error: this is a fault in hubkit: {type(error).__name__}: {error}", err=True)
        click.echo("  Run it again with HUBKIT_TRACEBACK=1 and report what it prints.", err=True)
        code = 2
    if isinstance(code, Done):
        with suppress(OSError):  # where nobody reads any more, it ends as others do
            for stream in (sys.stdout, sys.stderr):
                if stream:  # there is none where it was closed before
                    stream.flush()
            os._exit(code)
    sys.exit(code)
