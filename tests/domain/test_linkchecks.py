from __future__ import annotations

import re
from time import process_time

import pytest

from domain.linkchecks import MOST_FOUND, domain, domains, is_within, links
from domain.text import comment_html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See https://example.org/why, and HTTP://B.example.", ["https://example.org/why", "HTTP://B.example"]),
        ("[here](https://a.example/x_(y) and <https://b.example>", ["https://a.example/x_(y", "https://b.example"]),
        ("[here](//a.example/x) or and//or, he/she", ["//a.example/x"]),
        ("www.example.com! buy-now.shop/x?y=1", ["www.example.com", "buy-now.shop/x?y=1"]),
        ("https&#58;//a.example", ["https://a.example"]),
        ("https://exa\u200bmple.org", ["https://example.org", "https://xn--example-2z6c.org"]),  # as it is read, and as it is
        ("cheap[.]pills[dot]com, cheap (dot) com", ["cheap.pills.com", "cheap.com"]),
        ("At 5.30 p.m. e.g. the U.S.Navy said 1.5 or ann@example.org.uk or and/or.", []),
        ("[our own](/articles/bridge)", []),
    ],
)
def test_links_are_found_however_they_are_written(text: str, expected: list[str]) -> None:
    assert links(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[x](<//a.example/1>) [y]( //a.example/2)", ["//a.example/1", "//a.example/2"]),
        ("[x][y]\n\n[y]: //a.example/x", ["//a.example/x"]),
        ("//a.example.com/x", ["//a.example.com/x"]),
        (r"[x](https:\//a.example)", ["https://a.example"]),
        ("[x](http:/a.example) [x](&#47;&#47;b.example)", ["//b.example", "http:/a.example"]),
        ("pills.de, pills.to/path", ["http://pills.de", "http://pills.to/path"]),
        ("[x](https://a.example/1) [x](<//a.example/2>)", ["https://a.example/1", "//a.example/2"]),
        ("[us](/articles/bridge), ann@example.org", []),
    ],
)
def test_what_the_page_makes_a_link_of_is_one_however_it_is_written(text: str, expected: list[str]) -> None:
    assert links(text) == expected


@pytest.mark.parametrize("text", ["well pills.de is what you want", "good [x](<//a.example/b>)", "[x](http:a.example)"])
def test_every_link_of_the_page_leads_where_it_was_found_to_lead(text: str) -> None:
    (href,) = re.findall('href="([^"]+)"', comment_html(text))
    assert domains(links(text)) == (domain(href),)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://Sub.Example.org:8080/x?y#z", "sub.example.org"),
        ("https://user:word@evil.example/", "evil.example"),
        ("//a.example", "a.example"),
        (r"https:\\a.example\x", "a.example"),
        ("www.example.com", "example.com"),
        ("https://bücher.example./", "xn--bcher-kva.example"),
        ("https://", ""),
        ("http:/a.example", "a.example"),
        ("http:a.example", "a.example"),
    ],
)
def test_a_link_leads_to_a_domain(link: str, expected: str) -> None:
    assert domain(link) == expected


def test_each_domain_is_named_once() -> None:
    assert domains(["https://a.example/1", "https://b.example", "http://A.example/2", "https://"]) == ("a.example", "b.example")


def test_a_listed_domain_counts_for_those_below_it() -> None:
    listed = {"example.org", "t.co"}
    assert [is_within(one, listed) for one in ("example.org", "a.b.example.org", "notexample.org", "org", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@pytest.mark.parametrize("text", ["a." * 20_000, "a-" * 20_000, "https://" * 9_000, "((((//" * 9_000, "a[.]" * 9_000])
def test_no_text_keeps_the_finder_busy(text: str) -> None:
    began = process_time()
    assert len(links(text)) <= MOST_FOUND
    assert process_time() - began < 1
