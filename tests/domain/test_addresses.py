from __future__ import annotations

import pytest

from domain import addresses
from domain.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ann@example.org", "ann@example.org"),
        ("  Ann.Lee@Example.ORG ", "ann.lee@example.org"),
        ("ann+news@example.org", "ann+news@example.org"),
        ("ann@münchen.example", "ann@xn--mnchen-3ya.example"),
        ("ann@xn--mnchen-3ya.example", "ann@xn--mnchen-3ya.example"),
    ],
)
def test_each_address_has_one_spelling(typed: str, kept: str) -> None:
    assert addresses.normalised(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "ann@",
        "@example.org",
        "ann@localhost",
        "ann@exam ple.org",
        "a@b@example.org",
        "ann@example..org",
        "ünn@example.org",
        "ann@example.org\r\nBcc: bea@example.org",
        "ann\x00@example.org",
        "Ann <ann@example.org>",
        "a" * 65 + "@example.org",
        "ann@" + "a" * 250 + ".org",
        "ann@[127.0.0.1]",
        "a@b." * 250_000,
        '"a b"@example.org',
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match=r"name@example\.org"):
        addresses.normalised(typed)
