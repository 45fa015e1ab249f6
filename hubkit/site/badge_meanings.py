"""What the badges mean: a page that says of each mark, standing and claim when a model has it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hubkit.conversion_status import ConversionStatus
from hubkit.site.catalogue import Catalogue, Page
from hubkit.site.claims import Figure, Mark, Standing
from hubkit.site.i18n import N_, _
from hubkit.site.paths import HOME
from hubkit.site.reference import BadgesPage, MarkMeaning, StandingMeaning

BADGES_PAGE = "badges.html"

_MARKS = {
    Mark.PASSED: N_("It was run, and what came out is what the card says. The figures and the day stand beside it."),
    Mark.FAILED: N_("It was run, and what came out is something else, or nothing. The reason stands beside it."),
    Mark.SKIPPED: N_("It was not run, or no verdict was reached. The reason stands beside it; this is no pass."),
    Mark.STALE: N_("It was run for an earlier text of the card, and has not been run since the card was changed."),
    Mark.NONE: N_("Nothing was run. There is no evidence, neither for the claim nor against it."),
}
_STANDINGS = {
    Standing.VERIFIED: N_("Every step passed, with the weights that the authors published."),
    Standing.PARTIAL: N_("Nothing failed, but a step was skipped, or the weights were made from a seed."),
    Standing.FAILED: N_("A step failed, or a converted file computes something else."),
    Standing.STALE: N_("The card was changed after it was verified."),
    Standing.NOT_VERIFIED: N_("No step was run but the check of the card's text."),
}
_CLAIMS = (
    (
        "links",
        N_("Links alive"),
        N_("The addresses of the files and of the code were asked for, and the server had what they name."),
    ),
    (
        "digest",
        N_("Digest verified"),
        N_("Every file that the card names was fetched, and its SHA-256 is the one in the card."),
    ),
    (
        "parity",
        N_("MINDIR and ONNX parity"),
        N_(
            "The network was built, the weights were loaded, and the converted file was run on the same inputs. MINDIR "
            "must give the same bits. ONNX may differ by the tolerance that is shown: no element by more than the "
            "limit, and at most a few in a million by more than the relative tolerance."
        ),
    ),
    (
        "untrained",
        N_("Untrained weights"),
        N_(
            "The published weights could not be had, so weights made from a seed were converted. The comparison then "
            "shows that the conversion is right, and says nothing of the published weights."
        ),
    ),
)
# The words of ConversionStatus, for translators: its phrases and sentences.
_STATUS_TEXTS = (
    N_("passed"), N_("Every file was made, and its outputs agree with the network's."),
    N_("skipped"), N_("The conversion was not tried."),
    N_("could not build"), N_("The network's code could not build it."),
    N_("could not load weights"), N_("The checkpoint cannot be read or does not fit the network."),
    N_("could not export"), N_("MindSpore could not export the network as MINDIR."),
    N_("no lowering"), N_("The network uses operators that hubkit has no ONNX form for."),
    N_("could not lower"), N_("An operator is used in a way that has no ONNX form."),
    N_("checker refused"), N_("ONNX's checker refuses the model that was made."),
    N_("could not run"), N_("A runtime could not run the network or a file made of it."),
    N_("ran but differs"), N_("The files were made and ran, but their outputs differ from the network's."),
    N_("ran but not finite"), N_("The network itself gives infinities or NaN, and the files give the same."),
    N_("ran but proves nothing"), N_("The output hardly depends on the input, so that any conversion would agree."),
    N_("crashed"), N_("The worker process crashed or was killed."),
    N_("timed out"), N_("The worker process took longer than it may and was stopped."),
    N_("out of memory"), N_("The worker process needed more memory than it may use."),
    N_("machine failed"), N_("The machine failed: its disk is full, or files cannot be read or written."),
)  # fmt: skip


def badges_pages(catalogue: Catalogue) -> Iterator[Page]:
    """The page."""
    yield Page(path=BADGES_PAGE, template="badges.html", context=partial(_page, catalogue), depends=())


def _page(catalogue: Catalogue) -> BadgesPage:
    frame = catalogue.frame(BADGES_PAGE)
    return BadgesPage(
        frame=frame,
        crumbs=(Figure("", _("Models"), frame.pages + HOME), Figure("", _("What the badges mean"))),
        marks=tuple(MarkMeaning(mark, _(_MARKS[mark])) for mark in Mark),
        standings=tuple(StandingMeaning(standing, _(_STANDINGS[standing])) for standing in Standing),
        claims=tuple(Figure(_(label), _(meaning), slug) for slug, label, meaning in _CLAIMS),
        statuses=tuple(Figure(_(status.phrase), _(status.sentence), status.value) for status in ConversionStatus),
    )
