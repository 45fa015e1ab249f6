from __future__ import annotations

import pytest

from tests.lint.samples import card, findings

ASK = "Write an identifier of https://spdx.org/licenses, such as Apache-2.0 or MIT."


@pytest.mark.parametrize(
    "license_",
    [
        "Apache-2.0",
        '"MIT"',
        "MIT OR Apache-2.0",
        "(MIT OR Apache-2.0)",
        "MIT OR Apache-2.0 AND BSD-3-Clause",
        "Apache-2.0 WITH LLVM-exception",
        "Apache-2.0+",
        "CC0-1.0",
        "LicenseRef-noah",
        "MIT AND LicenseRef-noah",
        "DocumentRef-hub:LicenseRef-noah",
    ],
)
def test_an_spdx_expression_is_right(license_: str) -> None:
    assert findings("license-spdx", card({"license": license_})) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Apache2.0", "Apache-2.0"),
        ("apache-2.0", "Apache-2.0"),
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The MIT License", "MIT"),
        ("BSD-3-Clause License", "BSD-3-Clause"),
        ("GPL-3.0", "GPL-3.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
    ],
)
def test_what_is_meant_is_offered(written: str, meant: str) -> None:
    expected = [(written, f"{written!r} is no SPDX licence expression", f"Write {meant}.")]
    assert findings("license-spdx", card({"license": written})) == expected


@pytest.mark.parametrize(
    "written", ["unknown", "openrail", "MIT/Apache-2.0", "MIT OR", "MIT WITH Apache-2.0", "foo+", "AND", "MIT OR OR"]
)
def test_what_is_unknown_is_told(written: str) -> None:
    expected = [(written, f"{written!r} is no SPDX licence expression", ASK)]
    assert findings("license-spdx", card({"license": written})) == expected


@pytest.mark.parametrize(("written", "meant"), [("Apachee-2.0", "Apache-2.0"), ("CC-BY-NC-4.O", "CC-BY-NC-4.0")])
def test_a_misspelt_identifier_is_guessed(written: str, meant: str) -> None:
    [(_, _, hint)] = findings("license-spdx", card({"license": written}))
    assert hint == f"Did you mean {meant}? {ASK}"


# Texts on which the library behind the rule raises something else than its own errors.
@pytest.mark.parametrize("written", ["MIT, Apache-2.0", "( )", "(or : -", "MIT or", "(" * 400, "MIT OR " * 200 + "MIT"])
def test_a_malformed_expression_raises_nothing(written: str) -> None:
    [(_, message, hint)] = findings("license-spdx", card({"license": f'"{written}"'}))
    assert message.endswith("is no SPDX licence expression")
    assert hint == ASK


def test_a_list_and_an_empty_value_are_the_schemas_business() -> None:
    assert findings("license-spdx", card({"license": "[MIT]"})) == []
    assert findings("license-spdx", card({"license": ""})) == []
    assert findings("license-spdx", card({"license": None})) == []
