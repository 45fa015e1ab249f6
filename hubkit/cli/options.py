"""Options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from hubkit.cli.folders import cards_option as cards_option
from hubkit.cli.folders import catalogue_option as catalogue_option
from hubkit.cli.folders import offline_option as offline_option
from hubkit.cli.folders import out_option as out_option
from hubkit.client.lockfile import read_lock
from hubkit.convert.limits import NO_LIMITS, Limits
from hubkit.convert.records import FORMATS, ONNX_DEFAULTS, SUFFIXES, OnnxOptions
from hubkit.repos.checkout import CloneOptions, PinnedCode
from hubkit.repos.trust import Trust
from hubkit.repository_network import CodeOptions
from hubkit.settings import load_settings
from hubkit.store.blobs import BlobStore
from hubkit.store.cache_root import default_root
from hubkit.store.content import FORMATS as KINDS
from hubkit.store.content import Kind
from hubkit.store.fetch import FetchOptions
from hubkit.verification import VerifyOptions


class _Formats(click.Choice[str]):
    """One format, or several with commas between; each option gives a tuple."""

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        convert = super().convert
        return tuple(convert(part, param, context) for part in value.split(","))


def _flattened(_context: click.Context, _param: click.Parameter, value: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for given in value for part in given))


format_option = click.option(
    "--format",
    "kind",
    type=click.Choice(KINDS),
    show_default=Kind.CKPT.value,
    help="The file to take: as the card names it, or mindir and onnx as they were converted.",
)
lock_option = click.option(
    "--lock-file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("hubkit.lock"),
    show_default=True,
    help="The lock file.",
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="Seed of the inputs, and of the weights where the published ones cannot be had.",
)
formats_option = click.option(
    "--to",
    "formats",
    multiple=True,
    type=_Formats(list(SUFFIXES)),
    callback=_flattened,
    default=FORMATS,
    show_default=True,
    help="A format to convert to; may be given twice, or several with commas between.",
)


evidence_option = click.option(
    "--evidence",
    type=click.Path(file_okay=False, path_type=Path),
    show_default="beside the files",
    help="Where inputs and outputs are kept that differ.",
)
trust_option = click.option(
    "--trust-repo",
    is_flag=True,
    allow_from_autoenv=False,
    help="Run the code of the repositories that cards name; it is shown first.",
)


renew_option = click.option(
    "--renew-code",
    is_flag=True,
    help="Look up again which commit the branches have that cards name; else the first one found is used on.",
)


def _locked_code(lock_file: Path) -> dict[str, PinnedCode]:
    """The code that a lock file names, by uid; none where there is no such file."""
    if not lock_file.is_file():
        return {}
    found = {uid: file.code for uid, file in read_lock(lock_file).items()}
    return {uid: PinnedCode(code.repository, code.commit, code.folder) for uid, code in found.items() if code}


def fetch_options(*, offline: bool) -> FetchOptions:
    """How to fetch, by the flags and the settings of the working folder."""
    return FetchOptions(offline=offline, mirrors=load_settings(Path.cwd()).mirrors)


def verify_options(
    out: Path,
    *,
    offline: bool,
    seed: int,
    strict: bool,
    formats: tuple[str, ...] = FORMATS,
    resume: bool = False,
    limits: Limits = NO_LIMITS,
    evidence: Path | None = None,
    onnx: OnnxOptions = ONNX_DEFAULTS,
    trust_repo: bool = False,
    renew_code: bool = False,
) -> VerifyOptions:
    """How to verify cards, by the flags and the settings of the working folder."""
    return VerifyOptions(
        out=out,
        store=BlobStore(default_root()),
        fetch=fetch_options(offline=offline),
        formats=tuple(dict.fromkeys(formats)),
        seed=seed,
        strict=strict,
        resume=resume,
        limits=limits,
        evidence=evidence,
        onnx=onnx,
        code=code_options(offline=offline, trust_repo=trust_repo, renew_code=renew_code),
    )


def code_options(*, offline: bool, trust_repo: bool, renew_code: bool = False) -> CodeOptions:
    """How to come by the code of networks, by the flags and the settings of the working folder."""
    settings = load_settings(Path.cwd())
    return CodeOptions(
        CloneOptions(
            root=default_root(),
            offline=offline,
            mirrors=settings.mirrors,
            private_hosts=settings.links.allowed_private_hosts,
        ),
        Trust(flag=trust_repo, entries=settings.trust, file=settings.file, place=settings.place("trust")),
        _locked_code(Path("hubkit.lock")),
        renew_code,
    )
