from __future__ import annotations

import pytest

from importers import text
from importers.imported import ImportRefused

SENTENCE = "The ferry to the outer islands sails again on Friday, its owners say. "
LONG = SENTENCE * 4


def test_a_short_first_line_is_the_headline_and_leaves_the_text() -> None:
    article = text.read("Ferry sails again\n\nThe ferry is back.\n")
    assert (article.headline, article.body_markdown) == ("Ferry sails again", "The ferry is back.")


@pytest.mark.parametrize("first", ["The ferry is back.", SENTENCE * 2 + "Yes", "It said:", "And so, it said,"])
def test_a_sentence_or_a_long_line_is_no_headline(first: str) -> None:
    article = text.read(f"{first}\n\nThe ferry is back.")
    assert article.headline is None
    assert article.body_markdown.startswith(first)


def test_a_line_that_names_the_writer_is_the_byline() -> None:
    article = text.read("Ferry sails again\n\nBy Ana Lopez and Jo Baker\n\nThe ferry is back.")
    assert (article.byline, article.body_markdown) == ("By Ana Lopez and Jo Baker", "The ferry is back.")


@pytest.mark.parametrize(
    "line", ["By noon it was gone", "By Friday the ferry had made its first eleven trips again", "Bystanders"]
)
def test_a_line_that_names_nobody_is_no_byline(line: str) -> None:
    assert text.read(f"Ferry sails again\n\n{line}\n\nThe ferry is back.").byline == ""


def test_wrapped_lines_are_one_paragraph() -> None:
    assert text.read("The ferry\nis back.\n\nIt sails\nagain.").body_markdown == "The ferry is back.\n\nIt sails again."


def test_without_blank_lines_each_long_line_is_a_paragraph() -> None:
    assert text.paragraphs_of(f"{LONG}\n{LONG}\nIs it?") == [LONG.strip(), LONG.strip(), "Is it?"]


def test_without_blank_lines_an_indented_line_begins_a_paragraph() -> None:
    assert text.paragraphs_of("  The ferry\nis back.\n  It sails\nagain.") == ["The ferry is back.", "It sails again."]


def test_an_indented_block_is_one_paragraph_and_no_code() -> None:
    assert text.read("He said.\n\n    The ferry\n    is back.").body_markdown == "He said.\n\nThe ferry is back."


def test_marks_of_markdown_stay_as_typed() -> None:
    assert text.read("It is *so*.\n\n1. _One_\n\n# Two").body_markdown == "It is \\*so\\*.\n\n1\\. \\_One\\_\n\n\\# Two"


@pytest.mark.parametrize(
    ("source", "says"), [("\n \n", "empty"), ("Only a headline", "no text below"), ("A\n\nBy Jo Baker", "no text")]
)
def test_a_file_without_a_text_is_refused(source: str, says: str) -> None:
    with pytest.raises(ImportRefused, match=says):
        text.read(source)
