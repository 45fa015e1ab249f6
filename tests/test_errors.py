"""What every error has in common."""

from __future__ import annotations

import pytest

from hubkit.errors import FetchError, HubkitError


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("two\nlines", "two\nlines"),
        ("back\rwards\x9b", "back\\rwards\\x9b"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("half \udc80", "half \\udc80"),
        ("名称\u3000é", "名称\u3000é"),
    ],
)
def test_a_message_does_not_act_on_the_terminal(given: str, shown: str) -> None:
    error = HubkitError(given, hint=given)
    assert (error.message, error.hint) == (shown, shown)
    assert str(error) == f"{shown}\n  {shown}"
    assert FetchError(given, url="https://a").message == f"https://a: {shown}"


def test_a_message_ends_somewhere() -> None:
    message = HubkitError("x" * 1_000_000).message
    assert message.startswith("xxx")
    assert message.endswith("… (990,000 more characters)")
