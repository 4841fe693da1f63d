from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import articles
from domain.articles import create
from models import Article, Prediction, Reader
from tests import factories
from tests.forms import Fields, fields_of, type_into

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def desk(app: Flask, editor: Reader) -> FlaskClient:
    return factories.browser_of(app, editor)


@pytest.fixture
def draft(now: datetime) -> Article:
    return create(factories.draft(now), now=now)


@pytest.fixture
def silent(now: datetime) -> Article:
    """Return a draft that asks nothing."""
    return create(replace(factories.draft(now), poll=None, prediction=None), now=now)


@pytest.fixture
def prediction(article: Article) -> Prediction:
    return factories.asked(article)[1]


def path(article: Article, act: str) -> str:
    return f"/newsroom/articles/{article.id}/{act}"


def finding(desk: FlaskClient, prediction: Prediction, **typed: str) -> Fields:
    """Return the resolution form filled in."""
    where = path(prediction.article, "resolution")
    fields = fields_of(desk.get(where).text, action=where)
    earlier = datetime.now(UTC) - timedelta(hours=2)
    filled = {
        "outcome": str(prediction.outcomes[1].id),
        "source_url": "https://council.example/minutes",
        "evidence": "The motion was lost.",
        "happened_at": f"{earlier:%Y-%m-%dT%H:%M}",
        "known_at": f"{earlier + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    }
    type_into(fields, {**filled, **typed})
    return fields


def buttons(html: str) -> list[str]:
    return [button.get_text(strip=True) for button in BeautifulSoup(html, "lxml").select("main button")]


def test_opening_shows_what_readers_will_be_asked_and_that_it_stays(desk: FlaskClient, draft: Article) -> None:
    page = desk.get(path(draft, "opening")).text
    for words in ("Should the tolls end?", "Not sure", "For ending them", "Results are shown once", "This cannot be undone."):
        assert words in page


def test_opening_is_confirmed_with_one_button(desk: FlaskClient, draft: Article) -> None:
    where = path(draft, "opening")
    answer = desk.post(where, data=fields_of(desk.get(where).text, action=where))
    assert (answer.status_code, answer.location) == (303, f"/articles/{draft.slug}#say")
    assert draft.is_open


def test_what_was_changed_meanwhile_is_shown_before_it_is_opened(desk: FlaskClient, draft: Article, now: datetime) -> None:
    where = path(draft, "opening")
    seen = fields_of(desk.get(where).text, action=where)
    articles.revise(draft, factories.draft(now, "Changed by somebody else"))
    answer = desk.post(where, data=seen)
    assert (answer.status_code, draft.is_draft) == (409, True)
    assert "Somebody else changed this article" in answer.text
    assert desk.post(where, data=fields_of(answer.text, action=where)).status_code == 303


def test_opening_twice_is_refused(desk: FlaskClient, draft: Article) -> None:
    where = path(draft, "opening")
    fields = fields_of(desk.get(where).text, action=where)
    first, second = (desk.post(where, data=fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 409)
    assert "This article has already been opened." in second.text
    assert buttons(second.text) == []


def test_a_question_whose_time_ran_out_keeps_the_article_a_draft(desk: FlaskClient, draft: Article, now: datetime) -> None:
    factories.asked(draft)[0].closes_at = now - timedelta(minutes=1)
    where = path(draft, "opening")
    assert "lies in the past" in desk.get(where).text
    answer = desk.post(where)
    assert (answer.status_code, draft.is_draft) == (422, True)


def test_an_article_that_asks_nothing_says_so_before_it_is_opened(desk: FlaskClient, silent: Article) -> None:
    assert "It asks nothing: readers can only comment." in desk.get(path(silent, "opening")).text


def test_closing_says_what_ends_and_that_it_stays_so(desk: FlaskClient, article: Article) -> None:
    page = desk.get(path(article, "closing")).text
    for words in ("The discussion ends.", "The poll ends now", "Predicting ends now", "This cannot be undone"):
        assert words in page
    assert article.is_open


def test_closing_is_confirmed_with_one_button(desk: FlaskClient, article: Article) -> None:
    answer = desk.post(path(article, "closing"))
    assert (answer.status_code, answer.location) == (303, f"/newsroom/articles/{article.id}")
    assert article.closed_at is not None


def test_closing_twice_is_refused(desk: FlaskClient, article: Article) -> None:
    desk.post(path(article, "closing"))
    answer = desk.post(path(article, "closing"))
    assert (answer.status_code, "This article has already been closed." in answer.text) == (409, True)


def test_closing_a_draft_is_refused(desk: FlaskClient, draft: Article) -> None:
    answers = [desk.get(path(draft, "closing")), desk.post(path(draft, "closing"))]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert "there is nothing to close yet" in answers[1].text


def test_resolving_asks_for_a_last_look_first(desk: FlaskClient, prediction: Prediction) -> None:
    answer = desk.post(path(prediction.article, "resolution"), data=finding(desk, prediction))
    assert answer.status_code == 200
    for words in ("Is this what happened?", "https://council.example/minutes", "The motion was lost.", "becomes final"):
        assert words in answer.text
    assert prediction.resolution is None


def test_the_last_look_is_confirmed_with_one_button(desk: FlaskClient, prediction: Prediction, editor: Reader) -> None:
    where = path(prediction.article, "resolution")
    seen = fields_of(desk.post(where, data=finding(desk, prediction)).text, action=where)
    type_into(seen, {"step": "confirm"})
    answer = desk.post(where, data=seen)
    assert (answer.status_code, answer.location) == (303, f"/articles/{prediction.article.slug}#say")
    row = prediction.resolution
    assert row is not None
    assert (row.outcome_id, row.source_url, row.evidence, row.editor_id) == (
        prediction.outcomes[1].id,
        "https://council.example/minutes",
        "The motion was lost.",
        editor.id,
    )
    assert prediction.closed_at is not None


def test_readers_see_what_happened(desk: FlaskClient, client: FlaskClient, prediction: Prediction) -> None:
    where = path(prediction.article, "resolution")
    desk.post(where, data=finding(desk, prediction, step="confirm"))
    page = client.get(f"/articles/{prediction.article.slug}").text
    assert "The motion was lost." in page
    assert "Source: council.example" in page


def test_after_a_last_look_it_can_still_be_changed(desk: FlaskClient, prediction: Prediction) -> None:
    where = path(prediction.article, "resolution")
    sent = finding(desk, prediction)
    seen = fields_of(desk.post(where, data=sent).text, action=where)
    type_into(seen, {"step": "change"})
    shown = fields_of(desk.post(where, data=seen).text, action=where)
    assert {name: shown[name] for name in shown} == {name: sent[name] for name in sent}


@pytest.mark.parametrize("step", ["review", "confirm", "anything"])
@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"outcome": ""}, "Choose what happened."),
        ({"outcome": "no number"}, "That outcome is not part of this question."),
        ({"source_url": ""}, "Give a full web address"),
        ({"source_url": "council.example/minutes"}, "Give a full web address"),
        ({"source_url": "javascript:alert(1)"}, "Give a full web address"),
        ({"source_url": "https://[nonsense"}, "Give a full web address"),
        ({"source_url": "https://a.example/" + "x" * 2000}, "At most 2000 characters."),
        ({"evidence": "x" * 5001}, "At most 5000 characters."),
        ({"happened_at": ""}, "Give a date and a time."),
        ({"known_at": "soon"}, "That is not a date and a time."),
        ({"happened_at": "2190-01-01T00:00"}, "This time has not come yet."),
        ({"known_at": "2190-01-01T00:00"}, "This time has not come yet."),
        ({"known_at": "2001-01-01T00:00"}, "It cannot have become known before it happened."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_mistake_in_a_finding_is_named_and_the_rest_kept(
    desk: FlaskClient, prediction: Prediction, typed: dict[str, str], says: str, step: str
) -> None:
    sent = finding(desk, prediction, **{**typed, "step": step})
    answer = desk.post(path(prediction.article, "resolution"), data=sent)
    assert (answer.status_code, says in answer.text) == (422, True)
    shown = fields_of(answer.text, action=path(prediction.article, "resolution"))
    kept = {"outcome", "source_url", "evidence", "happened_at", "known_at"} - ({"outcome"} & typed.keys())
    assert {name: shown[name] for name in kept} == {name: sent[name] for name in kept}
    assert prediction.resolution is None


def test_another_articles_outcome_is_refused(desk: FlaskClient, prediction: Prediction, now: datetime) -> None:
    foreign = factories.asked(factories.open_article(now, "Another"))[1].outcomes[0]
    sent = finding(desk, prediction, outcome=str(foreign.id), step="confirm")
    answer = desk.post(path(prediction.article, "resolution"), data=sent)
    assert (answer.status_code, prediction.resolution) == (422, None)
    assert "That outcome is not part of this question." in answer.text


def test_nul_bytes_reach_neither_source_nor_evidence(desk: FlaskClient, prediction: Prediction) -> None:
    sent = finding(desk, prediction, source_url="https://a.example/\x00b", evidence="Lost\x00.", step="confirm")
    desk.post(path(prediction.article, "resolution"), data=sent)
    assert prediction.resolution is not None
    assert (prediction.resolution.source_url, prediction.resolution.evidence) == ("https://a.example/b", "Lost.")


def test_a_draft_cannot_be_resolved(desk: FlaskClient, draft: Article) -> None:
    answers = [desk.get(path(draft, "resolution")), desk.post(path(draft, "resolution"), data={"step": "confirm"})]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert "This prediction has not been opened yet." in answers[1].text


def test_an_editor_who_was_overtaken_sees_by_what_and_can_still_send(desk: FlaskClient, prediction: Prediction) -> None:
    where = path(prediction.article, "resolution")
    sent = finding(desk, prediction, step="confirm")
    other = finding(desk, prediction, step="confirm", outcome=str(prediction.outcomes[0].id))
    desk.post(where, data=sent)
    answer = desk.post(where, data=other)
    assert (answer.status_code, len(prediction.resolutions)) == (409, 1)
    assert "Something else was said of how this ended meanwhile." in answer.text
    again = fields_of(answer.text, action=where)
    assert again["outcome"] == other["outcome"]
    type_into(again, {"step": "confirm"})
    assert desk.post(where, data=again).status_code == 303
    assert [row.outcome_id for row in prediction.resolutions] == [int(sent["outcome"]), int(other["outcome"])]


def test_an_article_without_a_prediction_has_nothing_to_resolve(desk: FlaskClient, silent: Article) -> None:
    assert desk.get(path(silent, "resolution")).status_code == 404


def test_the_last_look_shows_markup_as_it_was_typed(desk: FlaskClient, prediction: Prediction) -> None:
    sent = finding(desk, prediction, evidence='"><script>alert(1)</script>')
    assert "<script>alert" not in desk.post(path(prediction.article, "resolution"), data=sent).text
