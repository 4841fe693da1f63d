from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from domain import scorekeeping
from models import Camp, Outcome, Prediction, PredictionKind, Reader, ResolutionAct
from tests import definitions, factories, ledgers
from tests.ledgers import end, question, say, take

pytestmark = pytest.mark.usefixtures("stage")


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


def test_anybody_can_work_out_the_scores_of_the_methods(client: FlaskClient, now: datetime) -> None:
    prediction = eventful(now)
    inputs = rows_of(client, f"/predictions/{prediction.id}/forecasts.csv")
    outputs = {row["of"]: row for row in rows_of(client, f"/predictions/{prediction.id}/scores.csv")}
    for name, combined in {"mean": mean, "median": median, "crowd": definitions.crowd_forecast}.items():
        told = heard(inputs, combined, splits={3: 0})
        logs = np.log(np.clip(told[:-1, 0], 0.01, 0.99))
        brier = ((told[:-1] - [1, 0, 0, 0]) ** 2).sum(axis=1)
        figures = (told[-1, 0], brier.mean(), logs.mean(), 100 * (1 + logs.mean() / math.log(4)))
        found = [float(outputs[name][column]) for column in ("chance", "brier", "logarithmic", "baseline")]
        assert found == pytest.approx(figures, abs=1e-9), name


def mean(rows: np.ndarray) -> list[float]:
    means = definitions.clipped(rows).mean(axis=0)
    return [float(one) for one in means / means.sum()]


def median(rows: np.ndarray) -> list[float]:
    middles = np.median(definitions.clipped(rows), axis=0)
    return [float(one) for one in middles / middles.sum()]


def heard(rows: list[dict[str, str]], combined: Callable[[np.ndarray], list[float]], splits: dict[int, int]) -> np.ndarray:
    """Return what a method says at each full hour before the event was known, and then, of what was said before and stood."""
    opened, close = (datetime.fromisoformat(rows[0][name]).timestamp() for name in ("opened_at", "known_at"))
    made = sorted((forecast_in(row, splits, close) for row in rows), key=lambda one: one["start"])
    moments = [*(opened + hour * 3600 for hour in range(7)), close]
    standing = [[one["p"] for one in made if one["p"] and one["start"] < at <= one["end"]] for at in moments]
    return np.array([combined(np.array(known)) for known in standing if len(known) >= 5])


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
