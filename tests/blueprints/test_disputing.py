from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import disputes, participation, readers, resolutions
from domain.disputes import MOST_OPEN, Objection
from domain.participation import Answer
from domain.resolutions import TIME_TO_DISPUTE
from extensions import db
from models import Article, Dispute, Prediction, Reader, ResolutionAct, Role
from tests import factories
from tests.forms import Fields, fields_of, type_into
from tests.resolving import OBJECTION, dispute, finalise, finding, resolve

pytestmark = pytest.mark.usefixtures("stage")
TYPED = {"source_url": "https://a.example/notes", "argument": "The notes say otherwise.\nOn page 2."}


@pytest.fixture
def said(article: Article, editor: Reader, now: datetime) -> Prediction:
    """Return a prediction of which something is said provisionally."""
    resolve(article, editor, now - timedelta(minutes=1))
    return factories.asked(article)[1]


@pytest.fixture
def browser(app: Flask, reader: Reader) -> FlaskClient:
    return factories.browser_of(app, reader)


def path(prediction: Prediction) -> str:
    return f"/predictions/{prediction.id}/disputes"


def article_path(prediction: Prediction) -> str:
    return f"/articles/{prediction.article.slug}"


def filled(browser: FlaskClient, prediction: Prediction, **typed: str) -> Fields:
    where = path(prediction)
    fields = fields_of(browser.get(where).text, action=where)
    type_into(fields, {**TYPED, **typed})
    return fields


def words(html: str) -> str:
    main = BeautifulSoup(html, "lxml").main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def rows() -> list[Dispute]:
    return db.session.query(Dispute).order_by(Dispute.id).all()


def test_a_reader_disputes_from_the_article_on(browser: FlaskClient, said: Prediction, reader: Reader) -> None:
    page = BeautifulSoup(browser.get(article_path(said)).text, "lxml")
    assert [link["href"] for link in page.select(".verdict__acts a")] == [f"{path(said)}#dispute"]
    answer = browser.post(path(said), data=filled(browser, said))
    (row,) = rows()
    assert (answer.status_code, answer.location) == (303, path(said))
    assert (row.reader_id, row.source_url, row.argument) == (reader.id, TYPED["source_url"], TYPED["argument"])


def test_a_guest_disputes_without_an_account(client: FlaskClient, said: Prediction) -> None:
    answer = client.post(path(said), data=filled(client, said), follow_redirects=True)
    assert answer.status_code == 200
    assert "Thank you." in answer.text
    assert [row.reader.is_guest for row in rows()] == [True]


def test_a_button_pressed_twice_disputes_once(browser: FlaskClient, said: Prediction) -> None:
    fields = filled(browser, said)
    assert [browser.post(path(said), data=fields).status_code for _ in range(2)] == [303, 303]
    assert len(rows()) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"source_url": ""}, "Give a full web address"),
        ({"source_url": "javascript:alert(1)"}, "Give a full web address"),
        ({"source_url": "https://a.example/" + "x" * 2_000}, "At most 2000 characters."),
        ({"argument": ""}, "Write what the source shows"),
        ({"argument": "x" * 2_001}, "At most 2000 characters."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_mistake_is_named_and_the_rest_kept(browser: FlaskClient, said: Prediction, typed: dict[str, str], says: str) -> None:
    sent = filled(browser, said, **typed)
    answer = browser.post(path(said), data=sent)
    assert (answer.status_code, says in answer.text, rows()) == (422, True, [])
    shown = fields_of(answer.text, action=path(said))
    assert {name: shown[name] for name in TYPED} == {name: sent[name] for name in TYPED}


def test_what_was_replaced_meanwhile_is_not_disputed_and_the_text_kept(
    browser: FlaskClient, said: Prediction, editor: Reader, now: datetime
) -> None:
    sent = filled(browser, said)
    resolutions.resolve(said, finding(said.outcomes[1], now), by=editor, now=now)
    answer = browser.post(path(said), data=sent)
    assert (answer.status_code, rows()) == (409, [])
    assert "Something else was said of how this ended meanwhile." in answer.text
    assert all(line in answer.text for line in (*TYPED["argument"].splitlines(), TYPED["source_url"]))


def test_after_the_session_ended_nothing_is_sent_as_a_guest(
    browser: FlaskClient, said: Prediction, reader: Reader, now: datetime
) -> None:
    sent = filled(browser, said)
    with browser.session_transaction() as session:
        readers.sign_out(session["_user_id"], now=now)
    answer = browser.post(path(said), data=sent)
    assert (answer.status_code, rows()) == (403, [])
    assert "You are no longer signed in" in answer.text
    assert "On page 2." in answer.text


def test_who_said_it_is_told_why_they_cannot_dispute_it(app: Flask, said: Prediction, editor: Reader) -> None:
    browser = factories.browser_of(app, editor)
    assert "You said what happened yourself" in words(browser.get(path(said)).text)
    assert browser.post(path(said), data=TYPED).status_code == 403


def test_when_too_many_wait_another_is_told_so(browser: FlaskClient, said: Prediction, now: datetime) -> None:
    for _ in range(MOST_OPEN):
        dispute(said, factories.guest(), now)
    assert "20 disputes wait for an editor already." in words(browser.get(path(said)).text)
    assert browser.post(path(said), data=TYPED).status_code == 409


def test_a_dispute_and_its_decision_can_be_read_by_everybody(
    client: FlaskClient, said: Prediction, reader: Reader, now: datetime
) -> None:
    one = dispute(said, reader, now)
    page = words(client.get(path(said)).text)
    assert OBJECTION.argument in page
    assert "Waits for a second editor." in page
    disputes.dismiss(one, "That is another vote.", by=factories.account("Sue", role=Role.EDITOR), now=now)
    page = words(client.get(path(said)).text)
    assert "Dismissed" in page
    assert "That is another vote." in page
    assert "Sue" not in page


def test_only_what_is_said_last_is_said_to_be_open_to_disputes(
    client: FlaskClient, said: Prediction, editor: Reader, now: datetime
) -> None:
    resolutions.resolve(said, finding(said.outcomes[1], now), by=editor, now=now)
    assert words(client.get(path(said)).text).count("Readers can dispute it.") == 1


def test_a_guests_words_are_read_by_editors_first(
    app: Flask, client: FlaskClient, said: Prediction, stranger: Reader, now: datetime
) -> None:
    dispute(said, stranger, now)
    own, desk = (factories.browser_of(app, who) for who in (stranger, factories.account(role=Role.EDITOR)))
    shown = [OBJECTION.argument in browser.get(path(said)).text for browser in (client, own, desk)]
    assert shown == [False, True, True]
    assert "no editor has upheld it" in client.get(path(said)).text


def test_the_words_of_who_has_earned_trust_are_read_at_once(
    client: FlaskClient, said: Prediction, reader: Reader, moderator: Reader, now: datetime
) -> None:
    linked = Objection(source_url=OBJECTION.source_url, argument="See https://example.org/minutes.")
    disputes.dispute(said, linked, by=reader, now=now)
    known = client.get(path(said))
    assert linked.argument not in known.text
    factories.approve(factories.comment(factories.open_article(now, "Elsewhere"), reader), moderator)
    db.session.commit()
    assert linked.argument in client.get(path(said), headers={"If-None-Match": known.headers["ETag"]}).text


def test_hostile_text_is_text(client: FlaskClient, said: Prediction, reader: Reader, now: datetime) -> None:
    hostile = Objection(source_url='https://a.example/"onclick="x', argument="<img src=x onerror=alert(1)> *not bold*")
    disputes.dispute(said, hostile, by=reader, now=now)
    page = BeautifulSoup(client.get(path(said)).text, "lxml")
    assert not page.select("main img, main em, main [onclick]")
    link = page.select(".dispute a")[0]
    assert set(link["rel"]) >= {"nofollow", "ugc", "noopener"}


def test_a_strangers_page_is_shared_and_turns_over_with_each_step(
    client: FlaskClient, said: Prediction, reader: Reader, editor: Reader, now: datetime
) -> None:
    steps: list[Callable[[], object]] = [
        lambda: dispute(said, reader, now),
        lambda: disputes.dismiss(rows()[0], "No.", by=factories.account(role=Role.EDITOR), now=now),
        lambda: resolutions.reopen(said, "Premature.", by=editor, now=now),
    ]
    for where in (path(said), article_path(said)):
        assert "s-maxage" in client.get(where).headers["Cache-Control"]
    tags = [[client.get(where).headers["ETag"] for where in (path(said), article_path(said))]]
    for step in steps:
        step()
        tags.append([client.get(where).headers["ETag"] for where in (path(said), article_path(said))])
    assert [len(set(column)) for column in zip(*tags, strict=True)] == [4, 4]


def test_the_button_to_dispute_goes_with_the_time(client: FlaskClient, said: Prediction) -> None:
    before = client.get(article_path(said))
    said.resolutions[-1].resolved_at -= TIME_TO_DISPUTE
    after = client.get(article_path(said), headers={"If-None-Match": before.headers["ETag"]})
    assert ("Dispute this" in before.text, after.status_code, "Dispute this" in after.text) == (True, 200, False)
    assert "The time to dispute this is over." in client.get(path(said)).text


def test_where_nothing_is_said_the_page_says_so(client: FlaskClient, article: Article) -> None:
    page = words(client.get(path(factories.asked(article)[1])).text)
    assert "there is nothing to dispute" in page


# --- the article's page ----------------------------------------------------------------------------------------------


def test_what_is_provisional_says_so_and_until_when(
    client: FlaskClient, said: Prediction, stranger: Reader, now: datetime
) -> None:
    page = words(client.get(article_path(said)).text)
    assert "Provisional: it becomes final on" in page
    assert "unless a dispute is upheld" in page
    dispute(said, stranger, now)
    assert "1 dispute waits for a second editor" in words(client.get(article_path(said)).text)


def test_what_is_final_says_since_when(client: FlaskClient, said: Prediction, now: datetime) -> None:
    finalise(said, now)
    page = words(client.get(article_path(said)).text)
    assert "Final since" in page
    assert "Provisional" not in page
    assert "Dispute this" not in page


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (ResolutionAct.ANNULLED, "It ended without an outcome"),
        (ResolutionAct.AMBIGUOUS, "Without a clear outcome"),
        (ResolutionAct.REOPENED, "What was said before no longer holds."),
    ],
)
def test_what_was_taken_back_says_why(
    client: FlaskClient, said: Prediction, *, editor: Reader, now: datetime, act: ResolutionAct, says: str
) -> None:
    resolutions.declare(said, act, "Because of <this>.", by=editor, now=now)
    page = words(client.get(article_path(said)).text)
    assert says in page
    assert "Because of <this>." in page
    assert "What happened" not in page


def test_a_prediction_made_too_late_is_told_so(
    browser: FlaskClient, article: Article, *, reader: Reader, editor: Reader, now: datetime
) -> None:
    prediction = factories.asked(article)[1]
    participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=reader, now=now)
    resolve(article, editor, now)
    page = words(browser.get(article_path(prediction)).text)
    assert "Your prediction was made after it became known; it does not count." in page
    assert "You called it." not in page


def test_home_lists_what_ended_without_an_outcome_apart(
    client: FlaskClient, article: Article, editor: Reader, now: datetime
) -> None:
    poll, prediction = factories.asked(article)
    poll.closed_at = now
    resolutions.annul(prediction, "It was unsound.", by=editor, now=now)
    page = words(client.get("/").text)
    assert "Ended without an outcome" in page
    assert "Annulled" in page
    assert "Closed, waiting for the outcome" not in page


def test_home_says_what_is_provisional(client: FlaskClient, said: Prediction, now: datetime) -> None:
    factories.asked(said.article)[0].closed_at = now
    assert "(provisional)" in words(client.get("/").text)
    finalise(said, now)
    assert "(provisional)" not in words(client.get("/").text)


def test_the_feed_says_that_there_is_no_outcome(client: FlaskClient, said: Prediction, editor: Reader, now: datetime) -> None:
    before = client.get("/feed.atom")
    assert said.outcomes[0].label in before.text
    resolutions.annul(said, "It was unsound.", by=editor, now=now)
    after = client.get("/feed.atom", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Ended without an outcome" in after.text
    assert said.outcomes[0].label not in after.text


def test_what_was_annulled_is_no_accepted_answer(client: FlaskClient, said: Prediction, editor: Reader, now: datetime) -> None:
    assert "acceptedAnswer" in client.get(article_path(said)).text
    resolutions.annul(said, "It was unsound.", by=editor, now=now)
    assert "acceptedAnswer" not in client.get(article_path(said)).text
