from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from domain import participation
from domain.participation import Answer
from models import Article, Reader, ResultsVisibility
from tests import factories

ALWAYS, VOTING, CLOSING = ResultsVisibility
BY_ANSWERING = ("once you have", "to see what others")
AT_CLOSING = "Results appear when it has closed, "


def told(app: Flask, article: Article, reader: Reader) -> str:
    """Return what the page says between the article and its discussion."""
    page = BeautifulSoup(factories.browser_of(app, reader).get(f"/articles/{article.slug}").text, "lxml")
    return " ".join(page.select_one("#say").get_text().split())  # type: ignore[union-attr]


def show(article: Article, takes: ResultsVisibility, outcomes: ResultsVisibility) -> None:
    poll, prediction = factories.asked(article)
    poll.visibility, prediction.visibility = takes, outcomes


def answer(article: Article, reader: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    participation.submit(article, Answer(choices=poll.choices[:1], outcome=prediction.outcomes[0]), by=reader, now=now)


@pytest.mark.parametrize("has_answered", [False, True])
def test_what_appears_at_closing_is_promised_for_then(
    app: Flask, article: Article, *, reader: Reader, now: datetime, has_answered: bool
) -> None:
    show(article, CLOSING, CLOSING)
    if has_answered:
        answer(article, reader, now)
    page = told(app, article, reader)
    assert not [words for words in BY_ANSWERING if words in page]
    assert page.count(AT_CLOSING) == 1


def test_an_answer_is_asked_for_only_where_it_shows_something(app: Flask, article: Article, reader: Reader) -> None:
    show(article, ALWAYS, CLOSING)
    page = told(app, article, reader)
    assert not [words for words in BY_ANSWERING if words in page]
    assert page.count("What others expect appears when predicting has closed, ") == 1


def test_of_two_questions_each_is_promised_as_it_will_be(app: Flask, article: Article, reader: Reader) -> None:
    show(article, CLOSING, VOTING)
    page = told(app, article, reader)
    assert "What others expect appears once you have predicted. What others think appears when voting has closed, " in page
    assert "Results appear once you have voted" not in page


@pytest.mark.parametrize("has_answered", [False, True])
def test_two_that_close_at_two_times_are_promised_for_each(
    app: Flask, article: Article, *, reader: Reader, now: datetime, has_answered: bool
) -> None:
    show(article, CLOSING, CLOSING)
    factories.asked(article)[0].closes_at += timedelta(days=1)
    if has_answered:
        answer(article, reader, now)
    page = told(app, article, reader)
    assert "What others think appears when voting has closed, " in page
    assert "What others expect appears when predicting has closed, " in page
    assert AT_CLOSING not in page


def test_what_an_answer_shows_is_promised_for_it(app: Flask, article: Article, reader: Reader) -> None:
    show(article, VOTING, VOTING)
    assert "Results appear once you have voted. You can change your mind until it closes." in told(app, article, reader)


def test_who_has_answered_is_promised_nothing_more(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    show(article, VOTING, VOTING)
    answer(article, reader, now)
    page = told(app, article, reader)
    assert "You can change your mind until it closes." in page
    assert "Results appear" not in page


@pytest.mark.parametrize("has_answered", [False, True])
def test_nothing_is_promised_where_a_law_hides_the_counts(
    app: Flask, article: Article, *, reader: Reader, now: datetime, has_answered: bool
) -> None:
    show(article, CLOSING, CLOSING)
    article.hides_counts = True
    if has_answered:
        answer(article, reader, now)
    assert "has closed, " not in told(app, article, reader)


def test_who_has_voted_and_still_can_predict_is_told_what_predicting_shows(
    app: Flask, article: Article, reader: Reader, now: datetime
) -> None:
    show(article, VOTING, VOTING)
    participation.submit(article, Answer(choices=factories.asked(article)[0].choices[:1]), by=reader, now=now)
    page = told(app, article, reader)
    assert "What others expect appears once you have predicted. You can change your mind until it closes." in page
    assert "Results appear once you have voted" not in page
