from __future__ import annotations

import pytest

from importers import html
from importers.imported import ImportRefused

HEAD = "<head><title>Ferry sails | The Tide</title><meta name='author' content='Ana  Lopez'>"
HEAD += "<meta property='article:section' content='Islands'></head>"


def body_of(source: str) -> str:
    return html.read(source).body_markdown


def test_the_article_is_taken_and_what_surrounds_it_left() -> None:
    around = "<nav>Menu</nav><header><h1>The Tide</h1></header>{}<aside>Advert</aside><footer>Imprint</footer>"
    article = html.read(f"<html>{HEAD}<body>{around.format('<article><h1>Ferry back</h1><p>It sails.</p></article>')}</body>")
    assert (article.headline, article.body_markdown) == ("Ferry back", "It sails.")
    assert (article.byline, article.section) == ("Ana Lopez", "Islands")


@pytest.mark.parametrize("tag", ["script", "style", "nav", "aside", "footer", "form", "noscript", "iframe", "button", "svg"])
def test_what_is_no_text_of_the_article_is_dropped(tag: str) -> None:
    assert body_of(f"<article><p>It sails.</p><{tag}>junk <p>junk</p></{tag}><p>Soon.</p></article>") == "It sails.\n\nSoon."


@pytest.mark.parametrize("hidden", ["hidden", "aria-hidden='true'", "style='color:red; display: none'"])
def test_what_readers_do_not_see_is_dropped(hidden: str) -> None:
    assert body_of(f"<p>It sails.</p><div {hidden}><p>junk</p></div>") == "It sails."


def test_of_several_articles_the_longest_is_taken() -> None:
    assert body_of("<article><p>Short.</p></article><article><p>The longer one.</p></article>") == "The longer one."


@pytest.mark.parametrize(
    "source", ["<main><p>It sails.</p></main><p>x</p>", "<div role=main>It sails.</div>x", "<body>It sails.</body>"]
)
def test_without_an_article_the_main_part_or_the_body_is_taken(source: str) -> None:
    assert body_of(source) == "It sails."


def test_without_a_heading_the_title_is_the_headline() -> None:
    assert html.read(f"{HEAD}<p>It sails.</p>").headline == "Ferry sails"


def test_a_heading_above_the_article_is_the_headline_when_the_title_says_the_same() -> None:
    page = "<title>{} - The Tide</title><div><h1>Ferry back</h1></div><article><p>It sails.</p></article>"
    assert html.read(page.format("Ferry back")).headline == "Ferry back"
    assert html.read(page.format("Sails")).headline == "Sails - The Tide"


def test_paragraphs_left_open_are_paragraphs_all_the_same() -> None:
    assert body_of("<p>One<p>Two<div>Three</div>") == "One\n\nTwo\n\nThree"


def test_without_any_paragraph_blank_lines_part_them() -> None:
    assert body_of("<html><body>One\nand more.\n\nTwo *s.</body></html>") == "One and more.\n\nTwo \\*s."


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert body_of("<div>One<br>\n<br/>Two<br>more</div>") == "One\n\nTwo  \nmore"


def test_empty_paragraphs_leave_nothing() -> None:
    assert body_of("<p>One</p><p>&nbsp;</p><p><b> </b></p><p>10&nbsp;km</p>") == "One\n\n10\u00a0km"


def test_emphasis_lists_quotes_and_links_are_kept() -> None:
    source = "<p><b>It</b> <em>sails</em></p><ul><li>a</li></ul><blockquote><p>q</p></blockquote><p><a href='https://x.example/a b'>l[1]</a>"
    assert body_of(source) == "**It** *sails*\n\n- a\n\n> q\n\n[l\\[1\\]](https://x.example/a%20b)"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/local", "#note", ""])
def test_a_link_to_no_web_address_leaves_its_words(address: str) -> None:
    assert body_of(f"<p><a href='{address}'>words</a></p>") == "words"


def test_the_words_of_a_page_are_not_taken_for_markdown() -> None:
    assert body_of("<p># 1. *a* <span>- b</span></p>") == "\\# 1. \\*a\\* \\- b"


def test_a_table_becomes_lines_and_one_for_layout_falls_apart() -> None:
    assert body_of("<table><tr><th>Noon<td>Pier 4<tr><td>Night<td>Pier 5</table>").startswith("Noon · Pier 4")
    assert body_of("<table><tr><td><p>One</p><p>Two</p></td></tr></table>") == "One\n\nTwo"


def test_low_headings_become_the_lowest_that_pages_show() -> None:
    assert body_of("<h2>A</h2><h5>B</h5><p>c</p>") == "## A\n\n### B\n\nc"


def test_a_form_around_the_whole_page_is_no_form() -> None:
    assert body_of("<body><form><p>It sails.</p><form>Search</form></form></body>") == "It sails."


def test_emphasis_around_paragraphs_is_given_up() -> None:
    assert body_of("<b><p>One</p><p>Two</p></b>") == "One\n\nTwo"


@pytest.mark.parametrize(
    "junk", ["<![CDATA[x]]>", "<!-- x -->", "<?php x ?>", "<!DOCTYPE html>", "<ol start='²'></ol>", "<?xml version='1.0'?>"]
)
def test_odd_markup_leaves_nothing(junk: str) -> None:
    assert body_of(f"{junk}<p>It sails.</p>{junk}") == "It sails."


@pytest.mark.parametrize("source", ["not/a/file.html", "a < b"])
def test_text_without_tags_is_text(source: str) -> None:
    assert body_of(source).replace("\\", "") == source


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<html><body><script>write('x')</script></body></html>", "no article text"),
        ("<h1>Only a headline</h1>", "no article text"),
        ("<div>" * 200 + "x", "nested too deeply"),
        ("<br>" * (html.MOST_TAGS + 1), "too many elements"),
        (f"<p>{'word ' * 60_000}</p>", "far too long"),
    ],
)
def test_a_page_that_cannot_be_read_is_refused(source: str, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        html.read(source)


def test_the_deepest_page_allowed_can_be_read() -> None:
    depth = html.DEEPEST - 1
    assert body_of("<div>" * depth + "x" + "</div>" * depth) == "x"
