from __future__ import annotations

import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from domain import articles
from domain.articles import LONGEST_BODY, create
from extensions import db
from models import Article, Camp, Reader, ResultsVisibility
from tests import factories
from tests.forms import Fields, fields_of, type_into

ASKING = "# Bridge to close\n\nThe bridge closes in May.\n\nDo you agree? Tell us how you think the lawsuit ends."
PLAIN = "The bridge closes in May.\n\nIt will open again in June."


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


def new_fields(desk: FlaskClient) -> Fields:
    return fields_of(desk.get("/newsroom/articles/new").text, action="/newsroom/articles")


def uploaded(desk: FlaskClient, data: bytes, name: str, **typed: str) -> TestResponse:
    fields = new_fields(desk)
    type_into(fields, {**typed, "file": FileStorage(io.BytesIO(data), filename=name)})
    boundary, body = encode_multipart(fields)
    return desk.post("/newsroom/articles", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def only_article() -> Article:
    return db.session.scalars(select(Article)).one()


def article_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Article)) or 0


def test_a_typed_text_becomes_a_draft_to_confirm(desk: FlaskClient) -> None:
    fields = new_fields(desk)
    type_into(fields, {"headline": "A bridge closes", "byline": "By Ann", "section": "City", "body": PLAIN})
    answer = desk.post("/newsroom/articles", data=fields)
    article = only_article()
    assert (answer.status_code, answer.location) == (303, path(article))
    assert (article.headline, article.byline, article.section, article.body_source) == (
        "A bridge closes",
        "By Ann",
        "City",
        PLAIN,
    )
    assert article.is_draft
    assert "No closing question was found" in desk.get(path(article)).text


def test_the_closing_question_is_drafted_for_the_editor(desk: FlaskClient) -> None:
    fields = new_fields(desk)
    fields["body"] = ASKING
    desk.post("/newsroom/articles", data=fields)
    article = only_article()
    poll, prediction = factories.asked(article)
    assert (article.headline, poll.question) == ("Bridge to close", "Do you agree?")
    assert len(prediction.outcomes) >= 2


def test_a_headline_made_from_the_text_is_told(desk: FlaskClient) -> None:
    fields = new_fields(desk)
    fields["body"] = PLAIN
    page = desk.post("/newsroom/articles", data=fields, follow_redirects=True).text
    assert only_article().headline == "The bridge closes in May"
    assert "The headline was made from the first sentence." in page


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"A bridge closes\n\nThe bridge closes in May, the city says.", "bridge.txt"),
        (b"# A bridge closes\n\nThe bridge closes in May, the city says.", "bridge.md"),
        (b"<h1>A bridge closes</h1><p>The bridge closes in May, the city says.</p>", "bridge.html"),
    ],
    ids=["text", "markdown", "html"],
)
def test_a_file_becomes_a_draft(desk: FlaskClient, data: bytes, name: str) -> None:
    assert uploaded(desk, data, name).status_code == 303
    assert (only_article().headline, "in May" in only_article().body_source) == ("A bridge closes", True)


def test_the_same_file_twice_is_one_article(desk: FlaskClient) -> None:
    first, second = (uploaded(desk, PLAIN.encode(), "bridge.txt").location for _ in range(2))
    assert first == second
    assert "This text is here already." in desk.get(second).text
    assert article_count() == 1


def test_the_button_pressed_twice_makes_one_article(desk: FlaskClient) -> None:
    fields = new_fields(desk)
    type_into(fields, {"headline": "A bridge closes", "body": PLAIN})
    assert len({desk.post("/newsroom/articles", data=fields).location for _ in range(2)}) == 1
    assert article_count() == 1


def test_the_same_text_from_another_form_is_another_article(desk: FlaskClient) -> None:
    for _ in range(2):
        fields = new_fields(desk)
        type_into(fields, {"headline": "A bridge closes", "body": PLAIN})
        desk.post("/newsroom/articles", data=fields)
    assert article_count() == 2


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"", "empty.txt", "The file is empty"),
        (b"\x00\x01\x02\xff" * 100, "picture.png", "This is not a text file."),
        (b"word " * 500_000, "huge.txt", "The file is too large"),
        (b"word " * 44_000, "long.md", "The text is too long: at most 200000 characters."),
        (b"word " * 60_000, "longer.md", "The text is far too long"),
    ],
    ids=["empty", "binary", "huge", "long", "longer"],
)
def test_a_file_that_cannot_be_used_is_refused_beside_the_form(desk: FlaskClient, data: bytes, name: str, says: str) -> None:
    answer = uploaded(desk, data, name, headline="My headline")
    assert answer.status_code == 422
    assert says in answer.text
    assert 'value="My headline"' in answer.text
    assert article_count() == 0


def test_a_text_and_a_file_at_once_are_refused(desk: FlaskClient) -> None:
    answer = uploaded(desk, PLAIN.encode(), "bridge.txt", body="Another text.")
    assert answer.status_code == 422
    assert "You typed a text and chose a file." in answer.text
    assert "Another text.</textarea>" in answer.text


@pytest.mark.parametrize("body", ["", " \n", "\x00"])
def test_no_text_at_all_is_refused(desk: FlaskClient, body: str) -> None:
    fields = new_fields(desk)
    type_into(fields, {"headline": "My headline", "body": body})
    answer = desk.post("/newsroom/articles", data=fields)
    assert (answer.status_code, "Write or paste a text above" in answer.text) == (422, True)
    assert 'value="My headline"' in answer.text


def test_a_text_that_is_too_long_is_kept(desk: FlaskClient) -> None:
    fields = new_fields(desk)
    type_into(fields, {"headline": "Long", "body": "ä" * (LONGEST_BODY + 1)})
    answer = desk.post("/newsroom/articles", data=fields)
    assert answer.status_code == 422
    assert f"At most {LONGEST_BODY} characters." in answer.text
    assert answer.text.count("ä") == LONGEST_BODY + 1


def test_saving_an_unchanged_form_changes_nothing(desk: FlaskClient, draft: Article) -> None:
    factories.asked(draft)[0].closes_at = factories.asked(draft)[0].closes_at.replace(second=0, microsecond=0)
    factories.asked(draft)[1].closes_at = factories.asked(draft)[1].closes_at.replace(second=0, microsecond=0)
    before = articles.edition_of(draft)
    answer = desk.post(path(draft), data=edit_fields(desk, draft))
    assert (answer.status_code, answer.location) == (303, path(draft))
    assert articles.edition_of(draft) == before


def test_everything_about_a_draft_can_be_edited(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"headline": "Tolls stay", "byline": "", "body": "They *stay*.", "poll-question": "Right?"})
    fields.setlist("poll-choices-label", ["Right", "", "Wrong"])
    fields.setlist("poll-choices-camp", ["for", "other", "against"])
    fields.setlist("prediction-outcomes-label", ["Yes", "No"])
    type_into(fields, {"prediction-criteria": "The mayor decides.", "prediction-visibility": "always"})
    assert desk.post(path(draft), data=fields).status_code == 303
    poll, prediction = factories.asked(draft)
    assert (draft.headline, draft.byline, draft.body_html) == ("Tolls stay", "", "<p>They <em>stay</em>.</p>")
    assert [(choice.label, choice.camp) for choice in poll.choices] == [("Right", Camp.FOR), ("Wrong", Camp.AGAINST)]
    assert [outcome.label for outcome in prediction.outcomes] == ["Yes", "No"]
    assert (prediction.criteria, prediction.visibility) == ("The mayor decides.", ResultsVisibility.ALWAYS)


def test_a_question_is_removed_by_unticking_it(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    del fields["poll-asks"], fields["prediction-asks"]
    desk.post(path(draft), data=fields)
    assert (draft.poll, draft.prediction) == (None, None)


def test_a_question_that_is_not_asked_is_not_checked(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    del fields["poll-asks"]
    type_into(fields, {"poll-question": "", "poll-closes_at": "never"})
    assert desk.post(path(draft), data=fields).status_code == 303


def test_a_question_can_be_added(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    del fields["poll-asks"]
    desk.post(path(draft), data=fields)
    fields = edit_fields(desk, draft)
    type_into(fields, {"poll-asks": "1", "poll-question": "Should they?"})
    desk.post(path(draft), data=fields)
    assert [choice.label for choice in factories.asked(draft)[0].choices] == ["Agree", "Disagree", "Not sure"]


@pytest.mark.parametrize(
    ("button", "name"), [("more-choices", "poll-choices-label"), ("more-outcomes", "prediction-outcomes-label")]
)
def test_rows_are_added_without_a_script_and_nothing_is_lost(desk: FlaskClient, draft: Article, button: str, name: str) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"step": button, "headline": "Typed, not saved"})
    answer = desk.post(path(draft), data=fields)
    grown = fields_of(answer.text, action=path(draft))
    assert len(grown.getlist(name)) > len(fields.getlist(name))
    assert (grown["headline"], draft.headline) == ("Typed, not saved", "Harbour bridge tolls to be dropped")


def test_there_are_never_more_rows_than_a_question_may_have(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    fields.setlist("prediction-outcomes-label", [f"outcome {number}" for number in range(15)])
    fields["step"] = "more-outcomes"
    answer = desk.post(path(draft), data=fields)
    assert len(fields_of(answer.text, action=path(draft)).getlist("prediction-outcomes-label")) == 16


def test_ready_made_outcomes_fill_the_form_and_save_nothing(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"step": "template", "prediction-template": "civil_lawsuit"})
    filled = fields_of(desk.post(path(draft), data=fields).text, action=path(draft))
    assert filled.getlist("prediction-outcomes-label")[:2] == ["Dismissed", "Settled"]
    assert filled["prediction-criteria"].startswith("Decided by how the first court")
    assert filled["prediction-question"] == "How will the council vote?"
    assert factories.asked(draft)[1].criteria == "The council's minutes decide."


def test_ready_made_outcomes_name_their_closing_day(desk: FlaskClient, draft: Article) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"step": "template", "prediction-template": "yes_no", "prediction-question": ""})
    filled = fields_of(desk.post(path(draft), data=fields).text, action=path(draft))
    year = filled["prediction-closes_at"][:4]
    assert filled["prediction-question"].endswith(f"{year}?")
    assert f"{year} and a reliable source" in filled["prediction-criteria"]


@pytest.mark.parametrize(("step", "leads_to"), [("open", "{0}/opening"), ("preview", "/articles/{1}"), ("nonsense", "{0}")])
def test_after_saving_the_editor_is_where_the_button_said(desk: FlaskClient, draft: Article, step: str, leads_to: str) -> None:
    fields = edit_fields(desk, draft)
    type_into(fields, {"step": step, "headline": "Saved first"})
    assert desk.post(path(draft), data=fields).location == leads_to.format(path(draft), draft.slug)
    assert draft.headline == "Saved first"


def test_the_preview_shows_a_draft_to_its_editors(desk: FlaskClient, draft: Article) -> None:
    assert "A draft: only the newsroom sees this page" in desk.get(f"/articles/{draft.slug}").text
