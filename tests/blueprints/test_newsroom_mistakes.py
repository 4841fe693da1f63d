from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain import articles
from domain.articles import LONGEST_BODY, create
from models import Article, Reader
from tests import factories
from tests.forms import Fields, fields_of, type_into

PASSED = "This time has passed."
SAME = "Two answers are the same."
TOO_LONG = "At most {0} characters."


pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def desk(app: Flask, editor: Reader) -> FlaskClient:
    return factories.browser_of(app, editor)


@pytest.fixture
def draft(now: datetime) -> Article:
    return create(factories.draft(now), now=now)


def path(article: Article) -> str:
    return f"/newsroom/articles/{article.id}"


def edit_fields(desk: FlaskClient, article: Article) -> Fields:
    return fields_of(desk.get(path(article)).text, action=path(article))


MISTAKES = {
    "no headline": ("headline", [" \x00"], "Give it a headline."),
    "a long headline": ("headline", ["x" * 201], TOO_LONG.format(200)),
    "a long byline": ("byline", ["x" * 201], TOO_LONG.format(200)),
    "a long section": ("section", ["x" * 201], TOO_LONG.format(200)),
    "no text": ("body", [""], "There is no text yet."),
    "a huge text": ("body", ["x" * (LONGEST_BODY + 1)], TOO_LONG.format(LONGEST_BODY)),
    "no question": ("poll-question", [""], "Word the question."),
    "a long question": ("prediction-question", ["x" * 301], TOO_LONG.format(300)),
    "one answer": ("poll-choices-label", ["Agree", "", ""], "Give from 2 to 16 answers."),
    "no answer": ("poll-choices-label", [], "Give from 2 to 16 answers."),
    "seventeen answers": ("prediction-outcomes-label", [f"outcome {n}" for n in range(17)], "Give from 2 to 16 answers."),
    "two alike": ("prediction-outcomes-label", ["Yes", " yes\x00"], SAME),
    "a long answer": ("poll-choices-label", ["x" * 201, "y"], "An answer may have at most 200 characters."),
    "no criteria": ("prediction-criteria", ["\x00 \n"], "Write what decides it"),
    "long criteria": ("prediction-criteria", ["x" * 5001], TOO_LONG.format(5000)),
    "no closing time": ("poll-closes_at", [""], "Give a date and a time."),
    "no date": ("poll-closes_at", ["tomorrow\x00"], "That is not a date and a time."),
    "a day alone": ("poll-closes_at", ["2031-05-24"], "That is not a date and a time."),
    "a lost year": ("poll-closes_at", ["0001-01-01T00:00"], "That is not a date and a time."),
    "a far year": ("poll-closes_at", ["9999-12-31T23:59"], "That is not a date and a time."),
    "a mistyped year": ("prediction-closes_at", ["2199-01-01T00:00"], "That is more than ten years away."),
    "a past time": ("prediction-closes_at", ["2020-01-01T00:00"], PASSED),
    "an unknown visibility": ("poll-visibility", ["sometimes"], "Not a valid choice."),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_and_everything_typed_is_kept(desk: FlaskClient, draft: Article, mistake: str) -> None:
    name, values, says = MISTAKES[mistake]
    before = articles.edition_of(draft)
    fields = edit_fields(desk, draft)
    fields["poll-question"] = "Typed elsewhere?"
    fields.setlist(name, values)
    answer = desk.post(path(draft), data=fields)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert articles.edition_of(draft) == before
    kept = fields_of(answer.text, action=path(draft))
    assert kept["poll-question"] in {"Typed elsewhere?", *values}
    shown = [value.replace("\x00", "�") for value in kept.getlist(name)]
    typed = [value for value in values if value.strip(" \x00\n")]
    assert name.endswith("visibility") or all(value.replace("\x00", "�") in shown for value in typed)


def test_several_mistakes_are_named_at_once(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"headline": "", "poll-question": "", "prediction-criteria": ""})
    page = desk.post(path(draft), data=fields).text
    assert all(says in page for says in ("Give it a headline.", "Word the question.", "Write what decides it"))


def test_markup_that_was_typed_is_shown_as_typed(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"headline": "", "body": "</textarea><script>alert(1)</script>", "byline": '"><b>'})
    answer = desk.post(path(draft), data=fields)
    assert "<script>alert" not in answer.text
    assert fields_of(answer.text, action=path(draft))["byline"] == '"><b>'


def test_the_second_of_two_editors_keeps_their_text_and_is_told(desk: FlaskClient, draft: Article) -> None:
    first, second = edit_fields(desk, draft), edit_fields(desk, draft)
    first["headline"] = "The first editor's"
    type_into(second, {"headline": "The second editor's", "poll-question": "Typed for long?"})
    desk.post(path(draft), data=first)
    answer = desk.post(path(draft), data=second)
    assert (answer.status_code, draft.headline) == (409, "The first editor's")
    assert "Somebody else changed this article after you opened it." in answer.text
    assert "Saved meanwhile, and not as you have it: the headline." in answer.text
    kept = fields_of(answer.text, action=path(draft))
    assert (kept["headline"], kept["poll-question"]) == ("The second editor's", "Typed for long?")


def test_saving_again_after_being_told_replaces_what_was_saved(desk: FlaskClient, draft: Article) -> None:
    first, second = edit_fields(desk, draft), edit_fields(desk, draft)
    first["headline"], second["headline"] = "The first editor's", "The second editor's"
    desk.post(path(draft), data=first)
    told = fields_of(desk.post(path(draft), data=second).text, action=path(draft))
    assert desk.post(path(draft), data=told).status_code == 303
    assert draft.headline == "The second editor's"


def test_an_article_opened_meanwhile_keeps_its_questions(desk: FlaskClient, draft: Article, now: datetime) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"body": "Typed for long.", "poll-question": "Changed?"})
    articles.open_to_readers(draft, now=now)
    answer = desk.post(path(draft), data=fields)
    assert answer.status_code == 409
    kept = fields_of(answer.text, action=path(draft))
    assert (kept["body"], "poll-question" in kept) == ("Typed for long.", False)
    assert factories.asked(draft)[0].question == "Should the tolls end?"


def test_after_opening_the_text_can_be_mended(desk: FlaskClient, article: Article) -> None:
    fields = edit_fields(desk, article)
    fields["body"] = "Mended."
    assert desk.post(path(article), data=fields).status_code == 303
    assert article.body_html == "<p>Mended.</p>"


def test_after_opening_the_questions_are_shown_and_not_in_the_form(desk: FlaskClient, article: Article) -> None:
    page = desk.get(path(article)).text
    assert "Sides, order and what was answered stay. What you change, readers can see." in page
    assert "The council&#39;s minutes decide." in page
    assert "poll-question" not in page


def test_questions_sent_for_an_open_article_are_ignored(desk: FlaskClient, article: Article) -> None:
    fields = edit_fields(desk, article)
    type_into(fields, {"poll-asks": "1", "poll-question": "Changed?"})
    desk.post(path(article), data=fields)
    assert factories.asked(article)[0].question == "Should the tolls end?"


def test_a_draft_whose_time_ran_out_can_be_given_a_later_one(desk: FlaskClient, draft: Article, now: datetime) -> None:
    factories.asked(draft)[0].closes_at = now - timedelta(days=1)
    fields = edit_fields(desk, draft)
    assert PASSED in desk.post(path(draft), data=fields).text
    fields["poll-closes_at"] = f"{now + timedelta(days=3):%Y-%m-%dT%H:%M}"
    assert desk.post(path(draft), data=fields).status_code == 303


def test_a_body_too_large_for_any_article_is_answered_with_a_page(desk: FlaskClient, draft: Article) -> None:
    assert desk.post(path(draft), data={"body": "x" * 13_000_000}).status_code == 413
