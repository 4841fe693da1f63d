"""The files from which anybody can work every score out anew, and those with what came of it. `docs/numbers.md` has the columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from flask import Response

from blueprints.records.tables import Cell, table
from domain import disclosure, league
from models import ForecastScore, MethodScore, Outcome, Prediction

FIGURES = ("brier", "logarithmic", "ranked", "baseline")


def forecasts(prediction: Prediction) -> Response:
    """Answer with every forecast of a question, and the times from which its scores follow."""
    ids, resolution = [outcome.id for outcome in prediction.outcomes], prediction.resolution
    happened = ids.index(resolution.outcome_id) + 1 if resolution and resolution.outcome_id else None
    known_at = resolution.known_at if resolution else None
    question: list[Cell] = [prediction.opened_at, prediction.closes_at, prediction.closed_at, known_at, happened]
    chances = [f"chance {number}: {_name(outcome)}" for number, outcome in enumerate(prediction.outcomes, start=1)]
    head = ["reader", "made_at", "ended_at", "pick", *chances, "opened_at", "closes_at", "closed_at", "known_at", "happened"]
    return table(f"forecasts-{prediction.id}", head, partial(_forecast_pieces, prediction.id, ids, question))


def scores(prediction: Prediction, *, now: datetime) -> Response:
    """Answer with every score of a question: the methods' first, then the readers'."""
    head = ["of", "reader", "called", "coverage", "peer", "forecasts", "chance", *FIGURES]
    combined = [
        [one.method, None, None, None, None, one.forecasts, one.chance, *_figures(one)]
        for one in disclosure.methods_of(prediction, now=now)
    ]
    return table(f"scores-{prediction.id}", head, partial(_score_pieces, prediction.id, combined))


def methods(*, now: datetime) -> Response:
    """Answer with the scores of every method on every question of the league."""
    head = ["prediction", "question", "method", "forecasts", "chance", *FIGURES]
    return table("league", head, partial(_league_pieces, now))


def _forecast_pieces(prediction_id: int, outcomes: list[int], question: list[Cell]) -> Iterator[list[list[Cell]]]:
    after = 0
    while piece := disclosure.forecasts_after(prediction_id, after):
        after = piece[-1].id
        yield [
            [
                made.reader,
                made.made_at,
                made.ended_at,
                outcomes.index(made.pick) + 1,
                *(made.chances.get(outcome_id) for outcome_id in outcomes),
                *question,
            ]
            for made in piece
        ]


def _score_pieces(prediction_id: int, combined: list[list[Cell]]) -> Iterator[list[list[Cell]]]:
    yield combined
    after = 0
    while piece := disclosure.scores_after(prediction_id, after):
        after = piece[-1].reader_id
        yield [
            [
                "reader",
                one.reader,
                int(one.score.is_called),
                one.score.coverage,
                one.score.peer,
                None,
                None,
                *_figures(one.score),
            ]
            for one in sorted(piece, key=lambda scored: scored.reader)
        ]


def _league_pieces(now: datetime) -> Iterator[list[list[Cell]]]:
    after = 0
    while piece := league.rows_after(after, now=now):
        after = piece[-1].prediction_id
        yield [
            [row.prediction_id, row.question, row.score.method, row.score.forecasts, row.score.chance, *_figures(row.score)]
            for row in piece
        ]


def _figures(score: ForecastScore | MethodScore) -> list[Cell]:
    return [getattr(score, name) for name in FIGURES]


def _name(outcome: Outcome) -> str:
    """Return an outcome's words; of one that was added, also the number of the one it was split from."""
    if outcome.split_from_id is None:
        return outcome.label
    numbers = {other.id: number for number, other in enumerate(outcome.prediction.outcomes, start=1)}
    return f"{outcome.label} [split from {numbers[outcome.split_from_id]}]"
