from __future__ import annotations

import time

import pytest

from importers import markdown
from importers.imported import ImportRefused

BODY = "The *ferry* is back.\n\n## Timetable\n\n- at noon"


@pytest.mark.parametrize("heading", ["# Ferry *sails* again", "Ferry sails again\n===", "### Ferry sails again ###"])
def test_the_first_heading_is_the_headline_and_leaves_the_text(heading: str) -> None:
    article = markdown.read(f"{heading}\n\n{BODY}\n")
    assert (article.headline, article.body_markdown) == ("Ferry sails again", BODY)


@pytest.mark.parametrize("source", [f"Intro.\n\n{BODY}", f"```\n# not a heading\n```\n\n{BODY}"])
def test_a_later_heading_of_a_lower_level_is_no_headline(source: str) -> None:
    article = markdown.read(source)
    assert (article.headline, article.body_markdown) == (None, source)


def test_the_header_gives_headline_byline_and_section() -> None:
    header = '---\ntitle: "Ferry: it sails"\nauthor: Ana Lopez\nsection: Islands # here\ndate: 2030-01-02\n---\n'
    article = markdown.read(f"{header}\n# Another heading\n\n{BODY}")
    assert (article.headline, article.byline, article.section) == ("Ferry: it sails", "Ana Lopez", "Islands")
    assert article.body_markdown == BODY


@pytest.mark.parametrize(
    "header",
    [
        "---\ntitle: >\n  Ferry\n  sails\nauthors:\n  - Ana Lopez\n  - Jo Baker\ncategories: [Sea, Air]\n...",
        "+++\ntitle = 'Ferry sails'\nauthors = [\"Ana Lopez\", 'Jo Baker']\ncategories = ['Sea', 'Air']\n[extra]\n+++",
    ],
)
def test_folded_values_and_lists_in_a_header_are_joined(header: str) -> None:
    article = markdown.read(f"{header}\n\n{BODY}")
    assert (article.headline, article.byline, article.section) == ("Ferry sails", "Ana Lopez, Jo Baker", "Sea, Air")


def test_lists_within_lists_are_joined_and_what_is_deeper_stays() -> None:
    header = f"---\ntitle: {'[' * 3_000}Ferry{']' * 3_000}\nauthors: [[Ana Lopez], [Jo Baker]]\n---"
    article = markdown.read(f"{header}\n\n{BODY}")
    assert (article.byline, len(article.headline or "")) == ("Ana Lopez, Jo Baker", len("Ferry") + 2 * (3_000 - 5))


def test_a_header_that_is_too_long_is_refused_saying_so() -> None:
    authors = "- Ana Lopez\n" * 2_000
    with pytest.raises(ImportRefused, match="too long: at most 20000 characters"):
        markdown.read(f"---\ntitle: Ferry\nauthors:\n{authors}---\n\n{BODY}")


def test_a_line_of_spaces_costs_no_more_than_its_length_to_be_told_from_a_header() -> None:
    began = time.process_time()
    markdown.read(f"---\na{' ' * 50_000}!\n---\n\n{BODY}")
    assert time.process_time() - began < 1


@pytest.mark.parametrize("source", ["---\n\nNo header here\n\n---\n\nText", "---\ntitle: never closed\n\nText"])
def test_a_rule_at_the_top_is_no_header(source: str) -> None:
    assert markdown.read(source).body_markdown == source


def test_blocks_of_html_become_markdown() -> None:
    source = "# Ferry\n\n<div>\n<script>x</script>\n<p>It <b>sails</b>.</p></div>\n\n<!-- cut -->\n\nSoon."
    assert markdown.read(source).body_markdown.split() == ["It", "**sails**.", "Soon."]


def test_tags_within_a_line_stay_and_are_said() -> None:
    article = markdown.read("It <b>sails</b>.")
    assert article.body_markdown == "It <b>sails</b>."
    assert "HTML tags" in article.notes[0]


def test_pictures_are_left_out_and_that_is_said() -> None:
    article = markdown.read('![A ferry](ferry.jpg "At sea")\n\nIt ![x](y_(z).png) sails, `![as code](here)`.')
    assert article.body_markdown.split() == ["It", "sails,", "`![as", "code](here)`."]
    assert article.notes == ("Pictures were left out.",)


@pytest.mark.parametrize(
    ("source", "says"), [("# Only a headline", "no text below"), ("---\ntitle: x\n---\n", "no text"), ("<!-- x -->", "empty")]
)
def test_a_file_without_a_text_is_refused(source: str, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        markdown.read(source)
