from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain import boardkeeping, scorekeeping
from extensions import db
from models import Camp, Prediction, Reader, Resolution, ResolutionAct
from tests import factories, ledgers
from tests.ledgers import end, question, say, take
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def words(html: str, selector: str) -> str:
    found = BeautifulSoup(html, "lxml").select_one(selector)
    return " ".join(found.get_text(" ", strip=True).split()) if found else ""


def page_of(prediction: Prediction, browser: FlaskClient) -> str:
    return browser.get(f"/articles/{prediction.article.slug}").text


def rows_of(client: FlaskClient, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.fixture
def prediction(stage: None, reader: Reader, now: datetime) -> Prediction:
    """Return a question that ten readers of two camps forecast, the first one best, and that is final and scored."""
    prediction = question(now)
    for place in range(10):
        voter = reader if place == 0 else factories.account()
        take(prediction, voter, Camp.FOR if place % 2 else Camp.AGAINST)
        chance = 0.9 if place == 0 else 0.5 if place % 2 else 0.6
        say(prediction, voter, 0.01 * place, (chance, 1 - chance, 0.0), pick=0 if place < 6 else 1)
    end(prediction)
    scorekeeping.score(prediction, now=now)
    return prediction


# --- the box on the article ---------------------------------------------------------------------------------------------


def test_the_article_tells_how_readers_did(client: FlaskClient, prediction: Prediction) -> None:
    box = words(page_of(prediction, client), ".hindsight")
    for text in (
        "6 of 10 readers called it.",
        "even chances would have been 33 %",
        "Over the whole time the crowd was nearer than even chances.",
        "The nearer side in the end: Against.",
        "In favour gave it 50 % (5 readers)",
    ):
        assert text in box
    assert "You" not in box.replace("Your", "").split("Check it yourself")[0]


@pytest.fixture
def withdrawn(stage: None, now: datetime) -> Prediction:
    """Return a question that is final and scored, whose six forecasts had all been withdrawn by then."""
    prediction = question(now)
    for _ in range(6):
        say(prediction, factories.account(), 1, (0.8, 0.1, 0.1), until=5)
    end(prediction)
    scorekeeping.score(prediction, now=now)
    return prediction


def test_who_withdrew_in_time_called_nothing(client: FlaskClient, withdrawn: Prediction) -> None:
    box = words(page_of(withdrawn, client), ".hindsight")
    assert "Over the whole time the crowd was nearer than even chances." in box
    assert "called it" not in box
    assert "In the end" not in box


def test_the_home_page_is_silent_where_nobody_stood_in_the_end(client: FlaskClient, withdrawn: Prediction) -> None:
    page = client.get("/").text
    assert withdrawn.article.headline in page
    assert "called it" not in page
    assert "In the end" not in page


def test_the_home_page_tells_how_readers_did(client: FlaskClient, prediction: Prediction) -> None:
    told, chance = words(client.get("/").text, ".list-title + .teaser"), ledgers.methods_of(prediction)["crowd"].chance
    assert told.endswith(f"6 of 10 readers called it. In the end the crowd forecast gave it {chance:.0%}.".replace("%", " %"))


def test_what_waits_for_its_scores_is_not_told_on_the_home_page(
    client: FlaskClient, prediction: Prediction, now: datetime
) -> None:
    prediction.score_due_at = now
    assert "called it" not in client.get("/").text


def test_what_a_law_hides_is_not_told_on_the_home_page(client: FlaskClient, prediction: Prediction) -> None:
    prediction.article.hides_counts = True
    assert "called it" not in client.get("/").text


def test_how_readers_did_costs_the_home_page_the_same_however_often(
    client: FlaskClient, prediction: Prediction, now: datetime
) -> None:
    seen = []
    for _ in range(2):
        with counted_statements() as statements:
            client.get("/")
        seen.append(len(statements))
        other = question(now)
        end(other)
        scorekeeping.score(other, now=now)
    assert seen[0] == seen[1] <= 5


def test_while_takes_are_hidden_nothing_is_told_of_the_sides(
    app: Flask, client: FlaskClient, prediction: Prediction, now: datetime
) -> None:
    poll, _ = factories.asked(prediction.article)
    poll.closes_at, poll.closed_at = now + timedelta(hours=1), None
    assert "side" not in words(page_of(prediction, client), ".hindsight")
    names = {
        row.partition(",")[0] for row in client.get(f"/predictions/{prediction.id}/scores.csv", buffered=True).text.splitlines()
    }
    assert names == {"of", "reader", "crowd", "even", "mean", "median", "recent_median", "picks"}


def test_one_sees_ones_own_score_and_rank(app: Flask, prediction: Prediction, reader: Reader) -> None:
    box = words(page_of(prediction, factories.browser_of(app, reader)), ".hindsight__own")
    assert "You called it." in box
    assert "rank 1 of 10" in box
    assert "Brier score 0.020" in box


def test_who_did_not_predict_has_no_score(app: Flask, prediction: Prediction, another_reader: Reader) -> None:
    assert not words(page_of(prediction, factories.browser_of(app, another_reader)), ".hindsight__own")


def test_a_pick_alone_is_told_that_scores_need_chances(app: Flask, another_reader: Reader, now: datetime) -> None:
    prediction = question(now)
    say(prediction, another_reader, 1, pick=1)
    end(prediction)
    scorekeeping.score(prediction, now=now)
    page = page_of(prediction, factories.browser_of(app, another_reader))
    assert "0 of 1 reader called it." in words(page, ".hindsight")
    assert "Without chances there is no score" in words(page, ".hindsight__own")


def test_until_it_is_scored_the_box_says_so(client: FlaskClient, prediction: Prediction, now: datetime) -> None:
    prediction.score_due_at = now
    box = words(page_of(prediction, client), ".hindsight")
    assert "The scores are being worked out" in box
    assert "called it" not in box


@pytest.mark.parametrize("act", [act for act in ResolutionAct if act is not ResolutionAct.FINAL])
def test_what_is_not_final_has_no_box(client: FlaskClient, prediction: Prediction, act: ResolutionAct) -> None:
    end(prediction, act=act)
    assert "How readers did" not in page_of(prediction, client)


def test_a_question_nobody_predicted_says_so(client: FlaskClient, now: datetime) -> None:
    prediction = question(now)
    end(prediction)
    scorekeeping.score(prediction, now=now)
    assert "nothing to score" in words(page_of(prediction, client), ".hindsight")


def test_scores_that_change_change_the_shared_page(client: FlaskClient, prediction: Prediction) -> None:
    address = f"/articles/{prediction.article.slug}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    ledgers.methods_of(prediction)["crowd"].chance = 0.123
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


# --- boards, the league and records -------------------------------------------------------------------------------------


def test_an_empty_board_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/leaderboard").text
    assert "A rank needs ten resolved questions" in page
    assert "See the open questions" in page


def test_the_board_names_ranks_and_marks_oneself(app: Flask, client: FlaskClient, reader: Reader, now: datetime) -> None:
    rival = factories.account("the rival")
    ledgers.records(now, reader, [rival], 10)
    first, second = BeautifulSoup(client.get("/leaderboard").text, "lxml").select("tbody tr")
    assert (first.th.get_text(strip=True), second.th.get_text(strip=True)) == (reader.name, rival.name)  # type: ignore[union-attr]
    assert "10 of 10" in first.get_text()
    assert "(you)" not in client.get("/leaderboard").text
    assert "(you)" in factories.browser_of(app, reader).get("/leaderboard").text


def test_a_board_is_of_a_section_and_a_time(client: FlaskClient, reader: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [], 10)
    assert str(reader.name) in client.get("/leaderboard?section=City&period=month").text
    for said in db.session.scalars(select(Resolution)):
        said.resolved_at = now - timedelta(days=60)
    boardkeeping.renew_at_once(["City"], now=now)
    assert str(reader.name) not in client.get("/leaderboard?section=City&period=month").text
    assert str(reader.name) in client.get("/leaderboard?section=City&period=quarter").text


@pytest.mark.parametrize(("query", "status"), [("section=Nowhere", 404), ("period=week", 400), ("period=", 400)])
def test_a_board_of_nothing_is_refused(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/leaderboard?{query}").status_code == status


@pytest.mark.parametrize("address", ["/leaderboard", "/league"])
def test_strangers_share_a_page(client: FlaskClient, prediction: Prediction, address: str) -> None:
    first = client.get(address)
    assert "public" in first.headers["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_league_compares_the_methods(client: FlaskClient, prediction: Prediction) -> None:
    page = client.get("/league").text
    names = {row.th.get_text(strip=True) for row in BeautifulSoup(page, "lxml").select("tbody tr") if row.th}
    assert names == {"Crowd forecast", "Balanced by camps", "Recency-weighted median", "Median", "Mean", "Even chances"}
    assert "On 1 question" in page
    rows = rows_of(client, "/league.csv")
    assert {row["method"] for row in rows} == {"crowd", "balanced", "recent_median", "median", "mean", "even"}
    assert {row["question"] for row in rows} == {prediction.question}


def test_before_anything_is_final_the_league_says_so(client: FlaskClient) -> None:
    assert "is final yet" in client.get("/league").text


def test_an_account_has_a_public_record_without_picks(client: FlaskClient, prediction: Prediction, reader: Reader) -> None:
    record = words(client.get(f"/readers/{reader.public_id}").text, ".record")
    assert "1 of 1" in record
    assert "1 of 10 resolved questions: a rank needs ten." in record
    assert prediction.question in record


def test_an_open_forecast_is_not_in_a_public_record(client: FlaskClient, reader: Reader, now: datetime) -> None:
    left = question(now, ago=1)
    left.question = "Will nobody see this?"
    say(left, reader, 0.5, (0.6, 0.3, 0.1))
    assert left.question not in client.get(f"/readers/{reader.public_id}").text


def test_a_guest_has_no_public_record_but_their_own(app: Flask, client: FlaskClient, stranger: Reader, now: datetime) -> None:
    prediction = question(now)
    factories.comment(prediction.article, stranger, "I have said so.")
    say(prediction, stranger, 0, (0.6, 0.3, 0.1))
    end(prediction)
    scorekeeping.score(prediction, now=now)
    public = client.get(f"/readers/{stranger.public_id}")
    assert (public.status_code, "Track record" in public.text) in {(200, False), (404, False)}
    assert "1 of 1" in words(factories.browser_of(app, stranger).get("/me").text, ".record")


def test_who_has_ten_questions_sees_their_rank(app: Flask, reader: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [], 10)
    record = words(factories.browser_of(app, reader).get("/me").text, ".record")
    assert "Rank 1" in record
    assert "a rank needs ten" not in record


@pytest.mark.parametrize("address", ["/leaderboard", "/league", "/readers/{reader}"])
def test_a_page_asks_the_same_of_the_database_however_much_there_is(
    client: FlaskClient, reader: Reader, now: datetime, address: str
) -> None:
    counts = []
    for more in (10, 4):
        ledgers.records(now, reader, [factories.account() for _ in range(5)], more)
        with counted_statements() as statements:
            client.get(address.format(reader=reader.public_id))
        counts.append(len(statements))
    assert counts[0] == counts[1]
