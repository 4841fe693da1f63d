from __future__ import annotations

import re
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from domain import articles, participation
from domain.participation import Answer
from extensions import db
from models import Article, Reader, ResultsVisibility
from tests import factories
from tests.statements import counted_statements


def pulse(browser: FlaskClient, article: Article, etag: str = "") -> TestResponse:
    return browser.get(f"/articles/{article.slug}/pulse", headers={"If-None-Match": etag} if etag else {})


def vote(article: Article, by: Reader, now: datetime, *, predicts: bool = False) -> None:
    poll, prediction = factories.asked(article)
    outcome = prediction.outcomes[0] if predicts else None
    participation.submit(article, Answer(choices=[poll.choices[0]], outcome=outcome), by=by, now=now)


def address_on_page_of(browser: FlaskClient, article: Article) -> str:
    found = re.search(r'data-pulse="([^"]+)"', browser.get(f"/articles/{article.slug}").text)
    assert found
    return found[1]


def test_the_pulse_is_small_and_says_where_things_stand(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader)
    answer = pulse(client, article)
    db.session.refresh(article)
    assert answer.get_json() == {"version": article.version, "appeared": 1, "comments": 1, "open": True}
    assert len(answer.data) < 150


def test_the_pulse_is_the_same_whoever_asks(app: Flask, client: FlaskClient, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    with browser.session_transaction() as session:
        session.permanent = True  # such a session is sent along with every answer
    ours, theirs = pulse(client, article), pulse(browser, article)
    assert (ours.data, ours.headers["ETag"]) == (theirs.data, theirs.headers["ETag"])
    assert "Cookie" not in theirs.headers.get("Vary", "")
    assert "Set-Cookie" not in theirs.headers


def test_shared_caches_ask_every_second_and_hand_out_nothing_old(client: FlaskClient, article: Article) -> None:
    assert pulse(client, article).headers["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_a_known_pulse_is_not_sent_again(client: FlaskClient, article: Article) -> None:
    answer = pulse(client, article, pulse(client, article).headers["ETag"])
    assert (answer.status_code, answer.data, answer.headers["Cache-Control"]) == (304, b"", "public, max-age=0, s-maxage=1")


def test_a_comment_changes_the_pulse(client: FlaskClient, article: Article, reader: Reader) -> None:
    etag = pulse(client, article).headers["ETag"]
    factories.comment(article, reader)
    assert pulse(client, article, etag).status_code == 200


def test_a_held_comment_leaves_the_pulse_alone(client: FlaskClient, article: Article) -> None:
    etag = pulse(client, article).headers["ETag"]
    factories.comment(article, factories.guest())
    assert pulse(client, article, etag).status_code == 304


def test_hidden_votes_leave_the_pulse_alone(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    etag = pulse(client, article).headers["ETag"]
    vote(article, reader, now, predicts=True)
    assert pulse(client, article, etag).status_code == 304


def test_closing_is_told(client: FlaskClient, article: Article, now: datetime) -> None:
    articles.close(article, now=now)
    assert pulse(client, article).get_json()["open"] is False


def test_results_open_to_everybody_are_told_of(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    factories.asked(article)[0].visibility = ResultsVisibility.ALWAYS
    before = pulse(client, article).get_json()["tallies"]
    vote(article, reader, now)
    assert pulse(client, article).get_json()["tallies"] != before


def test_who_may_see_results_hears_of_changes(
    app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    vote(article, reader, now)
    browser = factories.browser_of(app, reader)
    address = address_on_page_of(browser, article)
    before = browser.get(address).get_json()["tallies"]
    vote(article, another_reader, now)
    assert browser.get(address).get_json()["tallies"] != before


def test_who_may_see_takes_alone_hears_nothing_of_predictions(
    app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    vote(article, reader, now)
    browser = factories.browser_of(app, reader)
    address = address_on_page_of(browser, article)
    before = browser.get(address).get_json()["tallies"]
    outcome = factories.asked(article)[1].outcomes[0]
    participation.submit(article, Answer(outcome=outcome), by=another_reader, now=now)
    assert browser.get(address).get_json()["tallies"] == before


def test_the_page_of_nobody_listens_where_nothing_hidden_is_told(client: FlaskClient, article: Article) -> None:
    assert address_on_page_of(client, article) == f"/articles/{article.slug}/pulse"


def test_the_key_of_another_article_opens_nothing(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    other = factories.open_article(now, "Another bridge")
    vote(other, reader, now)
    browser = factories.browser_of(app, reader)
    key = address_on_page_of(browser, other).rpartition("/")[2]
    assert browser.get(f"/articles/{article.slug}/pulse/{key}").status_code == 404
    assert browser.get(f"/articles/{article.slug}/pulse/{'é' * 32}").status_code == 404


def test_a_pulse_costs_one_statement_and_with_results_two(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    vote(article, reader, now, predicts=True)
    address = address_on_page_of(factories.browser_of(app, reader), article)
    counts = []
    for path in (f"/articles/{article.slug}/pulse", address):
        with counted_statements() as statements:
            app.test_client().get(path)
        counts.append(len(statements))
    assert counts == [1, 2]
