"""Figures as people read them, and texts that a page can hold."""

from __future__ import annotations

import math
import re
from functools import lru_cache

# Characters that HTML forbids, and those that turn around what follows them, so that a name could show as another.
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


@lru_cache(maxsize=65536)
def gist(name: str) -> str:
    """A name without what stands between its words, in lower case: "U-Net" is called what "unet" asks for."""
    return "".join(filter(str.isalnum, name.lower()))


def fit(text: str) -> str:
    """``text`` with U+FFFD for each character that no page may hold: controls, surrogates, bidi overrides."""
    # None of them is printable, and most texts hold nothing else that is not, but for line breaks.
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    return _UNFIT.sub("\ufffd", text)


def size(count: int) -> str:
    """Bytes in decimal units: "4.2 MB"."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB", "TB"):
        value /= 1000
        if value < 999.5 or unit == "TB":
            return f"{value:.1f} {unit}" if value < 99.95 else f"{value:,.0f} {unit}"
    raise AssertionError("the last unit takes all")


def number(count: int) -> str:
    """A count with thousands set apart: "44,038,669"."""
    return f"{count:,}"


def short_number(count: int) -> str:
    """A count in three digits: "44.0 M"."""
    value = float(count)
    for unit in ("", " k", " M", " G"):
        if value < 999.5 or unit == " G":
            return f"{value:.3g}{unit}" if value >= 100 or not unit else f"{value:.{2 if value < 10 else 1}f}{unit}"
        value /= 1000
    raise AssertionError("the last unit takes all")


def seconds(value: float) -> str:
    """A time with the unit that suits it: "0.93 s", "12 ms", "2 min 5 s"."""
    if value >= 99.5:
        return f"{round(value) // 60} min {round(value) % 60} s"
    if value >= 0.1:
        return f"{value:.2f} s" if value < 9.995 else f"{value:.1f} s"
    return f"{value * 1000:.1f} ms" if value * 1000 < 9.95 else f"{value * 1000:.0f} ms"


def error(value: float | None) -> str:
    """A difference in two digits: "3.1e-6", "0.021", "0"; "not finite" for None."""
    if value is None or not math.isfinite(value):
        return "not finite"
    if value == 0:
        return "0"
    if 0.0095 <= abs(value) < 99.5:
        return f"{value:.2g}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def per_million(value: float) -> str:
    """Parts per million: "0.4", "12", "51,300"."""
    return f"{value:,.0f}" if value >= 9.95 or value == 0 else f"{value:.2g}"


def percent(share: float) -> str:
    """A share of 0 to 1 in percent: "98.5 %"."""
    return f"{share * 100:.3g} %"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 file", "2 files"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
