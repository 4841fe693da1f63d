from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.closing_question import POLL_OPEN_FOR, DraftedQuestions, draft_questions
from domain.drafts import LONGEST_QUESTION
from domain.outcome_templates import CIVIL_LAWSUIT, CRIMINAL_TRIAL, ELECTION, YES_NO
from models import Camp, PollKind

NOW = datetime(2030, 3, 4, 10, 30, 15, tzinfo=UTC)
LAWSUIT = "The charges against the captain were dismissed last spring.\n\nNow she has filed a lawsuit against the prosecutors."
FERRY = "The ferry to the outer islands may sail again.\n\nIts owners want a new pier."


def drafted(closing: str, text: str = FERRY) -> DraftedQuestions:
    return draft_questions(f"{text}\n\n{closing}", NOW)


def poll_of(closing: str) -> tuple[str, list[str]] | None:
    poll = drafted(closing).poll
    return (poll.question, [label for label, _ in poll.choices]) if poll else None


def predicted(closing: str, text: str = FERRY) -> str | None:
    prediction = drafted(closing, text).prediction
    return prediction.question if prediction else None


def test_an_opinion_and_a_requested_prediction_become_a_poll_and_a_prediction() -> None:
    closing = "Do you agree with the captain’s step? Give us your take and your prediction of the outcome below."
    found = drafted(closing, LAWSUIT)
    assert found.poll is not None
    assert found.prediction is not None
    assert found.poll.question == "Do you agree with the captain’s step?"
    assert found.poll.choices == [("Agree", Camp.FOR), ("Disagree", Camp.AGAINST), ("Not sure", Camp.UNSURE)]
    assert (found.template, found.prediction.question) == (CIVIL_LAWSUIT, "How will the lawsuit end?")
    assert tuple(found.prediction.outcomes) == CIVIL_LAWSUIT.outcomes
    assert (found.body_without_question, found.closing_words) == (LAWSUIT, closing)


def test_questions_close_after_the_time_their_kind_takes() -> None:
    found = drafted("Do you agree? What is your prediction?", LAWSUIT)
    assert found.poll is not None
    assert found.prediction is not None
    minute = NOW.replace(second=0)
    assert (found.poll.closes_at, found.prediction.closes_at) == (minute + POLL_OPEN_FOR, minute + timedelta(days=365))


WORDS = [
    "Do you agree",
    "?",
    " ",
    "\n\n",
    ". ",
    ", and how will it end",
    "tell us ",
    "your prediction",
    "when will ",
    "“",
    "*",
    "## ",
]
WORDS += ["lawsuit", "sued", "what do you think", "x" * 290, "> ", "- ", "below", "whether you agree ", "\u00a0", '"', "So, "]
AGREE, YES_NO_CHOICES = ["Agree", "Disagree", "Not sure"], ["Yes", "No", "Not sure"]
STANCE, RIGHT = ["In favour", "Against", "Not sure"], ["Right", "Wrong", "Not sure"]


@pytest.mark.parametrize(
    ("closing", "question", "choices"),
    [
        ("So, do you agree with the owners?", "Do you agree with the owners?", AGREE),
        ("Do you agree that the pier will help?", "Do you agree that the pier will help?", AGREE),
        ("Do you support the pier?", "Do you support the pier?", YES_NO_CHOICES),
        ("But should the town pay for it?", "Should the town pay for it?", YES_NO_CHOICES),
        ("Is the council right to wait?", "Is the council right to wait?", YES_NO_CHOICES),
        ("In the end, isn't it too late?", "In the end, isn't it too late?", YES_NO_CHOICES),
        ("What do you think of the plan?", "What do you think of the plan?", STANCE),
        ("Are you for or against a new pier?", "Are you for or against a new pier?", STANCE),
        ("What do you think? Tell us below.", "What do you think?", STANCE),
        ("Was the council right or wrong?", "Was the council right or wrong?", RIGHT),
        ("Tell us whether you agree with the owners in the comments.", "Do you agree with the owners?", AGREE),
        ("Will you use the new pier?", "Will you use the new pier?", YES_NO_CHOICES),
        ("**Do you back the *plan*?**", "Do you back the plan?", YES_NO_CHOICES),
        ("Should it end? Do you back it? Say so in the comments.", "Do you back it?", YES_NO_CHOICES),
    ],
)
def test_an_opinion_question_becomes_a_poll_with_fitting_choices(closing: str, question: str, choices: list[str]) -> None:
    assert poll_of(closing) == (question, choices)


@pytest.mark.parametrize(
    "closing",
    [
        "Who should pay for it?",
        "Why did nobody ask?",
        "The owners asked: “Do you agree?”",
        "“Should the town pay? I doubt it,” the mayor said.",
        "The ferry sails on Friday.",
        f"Should {'the town ' * 40} pay?",
    ],
)
def test_no_poll_is_made_of_what_a_vote_cannot_answer(closing: str) -> None:
    assert poll_of(closing) is None


@pytest.mark.parametrize(
    ("closing", "question"),
    [
        ("How will it end?", "How will it end?"),
        ("How do you think the case will play out?", "How do you think the case will play out?"),
        ("What do you predict?", "How will the lawsuit end?"),
        ("Who will win?", "How will the lawsuit end?"),
        ("Will the captain win?", "How will the lawsuit end?"),
        ("Is the judge going to throw it out?", "How will the lawsuit end?"),
        ("Share your predictions in the comments.", "How will the lawsuit end?"),
        ("Tell us how you think it ends.", "How will the lawsuit end?"),
        ("How will the captain pay for it?", "How will the lawsuit end?"),
        ("Will the captain sail again?", "Will the captain sail again?"),
    ],
)
def test_a_prediction_takes_the_template_of_the_article_when_its_outcomes_answer(closing: str, question: str) -> None:
    assert predicted(closing, LAWSUIT) == question


def test_who_will_win_an_election_is_asked_in_the_articles_words() -> None:
    found = drafted("Who will win on Sunday?", "Three candidates want to be mayor.\n\nThe election is close, voters say.")
    assert found.prediction is not None
    assert (found.template, found.prediction.question) == (ELECTION, "Who will win on Sunday?")


def test_a_criminal_trial_under_way_is_told_from_a_lawsuit() -> None:
    text = "The captain is on trial, charged with manslaughter.\n\nA lawsuit may follow, prosecutors told the jury."
    assert drafted("How do you think it will end?", text).template is CRIMINAL_TRIAL


@pytest.mark.parametrize(
    ("closing", "question"),
    [
        ("Will the ferry sail again after all?", "Will the ferry sail again after all?"),
        ("Do you think the pier is going to be built?", "Do you think the pier is going to be built?"),
        ("When will the ferry sail?", "Will the ferry sail by 31 August 2030?"),
        ("Give us your prediction.", "Will what the article expects have happened by 31 August 2030?"),
        ("What will happen next?", "Will what the article expects have happened by 31 August 2030?"),
    ],
)
def test_where_no_template_fits_a_prediction_is_yes_or_no_by_a_date(closing: str, question: str) -> None:
    found = drafted(closing)
    assert found.prediction is not None
    assert (found.template, found.prediction.question, list(found.prediction.outcomes)) == (YES_NO, question, ["Yes", "No"])
    assert "31 August 2030" in found.prediction.criteria


def test_an_opinion_alone_makes_no_prediction() -> None:
    assert drafted("Do you agree? Tell us below.", LAWSUIT).prediction is None


def test_a_text_in_one_long_paragraph_asks_at_its_end() -> None:
    text = "Should it sail? Nobody knows. " * 50 + "Do you agree?"
    found = draft_questions(text, NOW)
    assert found.poll is not None
    assert (found.poll.question, found.body_without_question) == ("Do you agree?", text)


def test_a_prediction_alone_makes_no_poll() -> None:
    assert drafted("Will the ferry sail again?").poll is None


@pytest.mark.parametrize("joint", [", and ", ", but ", " and "])
def test_two_questions_in_one_sentence_are_two(joint: str) -> None:
    found = drafted(f"Do you agree with the captain{joint}how will it end?", LAWSUIT)
    assert found.poll is not None
    assert found.prediction is not None
    assert (found.poll.question, found.prediction.question) == ("Do you agree with the captain?", "How will it end?")


@pytest.mark.parametrize("last", ["Tell us in the comments.", "Photo: the harbour company", "Weigh in below!"])
def test_a_last_line_that_asks_nothing_itself_leaves_the_question_to_the_one_before(last: str) -> None:
    assert poll_of(f"Should the town pay?\n\n{last}") == ("Should the town pay?", YES_NO_CHOICES)


@pytest.mark.parametrize(
    "text", ["Should the town pay? It may have to.\n\nIt has no money.", "Should it?\n\nNo.\n\nIt has no money."]
)
def test_a_question_further_up_is_not_for_readers(text: str) -> None:
    found = drafted(text)
    assert (found.poll, found.prediction, found.closing_words) == (None, None, "")
    assert found.body_without_question.endswith(text)


@pytest.mark.parametrize(
    "closing", ["Should the town pay?\n\nTell us below.", "Should it pay? Why or why not?", "## Should it pay?"]
)
def test_a_paragraph_that_only_asks_leaves_the_text(closing: str) -> None:
    assert drafted(closing).body_without_question == FERRY


@pytest.mark.parametrize(
    "closing",
    [
        "The pier is old. Should it go?",
        "Should it go? Who would pay?",
        "Should it stay? Should it go?",
        "Give us your thoughts below.",
        "What will happen next?",
        "How will the captain pay?",
    ],
)
def test_what_the_questions_do_not_say_stays_in_the_text(closing: str) -> None:
    assert drafted(closing).body_without_question == f"{FERRY}\n\n{closing}"


def test_a_line_below_the_question_stays_in_the_text() -> None:
    assert drafted("Should it go?\n\nPhoto: harbour").body_without_question == f"{FERRY}\n\nPhoto: harbour"


def test_an_article_of_one_question_keeps_its_text() -> None:
    found = draft_questions("Should it go?", NOW)
    assert found.poll is not None
    assert found.body_without_question == "Should it go?"


@pytest.mark.parametrize("body", ["", "---", "- Should it go?", "```\nShould it go?\n```", "????", "\u00a0"])
def test_odd_texts_ask_nothing_and_stay_as_they_are(body: str) -> None:
    found = draft_questions(body, NOW)
    assert (found.poll, found.prediction, found.body_without_question) == (None, None, body)


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", "30 August 2030"), ("UTC", "31 August 2030")])
def test_the_day_of_a_question_is_that_of_the_site(zone: str, day: str) -> None:
    late = datetime(2030, 3, 4, 2, 30, tzinfo=UTC)
    found = draft_questions(f"{FERRY}\n\nWhen will it sail?", late, zone=ZoneInfo(zone)).prediction
    assert found is not None
    assert found.question == f"Will it sail by {day}?"
    assert found.closes_at.utcoffset() == timedelta(0)


def test_our_own_texts_are_given_in_the_language_of_the_site() -> None:
    found = draft_questions(f"{FERRY}\n\nDo you agree? When will it sail?", NOW, translate=lambda words: f"⟦{words}⟧")
    assert found.poll is not None
    assert found.prediction is not None
    assert (found.poll.question, found.poll.choices[0][0], found.prediction.outcomes[0]) == (
        "Do you agree?",
        "⟦Agree⟧",
        "⟦Yes⟧",
    )


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join))
def test_whatever_a_text_says_its_drafts_can_be_kept(body: str) -> None:
    found = draft_questions(body, NOW)
    assert found.poll is None or 0 < len(found.poll.question) <= LONGEST_QUESTION
    assert found.prediction is None or 0 < len(found.prediction.question) <= LONGEST_QUESTION
    assert bool(found.body_without_question.strip()) == bool(body.strip())


@pytest.mark.parametrize("part", ["how what ", "“ a. ", '" ? ', "do you agree, ", "charges ", "- a? ", "whether you think "])
def test_a_long_text_is_read_in_no_time(part: str) -> None:
    began = perf_counter()
    draft_questions(part * (200_000 // len(part)) + "?", NOW)
    assert perf_counter() - began < 20


@pytest.mark.parametrize(
    ("asks", "kind"),
    [
        ("Do you agree with the ban?", PollKind.AGREEMENT),
        ("Should the ban stay?", PollKind.SINGLE),
        ("What do you think of the ban?", PollKind.SINGLE),
    ],
)
def test_agreeing_is_a_kind_of_its_own(asks: str, kind: PollKind) -> None:
    poll = draft_questions(f"The ban is in force.\n\n{asks}", NOW).poll
    assert poll is not None
    assert poll.kind is kind
