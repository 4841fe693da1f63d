from __future__ import annotations

import pytest

from domain.fitting import best_template, score
from domain.outcome_templates import CIVIL_LAWSUIT, CRIMINAL_TRIAL

ARTICLES = {
    "civil_lawsuit": [
        "The harbour company has sued its former captain for damages.",
        "Its complaint, filed in the county court, asks for two million.",
    ],
    "criminal_trial": [
        "The captain pleaded not guilty to charges of manslaughter.",
        "The jury will hear from the police and from prosecutors on Monday.",
    ],
    "election": [
        "Voters on the islands go to the polls to elect a mayor.",
        "The incumbent leads the other two candidates, and turnout may decide the ballot.",
    ],
    "award": [
        "The novel about the ferry is shortlisted for the Booker Prize.",
        "The jury names the winner at a ceremony in May.",
    ],
    "box_office": [
        "The sequel to the ferry film opens in cinemas on Friday.",
        "Its studio hopes for a record opening weekend at the box office.",
    ],
}


@pytest.mark.parametrize("key", ARTICLES)
def test_an_article_speaks_for_its_own_kind(key: str) -> None:
    template = best_template([], ARTICLES[key])
    assert template is not None
    assert template.key == key


def test_an_article_about_none_of_them_speaks_for_none() -> None:
    assert (
        best_template(["Will the ferry be late?"], ["The ferry has a new captain.", "One passenger once won an award."]) is None
    )


def test_only_whole_words_speak() -> None:
    assert score("He pursued his pursuit in tissue suits.", CIVIL_LAWSUIT) == 0


def test_a_word_said_twice_in_a_sentence_counts_once() -> None:
    assert score("A lawsuit is a lawsuit.", CIVIL_LAWSUIT) == score("A lawsuit.", CIVIL_LAWSUIT)


def test_charges_that_were_dropped_do_not_speak_for_a_trial() -> None:
    assert score("The manslaughter charges against her were dropped.", CRIMINAL_TRIAL) == 0
    assert score("She said the manslaughter charges should be dropped.", CRIMINAL_TRIAL) > 0


def test_what_happens_now_counts_more() -> None:
    lawsuit, charge = "The company sued her for damages.", "She was charged with fraud."
    assert best_template([], [lawsuit, charge]) is CIVIL_LAWSUIT
    assert best_template([], [lawsuit, f"Today, {charge}"]) is CRIMINAL_TRIAL


def test_what_lies_behind_counts_less() -> None:
    lawsuit, trial = "The company sued her for damages.", "She was charged with fraud. The trial is near."
    assert best_template([], [lawsuit, trial]) is CIVIL_LAWSUIT
    assert best_template([], [f"Last year, {lawsuit}", trial]) is CRIMINAL_TRIAL


def test_headline_and_closing_paragraph_outweigh_the_rest() -> None:
    rest = ["The company sued the captain.", "He was charged with fraud."]
    assert best_template(["Will the jury find him guilty?"], rest) is CRIMINAL_TRIAL
    assert best_template(["Will the plaintiff be paid damages?"], rest) is CIVIL_LAWSUIT
