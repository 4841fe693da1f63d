from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import articles, participation
from domain.participation import Answer
from extensions import db
from models import Article, Comment, CrowdForecast, Forecast, OpinionVote, Reader, ResultsVisibility
from tests import factories
from tests.statements import counted_statements

MOST_FOR_A_FIRST_VOTE, MOST_FOR_A_VOTE = 13, 14  # statements, of which five and four write; each costs more than what it finds


def path(article: Article) -> str:
    return f"/articles/{article.slug}"


def fill(
    article: Article,
    more: dict[str, str] | None = None,
    *,
    choice: int | None = None,
    outcome: int | None = None,
    **fields: str,
) -> dict[str, str]:
    assert article.poll is not None
    assert article.prediction is not None
    filled = {**(more or {}), **fields}
    if choice is not None:
        filled["choice"] = str(article.poll.choices[choice].id)
    if outcome is not None:
        filled["outcome"] = str(article.prediction.outcomes[outcome].id)
    return filled


def chances(article: Article, *percents: str) -> dict[str, str]:
    assert article.prediction is not None
    return {f"chances-{outcome.id}": percent for outcome, percent in zip(article.prediction.outcomes, percents, strict=True)}


def send(client: FlaskClient, article: Article, fields: dict[str, str]) -> tuple[int, str]:
    answer = client.post(f"{path(article)}/participation", data=fields, follow_redirects=True)
    return answer.status_code, answer.text


def test_the_page_asks_both_questions(client: FlaskClient, article: Article) -> None:
    page = client.get(path(article)).text
    assert "Should the tolls end?" in page
    assert "How will the council vote?" in page


def test_a_guest_votes_and_sees_the_result(client: FlaskClient, article: Article) -> None:
    _, page = send(client, article, fill(article, choice=0))
    assert "your pick" in page


def test_a_first_vote_asks_the_database_little(client: FlaskClient, article: Article) -> None:
    fields = fill(article, choice=0)
    sent_round = client.post(f"{path(article)}/participation", data=fields)  # for the cookie
    with counted_statements() as statements:
        client.post(sent_round.location, data=fields)
    assert len(statements) <= MOST_FOR_A_FIRST_VOTE


def test_a_changed_vote_asks_the_database_little(client: FlaskClient, article: Article) -> None:
    send(client, article, fill(article, choice=0))
    fields = fill(article, choice=1)
    with counted_statements() as statements:
        client.post(f"{path(article)}/participation", data=fields)
    assert len(statements) <= MOST_FOR_A_VOTE


def test_a_vote_without_a_prediction_leaves_the_crowd_as_it_was(client: FlaskClient, article: Article) -> None:
    send(client, article, fill(article, choice=0))
    assert db.session.scalar(select(func.count()).select_from(CrowdForecast)) == 0


def test_a_predictors_change_of_mind_is_in_the_crowd_at_once(client: FlaskClient, article: Article) -> None:
    send(client, article, fill(article, chances(article, "50", "30", "20"), choice=0))
    send(client, article, fill(article, choice=1))
    kept = db.session.scalars(select(CrowdForecast)).one()
    assert [camp["camp"] for camp in kept.summary["camps"]] == ["against"]


def test_results_are_hidden_until_one_votes(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[0]]), by=reader, now=now)
    page = client.get(path(article)).text
    assert "What readers say" not in page
    assert "100 %" not in page


def test_who_has_only_voted_does_not_see_the_predictions(client: FlaskClient, article: Article) -> None:
    _, page = send(client, article, fill(article, choice=0))
    assert "Predict the outcome below to see what others expect." in page
    assert "crowd forecast" not in page.lower()


def test_comment_badges_are_hidden_until_one_votes(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    assert article.poll is not None
    answer = Answer(choices=[article.poll.choices[1]], reason="I pay it twice a day.")
    participation.submit(article, answer, by=reader, now=now)
    assert 'class="take' not in client.get(path(article)).text


def test_badges_stand_beside_comments_once_one_has_voted(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    assert article.poll is not None
    answer = Answer(choices=[article.poll.choices[1]], reason="I pay it twice a day.")
    participation.submit(article, answer, by=reader, now=now)
    assert re.search(r'class="take[^>]*>Disagree', send(client, article, fill(article, choice=0))[1])


def test_a_closed_poll_shows_its_result_to_everyone(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[0]]), by=reader, now=now)
    articles.close(article, now=now)
    assert "What readers say" in client.get(path(article)).text


def test_results_after_closing_stay_hidden_from_voters(client: FlaskClient, article: Article) -> None:
    assert article.poll is not None
    article.poll.visibility = ResultsVisibility.AFTER_CLOSING
    assert "What readers say" not in send(client, article, fill(article, choice=0))[1]


def test_a_changed_mind_is_shown(client: FlaskClient, article: Article) -> None:
    send(client, article, fill(article, choice=0))
    _, page = send(client, article, fill(article, choice=1))
    assert re.search(r"tally-bar--mine.*?Disagree", page, re.DOTALL)


def test_a_button_pressed_twice_counts_once(client: FlaskClient, article: Article) -> None:
    for _ in range(2):
        send(client, article, fill(article, choice=0, outcome=1, reason="Twice pressed."))
    assert db.session.scalar(select(func.count()).select_from(OpinionVote)) == 1
    assert db.session.scalar(select(func.count()).select_from(Comment)) == 1


def test_a_first_submit_is_sent_round_once_for_its_cookie(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"{path(article)}/participation", data=fill(article, choice=0))
    assert answer.status_code == 307
    assert db.session.scalar(select(func.count()).select_from(OpinionVote)) == 0


def test_a_browser_that_refuses_cookies_is_told_and_keeps_its_text(client: FlaskClient, article: Article) -> None:
    answer = client.post(f"{path(article)}/participation?cookie=set", data=fill(article, choice=0, reason="My long text."))
    assert answer.status_code == 403
    assert "My long text." in answer.text


@pytest.mark.parametrize(
    ("percents", "complaint"),
    [
        (("50", "40", "20"), "add up to 110"),
        (("-10", "60", "50"), "whole number"),
        (("1e309", "0", "0"), "whole number"),
        (("NaN", "50", "50"), "whole number"),
        (("33.4", "33.3", "33.3"), "whole number"),
    ],
)
def test_chances_that_are_no_distribution_are_explained_and_kept(
    client: FlaskClient, article: Article, percents: tuple[str, ...], complaint: str
) -> None:
    status, page = send(client, article, fill(article, chances(article, *percents), reason="Kept."))
    assert (status, complaint in page, "Kept." in page, f'value="{percents[0]}"' in page) == (422, True, True, True)


def test_a_full_distribution_picks_its_highest_outcome(client: FlaskClient, article: Article) -> None:
    send(client, article, fill(article, chances(article, "20", "70", "10")))
    forecast = db.session.scalars(select(Forecast)).one()
    assert forecast.outcome.label == "Against"


def test_a_pick_against_ones_own_chances_is_questioned(client: FlaskClient, article: Article) -> None:
    status, page = send(client, article, fill(article, chances(article, "20", "70", "10"), outcome=0))
    assert (status, "gave another a higher chance" in page) == (422, True)


def test_a_confidence_in_words_becomes_a_distribution(client: FlaskClient, article: Article) -> None:
    send(client, article, fill(article, outcome=0, confidence="70"))
    forecast = db.session.scalars(select(Forecast)).one()
    assert [round(item.probability, 9) for item in forecast.probabilities] == [0.7, 0.15, 0.15]


@pytest.mark.parametrize("field", ["choice", "outcome"])
@pytest.mark.parametrize("value", ["0", "-1", "99999999999999999999", "x", "1 OR 1=1", "\x00"])
def test_an_answer_that_was_not_offered_is_refused(client: FlaskClient, article: Article, field: str, value: str) -> None:
    assert send(client, article, {field: value})[0] == 422
    assert db.session.scalar(select(func.count()).select_from(OpinionVote)) == 0


def test_an_empty_submit_says_what_to_do(client: FlaskClient, article: Article) -> None:
    status, page = send(client, article, {})
    assert (status, "Choose an answer" in page) == (422, True)


def test_a_reason_that_is_too_long_is_kept(client: FlaskClient, article: Article) -> None:
    status, page = send(client, article, fill(article, choice=0, reason="long " * 1_001))
    assert (status, "long long" in page, "at most 5000" in page) == (422, True, True)


def test_a_vote_after_closing_says_so_and_keeps_the_reason(client: FlaskClient, article: Article, now: datetime) -> None:
    articles.close(article, now=now)
    status, page = send(client, article, fill(article, choice=0, reason="Too late, sadly."))
    assert (status, "Too late, sadly." in page) == (409, True)


def test_a_draft_is_nothing_to_readers(client: FlaskClient, now: datetime) -> None:
    draft = articles.create(factories.draft(now), now=now)
    assert client.get(path(draft)).status_code == 404


def test_the_page_is_the_same_for_everyone_who_has_nothing_of_ours(app: Flask, client: FlaskClient, article: Article) -> None:
    other = app.test_client()
    other.set_cookie("analytics", "1")
    first = client.get(path(article))
    second = other.get(path(article), headers={"User-Agent": "Other", "Accept-Language": "de"})
    assert (first.data, first.headers["ETag"]) == (second.data, second.headers["ETag"])
    assert "Set-Cookie" not in first.headers


def test_a_known_version_is_not_sent_again(client: FlaskClient, article: Article) -> None:
    etag = client.get(path(article)).headers["ETag"]
    answer = client.get(path(article), headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data) == (304, b"")


def test_a_new_comment_makes_a_new_version(client: FlaskClient, article: Article, reader: Reader) -> None:
    etag = client.get(path(article)).headers["ETag"]
    factories.comment(article, reader)
    assert client.get(path(article)).headers["ETag"] != etag


def test_a_hidden_vote_makes_no_new_version(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    etag = client.get(path(article)).headers["ETag"]
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[0]]), by=reader, now=now)
    assert client.get(path(article)).headers["ETag"] == etag


def test_a_closing_makes_a_new_version_by_time_alone(client: FlaskClient, article: Article, now: datetime) -> None:
    etag = client.get(path(article)).headers["ETag"]
    assert article.poll is not None
    article.poll.closes_at = now - timedelta(seconds=1)
    assert client.get(path(article)).headers["ETag"] != etag


def test_a_readers_own_page_is_stored_by_nobody(app: Flask, article: Article, reader: Reader) -> None:
    answer = factories.browser_of(app, reader).get(path(article))
    assert (answer.headers["Cache-Control"], answer.headers.get("ETag")) == ("private, no-store", None)


def test_queries_do_not_grow_with_comments(client: FlaskClient, article: Article) -> None:
    seen = []
    for count in (3, 25):
        for _ in range(count):
            factories.comment(article, factories.account(confirmed=False))
        with counted_statements() as statements:
            client.get(path(article))
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 10


def test_a_reader_who_took_part_costs_a_constant_number_of_queries(app: Flask, article: Article, reader: Reader) -> None:
    browser, seen = factories.browser_of(app, reader), []
    send(browser, article, fill(article, choice=0, outcome=0, confidence="70", reason="First."))
    for count in (6, 20):  # enough for a crowd forecast both times
        for _ in range(count):
            person = factories.account(confirmed=False)
            form = fill(article, choice=1, outcome=1, confidence="55", reason=f"Reason {person.id}.")
            send(factories.browser_of(app, person), article, form)
        with counted_statements() as statements:
            browser.get(path(article))
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 34


def test_a_read_writes_nothing(client: FlaskClient, article: Article) -> None:
    with counted_statements() as statements:
        client.get(path(article))
        client.get("/")
    assert not [statement for statement in statements if not statement.lstrip().startswith(("SELECT", "BEGIN"))]


def test_home_lists_what_is_open(client: FlaskClient, article: Article) -> None:
    assert article.headline in client.get("/").text


def test_home_without_articles_says_so(client: FlaskClient) -> None:
    assert "No question is open right now" in client.get("/").text


def test_home_costs_the_same_with_many_articles(client: FlaskClient, now: datetime) -> None:
    seen = []
    for count in (1, 12):
        for _ in range(count):
            factories.open_article(now)
        with counted_statements() as statements:
            client.get("/")
        seen.append(len(statements))
    assert seen[0] == seen[1]
