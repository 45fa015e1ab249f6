"""The operators that hubkit can express in ONNX, with their limits, as the lowerings' docstrings have them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from hubkit.resources import package_digest
from hubkit.site import text
from hubkit.site.catalogue import Catalogue, Page
from hubkit.site.claims import Figure
from hubkit.site.i18n import N_, _, ngettext
from hubkit.site.paths import HOME
from hubkit.site.reference import OperatorEntry, OperatorFamily, OperatorsPage

_PAGE = "operators.html"

# A module of lowerings -> what its operators are; any other is called by its name.
_FAMILIES = {
    "activation": N_("Activations"),
    "control": N_("Branches and loops"),
    "convolution": N_("Convolutions"),
    "division": N_("Division"),
    "elementwise": N_("Element by element"),
    "in_place": N_("Assignments"),
    "matmul": N_("Matrix products"),
    "normalization": N_("Normalisation"),
    "pooling": N_("Pooling"),
    "reduction": N_("Reductions"),
    "resize": N_("Resizing"),
    "shape": N_("Shapes"),
    "special": N_("Special functions"),
    "structural": N_("Structure of graphs"),
}


def operator_pages(catalogue: Catalogue) -> Iterator[Page]:
    """The page."""
    code = (package_digest("convert"),)
    yield Page(path=_PAGE, template="operators.html", context=partial(_page, catalogue), depends=code)


def _page(catalogue: Catalogue) -> OperatorsPage:
    from hubkit.convert.operators import operators  # here: it reads the source of every lowering

    frame = catalogue.frame(_PAGE)
    groups: dict[str, list[OperatorEntry]] = {}
    for operator in operators():
        parts = (part.removesuffix(".") for part in (operator.meaning, operator.limits) if part)
        notes = " ".join(f"{part}." for part in parts)
        groups.setdefault(operator.family, []).append(
            OperatorEntry(operator.name, operator.signature, operator.onnx, notes)
        )
    count = sum(map(len, groups.values()))
    return OperatorsPage(
        frame=frame,
        crumbs=(Figure("", _("Models"), frame.pages + HOME), Figure("", _("Operators"))),
        count=ngettext("%(count)s operator", "%(count)s operators", count) % {"count": text.number(count)},
        groups=tuple(
            OperatorFamily(name, _(_FAMILIES[name]) if name in _FAMILIES else name, tuple(rows))
            for name, rows in sorted(groups.items())
        ),
    )
