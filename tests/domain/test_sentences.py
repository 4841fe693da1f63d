from __future__ import annotations

import pytest

from domain.sentences import headline_from, paragraphs, sentences, without

BODY = "First *one* here.\nStill it.\n\n## Heading\n\n- item\n\n> quote\n\nLast [link](https://x.example)?"


def test_paragraphs_are_given_in_plain_words_with_their_depth() -> None:
    assert [(part.words, part.level) for part in paragraphs(BODY)] == [
        ("First one here. Still it.", 0),
        ("Heading", 0),
        ("item", 2),
        ("quote", 1),
        ("Last link?", 0),
    ]


def test_paragraphs_leave_the_text_without_a_trace() -> None:
    parts = paragraphs(BODY)
    assert without(BODY, [parts[0], parts[-1]]) == "## Heading\n\n- item\n\n> quote"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        (
            "Mr. Low met Dr. J. K. May at 3 p.m. on Jan. 5. He left.",
            ["Mr. Low met Dr. J. K. May at 3 p.m. on Jan. 5.", "He left."],
        ),
        ("They left the U.S. The rest chose plan B. Do you?", ["They left the U.S.", "The rest chose plan B.", "Do you?"]),
        ("Low v. May is on. Who wins?", ["Low v. May is on.", "Who wins?"]),
        ("“Who pays? Nobody.” He left.", ["“Who pays? Nobody.”", "He left."]),
        ("He asked “Who pays?” and left. Do you?", ["He asked “Who pays?” and left.", "Do you?"]),
        ("It cost 3.5 million... maybe. Yes", ["It cost 3.5 million... maybe.", "Yes"]),
        ("An “open quote. Two.", ["An “open quote.", "Two."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(words: str, found: list[str]) -> None:
    assert sentences(words) == found


def test_a_short_first_sentence_is_the_headline_without_its_full_stop() -> None:
    assert headline_from("The *ferry* is back. It sails.") == "The ferry is back"


def test_a_long_first_sentence_is_cut_between_words() -> None:
    headline = headline_from("The ferry to the outer islands, which has not sailed since the storms of the winter, is back.")
    assert headline == "The ferry to the outer islands, which has not sailed since the storms of the…"


def test_one_word_without_end_is_cut_all_the_same() -> None:
    assert headline_from("x" * 500) == "x" * 79 + "…"
