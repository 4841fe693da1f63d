from __future__ import annotations

import pytest

from domain.allegations import ALLEGATIONS, allegation, subject_names

SUBJECTS = ("Marta van der Holm", "Li Wu")


@pytest.mark.parametrize(
    "text",
    [
        "Marta Holm is a thief and everybody knows it.",
        "HOLM LIED to the court!",
        "We all know that h0lm stole the money.",
        "Ms Hоlm did it.",  # noqa: RUF001 - with a Cyrillic letter
        "Holm is guilty as sin, lock her up",
        "Frau Holm hat gelogen und ist schuldig.",
        "Holm est une voleuse, coupable depuis toujours",
        "Holm es una ladrona y mintió.",
    ],
)
def test_a_named_person_and_an_allegation_are_found_together(text: str) -> None:
    found = allegation(text, SUBJECTS)
    assert found is not None
    assert found.subject is not None


@pytest.mark.parametrize(
    "text",
    [
        "Marta Holm spoke for two hours in court yesterday.",
        "Whoever did this is a thief.",
        "van der Berg is a crook",
        "Holmes was a fraud, said Watson.",
        "Let us wait for what the court says about Ms Holm.",
    ],
)
def test_one_without_the_other_is_left_alone(text: str) -> None:
    assert allegation(text, SUBJECTS) is None


def test_an_allegation_is_enough_where_the_article_names_nobody() -> None:
    found = allegation("He is a murderer.")
    assert found is not None
    assert (found.subject, found.claim.word) == (None, "murderer*")
    assert allegation("He was in court.") is None


def test_people_are_called_by_their_whole_name_and_by_its_parts() -> None:
    assert subject_names(SUBJECTS) == ("marta van der holm", "marta", "holm", "li wu")
    assert subject_names(["Ann-Marie *Lee*"]) == ("ann-marie lee", "ann-marie", "lee")


def test_no_allegation_is_listed_twice() -> None:
    assert len(set(ALLEGATIONS)) == len(ALLEGATIONS) > 150
