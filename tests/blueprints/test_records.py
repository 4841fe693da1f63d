from __future__ import annotations

import csv
import io
import math
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from domain import scorekeeping
from extensions import db
from models import Camp, Outcome, Prediction, PredictionKind, Reader, Resolution, ResolutionAct
from tests import factories, ledgers
from tests.ledgers import end, question, say, take
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def words(html: str, selector: str) -> str:
    found = BeautifulSoup(html, "html.parser").select_one(selector)
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
    first, second = BeautifulSoup(client.get("/leaderboard").text, "html.parser").select("tbody tr")
    assert (first.th.get_text(strip=True), second.th.get_text(strip=True)) == (reader.name, rival.name)  # type: ignore[union-attr]
    assert "10 of 10" in first.get_text()
    assert "(you)" not in client.get("/leaderboard").text
    assert "(you)" in factories.browser_of(app, reader).get("/leaderboard").text


def test_a_board_is_of_a_section_and_a_time(client: FlaskClient, reader: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [], 10)
    assert str(reader.name) in client.get("/leaderboard?section=City&period=month").text
    for said in db.session.scalars(select(Resolution)):
        said.resolved_at = now - timedelta(days=60)
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
    names = {row.th.get_text(strip=True) for row in BeautifulSoup(page, "html.parser").select("tbody tr") if row.th}
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


# --- the files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["forecasts", "scores"])
def test_there_are_no_files_until_it_is_final(client: FlaskClient, prediction: Prediction, name: str) -> None:
    end(prediction, act=ResolutionAct.PROVISIONAL)
    assert client.get(f"/predictions/{prediction.id}/{name}.csv").status_code == 404
    assert client.get(f"/predictions/{10**25}/{name}.csv").status_code == 404


def test_there_are_no_scores_until_they_are_worked_out(client: FlaskClient, prediction: Prediction, now: datetime) -> None:
    prediction.score_due_at = now
    assert client.get(f"/predictions/{prediction.id}/scores.csv").status_code == 404
    assert client.get(f"/predictions/{prediction.id}/forecasts.csv").status_code == 200


def test_a_file_names_nobody(client: FlaskClient, prediction: Prediction, reader: Reader) -> None:
    for name in ("forecasts", "scores"):
        text = client.get(f"/predictions/{prediction.id}/{name}.csv").text
        assert reader.public_id not in text
        assert str(reader.name) not in text


def test_a_reader_is_another_number_in_another_question(client: FlaskClient, reader: Reader, now: datetime) -> None:
    numbers = []
    for before in (0, 3):
        prediction = question(now, headline=f"After {before}")
        for _ in range(before):
            say(prediction, factories.account(), 1, (0.5, 0.5, 0.0))
        say(prediction, reader, 2, (0.25, 0.75, 0.0))
        end(prediction)
        rows = rows_of(client, f"/predictions/{prediction.id}/forecasts.csv")
        numbers.append(next(row["reader"] for row in rows if "0.25" in row.values()))
    assert numbers == ["1", "4"]


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://evil.example","x")'])
def test_what_an_editor_typed_is_no_formula(client: FlaskClient, prediction: Prediction, label: str) -> None:
    prediction.outcomes[0].label = label
    prediction.question = label
    texts = [client.get(f"/predictions/{prediction.id}/forecasts.csv").text, client.get("/league.csv").text]
    cells = [cell for text in texts for row in csv.reader(io.StringIO(text)) for cell in row]
    assert any(label in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@")) or cell == "-1"]


def test_a_long_file_arrives_whole(client: FlaskClient, stage: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("domain.disclosure.PIECE", 4)
    prediction = question(now)
    for place in range(20):
        say(prediction, factories.account(), place / 4, (0.5, 0.25, 0.25) if place % 3 else (), pick=place % 2)
    end(prediction)
    scorekeeping.score(prediction, now=now)
    rows = rows_of(client, f"/predictions/{prediction.id}/forecasts.csv")
    assert [row["reader"] for row in rows] == [str(number) for number in range(1, 21)]
    assert {row["chance 1: For ending them"] for row in rows} == {"", "0.5"}
    scores = rows_of(client, f"/predictions/{prediction.id}/scores.csv")
    assert len([row for row in scores if row["of"] == "reader"]) == 20


def test_anybody_can_work_every_score_out_anew(client: FlaskClient, now: datetime) -> None:
    prediction = eventful(now)
    inputs = rows_of(client, f"/predictions/{prediction.id}/forecasts.csv")
    outputs = rows_of(client, f"/predictions/{prediction.id}/scores.csv")
    expected = worked_out(inputs, splits={3: 0})
    readers = [row for row in outputs if row["of"] == "reader"]
    assert {int(row["reader"]) for row in readers} == expected.keys()
    for row in readers:
        mine = expected[int(row["reader"])]
        assert row["called"] == str(int(mine.pop("called")))
        for name, value in mine.items():
            assert (row[name] == "") if value is None else float(row[name]) == pytest.approx(value, abs=1e-9), (row, name)


def eventful(now: datetime) -> Prediction:
    """Return a scored question that was known before its close, with changes, withdrawals, picks alone and a split outcome."""
    dice = np.random.default_rng(11)
    prediction = question(now)
    prediction.kind = PredictionKind.NUMBER
    people = [factories.account() for _ in range(12)]
    for place in range(40):
        row = dice.dirichlet(np.ones(3)).tolist()
        until = float(9 + dice.random()) if place == 39 else -1
        say(
            prediction, people[int(dice.integers(12))], place / 5 + 0.001, row if place % 7 else (), pick=place % 3, until=until
        )
    added = Outcome(position=4, label="Split", added_at=ledgers.at(prediction, 5), split_from_id=prediction.outcomes[0].id)
    prediction.outcomes.append(added)
    end(prediction, outcome=0, known=7)
    scorekeeping.score(prediction, now=now)
    return prediction


def worked_out(rows: list[dict[str, str]], splits: dict[int, int]) -> dict[int, dict[str, Any]]:
    """Work scores out from a file alone, interval by interval, as docs/numbers.md says."""
    when = {
        name: datetime.fromisoformat(rows[0][name]).timestamp() for name in ("opened_at", "closes_at", "closed_at", "known_at")
    }
    close, happened = min(when["closes_at"], when["closed_at"], when["known_at"]), int(rows[0]["happened"]) - 1
    made = [forecast_in(row, splits, close) for row in rows]
    edges = sorted({when["opened_at"], close, *(one[side] for one in made for side in ("start", "end"))})
    peers: dict[int, float] = {}
    for start, stop in pairwise(edges):
        active = [one for one in made if one["p"] is not None and one["start"] <= start < one["end"]]
        logs = [math.log(min(max(one["p"][happened], 0.01), 0.99)) for one in active]
        for one, mine in zip(active, logs, strict=True):
            gained = 100 * len(logs) / (len(logs) - 1) * (mine - sum(logs) / len(logs)) if len(logs) > 1 else 0.0
            peers[one["reader"]] = peers.get(one["reader"], 0.0) + gained * (stop - start)
    length = when["closes_at"] - when["opened_at"]
    return {
        reader: scores_of(reader, made, peers.get(reader, 0.0) / length, (length, close), happened)
        for reader in {one["reader"] for one in made}
    }


def forecast_in(row: dict[str, str], splits: dict[int, int], close: float) -> dict[str, Any]:
    cells = [value for name, value in row.items() if name.startswith("chance")]
    chances = [float(cell) if cell else None for cell in cells]
    for child, parent in splits.items():
        whole = chances[parent]
        if chances[child] is None and whole is not None:
            chances[child] = chances[parent] = whole / 2
    end_at = datetime.fromisoformat(row["ended_at"]).timestamp() if row["ended_at"] else math.inf
    start = min(datetime.fromisoformat(row["made_at"]).timestamp(), close)
    stands = start < close <= end_at
    p = None if chances[0] is None else chances
    return {
        "reader": int(row["reader"]),
        "start": start,
        "end": min(end_at, close),
        "p": p,
        "pick": int(row["pick"]) - 1,
        "stands": stands,
    }


def scores_of(reader: int, made: list[dict[str, Any]], peer: float, period: tuple[float, float], k: int) -> dict[str, Any]:
    mine = [one for one in made if one["reader"] == reader]
    given = [(one["p"], one["end"] - one["start"]) for one in mine if one["p"] is not None and one["end"] > one["start"]]
    covered = sum(seconds for _, seconds in given)
    called = any(one["stands"] and one["pick"] == k for one in mine)
    if not covered:
        return {
            "called": called,
            "coverage": 0.0,
            "peer": None,
            "brier": None,
            "logarithmic": None,
            "ranked": None,
            "baseline": None,
        }
    K = len(given[0][0])  # noqa: N806 - as in the formulas
    logs = sum(math.log(min(max(p[k], 0.01), 0.99)) * seconds for p, seconds in given)
    brier = sum(sum((chance - (place == k)) ** 2 for place, chance in enumerate(p)) * seconds for p, seconds in given)
    steps = [(np.cumsum(p)[:-1] - (np.arange(K - 1) >= k), seconds) for p, seconds in given]
    ranked = sum(float(apart @ apart) / (K - 1) * seconds for apart, seconds in steps)
    baseline = 100 * (covered + logs / math.log(K)) / period[0]
    return {
        "called": called,
        "coverage": covered / period[0],
        "peer": peer,
        "brier": brier / covered,
        "logarithmic": logs / covered,
        "ranked": ranked / covered,
        "baseline": baseline,
    }
