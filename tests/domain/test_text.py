from __future__ import annotations

import re
import unicodedata

import pytest

from domain import text

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "![x](https://example.org/x.png)",
    "<svg/onload=alert(1)>",
    "<iframe src=//example.org></iframe>",
    '[x](https://example.org "onmouseover=alert(1)")',
    "<style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext><script>alert(1)</script></mtext></math>",
]


@pytest.mark.parametrize("source", HOSTILE)
@pytest.mark.parametrize("render", [text.comment_html, text.article_html])
def test_hostile_markup_never_becomes_an_element(render: object, source: str) -> None:
    html = render(source).lower()  # type: ignore[operator]
    for trace in (
        "<script",
        "<img",
        "<svg",
        "<iframe",
        "<style",
        "<math",
        'href="javascript',
        'href="data',
        'href="vbscript',
        "title=",
    ):
        assert trace not in html


def test_emphasis_lists_and_quotes_are_kept() -> None:
    html = text.comment_html("*a* **b**\n\n- one\n- two\n\n> said")
    for tag in ("<em>", "<strong>", "<li>", "<blockquote>"):
        assert tag in html


def test_a_link_tells_search_engines_that_a_reader_wrote_it() -> None:
    assert 'rel="nofollow ugc noopener"' in text.comment_html("https://example.org/a")


def test_a_heading_in_a_comment_stays_text() -> None:
    assert "<h1" not in text.comment_html("# Look at me")


def test_a_heading_in_an_article_never_rivals_the_headline() -> None:
    assert text.article_html("# Part one") == "<h2>Part one</h2>"


def test_control_characters_surrogates_and_bidi_overrides_are_dropped() -> None:
    assert text.plain("a\x00b\x07c\ud800\u202ed\u2066e\r\nf\rg") == "abc?de\nf\ng"


def test_a_line_has_no_line_ends() -> None:
    assert text.line(" a\n b\tc ") == "a b c"


@pytest.mark.parametrize(
    "word",
    [
        "Việt Nam, nghiêng ngửa",
        unicodedata.normalize("NFD", "Việt Nam, nghiêng ngửa"),
        "น้ำผึ้งที่นี่",
        "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",
        "שּֽׁ֖",
        "مُحَمَّدٌ قُرْآنٌ ٱلرَّحْمَـٰنِ",
        "हिन्दी में क्ष्म्य, ड़्‍",
        "བསྒྲིགས་བརྒྱུད་",
        "မြန်မာဘာသာ",
        "ភាសាខ្មែរ",
        "தமிழ் సంస్కృతం",
        unicodedata.normalize("NFD", "한국어를 씁니다"),
        "❤️‍🔥 👩🏽‍❤️‍👨🏻 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏳️‍🌈",
        "ɔ̃̀ ũ̂ȷ́",
    ],
)
def test_the_words_of_every_script_stay_as_they_are(word: str) -> None:
    assert text.plain(word) == unicodedata.normalize("NFC", word)


def test_a_tower_of_marks_is_cut_down() -> None:
    assert text.plain("xy" + "\u0317" * 10_000 + "z") == "xy" + "\u0317" * text.MOST_MARKS + "z"


def test_a_tower_without_a_letter_is_cut_down() -> None:
    assert text.plain("\u20dd" * 100) == "\u20dd" * text.MOST_MARKS


@pytest.mark.parametrize("invisible", ["\u200d", "\u200c", "\u200b", "\u2060", "\ufeff", "\u00ad"])
def test_a_tower_cannot_be_built_with_invisible_characters_in_between(invisible: str) -> None:
    assert text.plain("x" + f"\u0317{invisible}" * 50).count("\u0317") == text.MOST_MARKS


def test_what_was_made_plain_is_plain() -> None:
    tower = "e" + "\u0301\u0317\u20dd\u200d" * 40 + " fin"
    assert text.plain(text.plain(tower)) == text.plain(tower)


def test_a_link_to_the_site_names_it_where_the_text_is_read_elsewhere() -> None:
    html = text.comment_html('[a](/b "c") [d](e) [f](//g.example/h) [i](https://j.example/) and "/k" <k@l.example>')
    found = re.findall(r'href="([^"]*)" rel="nofollow ugc noopener"', text.with_absolute_links(html, "https://site.example"))
    own = ["https://site.example/b", "https://site.example/e"]
    assert found == [*own, "https://g.example/h", "https://j.example/", "mailto:k@l.example"]


def test_words_come_without_markup() -> None:
    html = text.comment_html('*a* [b](https://c.example/?d="e>f") & <i>\n\nnext\nline')
    assert text.words_of(html) == "a b & <i>\nnext\nline"


@pytest.mark.parametrize(
    ("most", "beginning"),
    [(30, "One two three & four"), (20, "One two three & four"), (19, "One two three &…"), (6, "One…"), (2, "O…"), (1, "…")],
)
def test_an_excerpt_ends_between_words(most: int, beginning: str) -> None:
    assert text.excerpt("<p>One <em>two</em></p>\n<p>three &amp; four</p>", most) == beginning
    assert len(beginning) <= most


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("> Why?\n> > So.\n\nI *agree*.\n\n> And?\n\nYes.", "I agree. And? Yes."),
        ("> One.\n\n> Two.\n\nI agree.", "I agree."),
        ("No.\n> Why?", "No. Why?"),
        ("> Why?\n> > So.", "Why? So."),
        ("> Why?\n\n---", "Why?"),
        ("`<blockquote>` & </blockquote>", "<blockquote> & </blockquote>"),
        ("", ""),
    ],
)
def test_a_gist_is_what_the_author_says_and_the_whole_where_that_is_nothing(source: str, says: str) -> None:
    assert text.gist(text.comment_html(source), 50) == says


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("*One*,\ntwo.\n\nThree & four.", "One,\ntwo.\n\nThree & four."),
        ("A.\n\n> B\n> > C\n\nD.", "A.\n\n> B\n\n> > C\n\nD."),
        ("- a\n- [b](https://b.example/)\n\nEnd.", "- a\n- b\n\nEnd."),
        ("- a\n\n- b\n\nEnd.", "- a\n\n- b\n\nEnd."),
        ("```\na\n\n    <b>\n```\n\nEnd.", "a\n\n    <b>\n\nEnd."),
        ("", ""),
    ],
)
def test_html_becomes_plain_lines(source: str, lines: str) -> None:
    assert text.lines_of(text.comment_html(source)) == lines
