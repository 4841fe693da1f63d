from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.text import article_html
from importers.escaping import escaped, escaped_within_link

MARKED = st.lists(
    st.one_of(
        st.text(alphabet="ab1 *_`[]()<>#+-.!|~&;\\=:/\"'", max_size=12),
        st.sampled_from(
            ["https://paper.example/a_b_c?d=1&copy=2", "a@b.example", "1. ", "- ", "# ", "&amp;", "<b>", "~~~", "___"]
        ),
    ),
    max_size=8,
).map(lambda parts: " ".join("".join(parts).split()))


def shown(markdown: str) -> str:
    """Return what a reader sees of it."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", article_html(markdown))).split())


@settings(max_examples=200)
@given(MARKED)
def test_readers_see_the_very_characters_of_a_plain_text(words: str) -> None:
    assert shown(escaped(words)) == words


@settings(max_examples=200)
@given(MARKED)
def test_no_plain_text_makes_anything_but_paragraphs_and_links(words: str) -> None:
    assert set(re.findall(r"<(\w+)", article_html(escaped(words)))) <= {"p", "a"}


@pytest.mark.parametrize("words", ["well-known_name", "3.5 + 2 = 5.5", "AT&T", "a < b > c", "Who? Me! (Yes.)"])
def test_what_markdown_would_not_take_for_a_mark_stays_as_typed(words: str) -> None:
    assert escaped(words) == words


def test_a_web_address_stays_one_link() -> None:
    address = "https://paper.example/a_b_c"
    assert f'href="{address}"' in article_html(escaped(f"See {address} for more."))


def test_a_non_breaking_space_stays_only_between_words() -> None:
    assert escaped("\u00a0A\u00a0\u00a0B 10\u00a0km \u00a0") == " A  B 10\u00a0km  "


def test_a_bracket_does_not_end_the_words_of_a_link() -> None:
    assert "a]b" in shown(f"[{escaped_within_link('a]b')}](https://paper.example)")
