"""Scores as they are kept: a pure function of the ledger, written down once what happened is final.

Forecasts count from the opening to the actual close: the close, or the moment it became known if that was earlier. Without
chances a forecast has no score, but its pick counts: a reader called it if the pick that stood at the actual close came true.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select

from domain import boards, grid, histories, league, methods, scoring, skills
from domain.arrays import NDArray, np
from domain.methods import History, MethodFigures
from domain.scoring import Period, QuestionScores
from extensions import Base, db
from models import ForecastScore, MethodScore, Prediction, Resolution, ResolutionAct

PIECE = 10_000  # rows written at a time: some megabytes
MOST_MOMENTS = 100  # at which the methods are asked: a quarter of a chart's, for the same averages to two places
SAME = 1e-9  # two machines may add in another order

FIGURES = ("brier", "logarithmic", "ranked", "baseline", "peer")
METHOD_FIGURES = ("forecasts", "chance", "brier", "logarithmic", "ranked", "baseline")

Row = dict[str, Any]


def score(prediction: Prediction, *, now: datetime) -> None:  # noqa: ARG001 - every verb is told when it is done
    """Write the scores of a prediction down as its ledger has them now, none unless it is final. The caller commits.

    Waits for whoever is at it already; the leaderboards it changes wait to be made anew. `now` is when it is done; no figure depends on it.
    """
    hold(prediction)
    for table in (ForecastScore, MethodScore):
        db.session.execute(delete(table).where(table.prediction_id == prediction.id))
    if prediction.is_final:
        readers, combined = _worked_out(prediction)
        for piece in _in_pieces(readers):
            db.session.execute(insert(ForecastScore.__table__), piece)  # type: ignore[arg-type] # a table, of which it knows no more
        if combined:
            db.session.execute(insert(MethodScore.__table__), combined)  # type: ignore[arg-type]
    skills.add_up(prediction)
    league.add_up()
    boards.make_due([prediction.article.section])
    prediction.score_due_at = None
    db.session.flush()


def hold(prediction: Prediction) -> None:
    """Lock the prediction until the transaction ends, and read it, and what was said of how it ended, as they are now."""
    db.session.flush()
    db.session.refresh(prediction, with_for_update={"key_share": True})


def due(*, after: int = 0) -> Prediction | None:
    """Return the first prediction with an id above `after` whose scores wait, held; one that somebody is at is left to them."""
    waiting = Prediction.score_due_at.is_not(None) & (Prediction.id > after)
    found = select(Prediction).where(waiting).order_by(Prediction.id).limit(1)
    return db.session.scalar(found.with_for_update(skip_locked=True, key_share=True))


def waiting() -> int:
    """Return how many predictions wait to be scored."""
    return db.session.scalar(select(func.count()).where(Prediction.score_due_at.is_not(None))) or 0


def make_due(prediction_ids: Sequence[int], *, now: datetime) -> None:
    """Let the scores of predictions be worked out anew, of those that are final."""
    finals = select(Prediction).where(Prediction.id.in_(prediction_ids), is_final()).order_by(Prediction.id)
    for prediction in db.session.scalars(finals):
        prediction.score_due_at = now
    db.session.flush()


def is_final() -> ColumnElement[bool]:
    """Return the condition, on `Prediction`, that what happened is final."""
    newest = (Resolution.prediction_id == Prediction.id) & (Resolution.number == Prediction.resolution_count)
    return select(Resolution.id).where(newest, Resolution.act == ResolutionAct.FINAL).exists()


# --- comparing ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A score that is not what the ledger says; None stands for a row, or a figure, that is not there."""

    prediction_id: int
    of: str
    column: str
    stored: object
    computed: object

    def __str__(self) -> str:
        return f"prediction {self.prediction_id}, {self.of}: {self.column} is {self.stored}, should be {self.computed}"


def differences(prediction: Prediction) -> Iterator[Difference]:
    """Yield what is kept of a prediction's scores and does not follow from the ledger. Changes nothing."""
    hold(prediction)
    readers, combined = _worked_out(prediction) if prediction.is_final else (iter(()), [])
    for key, columns, table, rows in (
        ("reader_id", ("is_called", "coverage", *FIGURES), ForecastScore, readers),
        ("method", METHOD_FIGURES, MethodScore, combined),
    ):
        for of, stored, computed in _paired(_stored(table, prediction, key), iter(rows), key):
            for column in columns if stored and computed else (key,):
                was, is_now = (row[column] if row else None for row in (stored, computed))
                if not _is_same(was, is_now):
                    yield Difference(prediction.id, f"{key.removesuffix('_id')} {of}", column, was, is_now)


def _stored(table: type[Base], prediction: Prediction, key: str) -> Iterator[Row]:
    columns = table.__table__.c
    found = select(*columns).where(columns.prediction_id == prediction.id).order_by(columns[key])
    for row in db.session.execute(found.execution_options(yield_per=PIECE)).mappings():
        yield dict(row)


def _paired(stored: Iterator[Row], computed: Iterator[Row], key: str) -> Iterator[tuple[Any, Row | None, Row | None]]:
    """Yield, of two lists in the order of their keys, what belongs together."""
    left, right = next(stored, None), next(computed, None)
    while left is not None or right is not None:
        least = min(row[key] for row in (left, right) if row is not None)
        ours, theirs = (row if row is not None and row[key] == least else None for row in (left, right))
        yield least, ours, theirs
        left, right = next(stored, None) if ours else left, next(computed, None) if theirs else right


def _is_same(was: object, is_now: object) -> bool:
    if isinstance(was, float) and isinstance(is_now, float):
        return math.isclose(was, is_now, rel_tol=SAME, abs_tol=SAME)
    return was == is_now


# --- working out -------------------------------------------------------------------------------------------------------


def _worked_out(prediction: Prediction) -> tuple[Iterator[Row], list[Row]]:
    """Return the rows of the readers, in the order of their ids, and those of the methods, in the order of their names."""
    history, outcomes = histories.history_of(prediction), len(prediction.outcomes)
    happened = next(place for place, one in enumerate(prediction.outcomes) if one.id == _resolution(prediction).outcome_id)
    period, close = _period(prediction), _close(prediction)
    asked = history.only(history.gives_chances)
    scores = scoring.question_scores(_scored(asked, happened, prediction), period, outcomes=outcomes) if period else None
    moments = moments_of(prediction)
    combined: list[MethodFigures] = []
    if moments:
        stances = histories.stances_of(prediction)
        combined = methods.figures(history, stances, moments, happened=happened, is_ordered=prediction.is_ordered)
    called = history.reader[[place for place in history.standing(close) if history.pick[place] == happened]]
    return _reader_rows(prediction.id, history, scores, called), [_method_row(prediction.id, one) for one in combined]


def _resolution(prediction: Prediction) -> Resolution:
    if prediction.resolution is None or prediction.opened_at is None:
        raise ValueError("only what is final is scored")
    return prediction.resolution


def actual_close(prediction: Prediction) -> datetime:
    """Return when forecasts stopped counting: at the close, or when it became known if that was earlier."""
    known_at = _resolution(prediction).known_at or prediction.closes_at
    return min(prediction.closed_at or prediction.closes_at, prediction.closes_at, known_at)


def _close(prediction: Prediction) -> float:
    opened_at = prediction.opened_at
    return (actual_close(prediction) - opened_at).total_seconds() if opened_at else 0.0


def _period(prediction: Prediction) -> Period | None:
    """Return when the question was open, in seconds since it opened; None if its schedule left it no time."""
    opened_at = prediction.opened_at
    length = (prediction.closes_at - opened_at).total_seconds() if opened_at else 0.0
    return Period(opened=0.0, scheduled_close=length, actual_close=_close(prediction)) if length > 0 else None


def moments_of(prediction: Prediction) -> list[float]:
    """Return when the methods are asked: at every n-th moment of the grid before the actual close, and at that."""
    opened_at, close = prediction.opened_at, _close(prediction)
    if opened_at is None or close <= 0:
        return []
    found = [(at - opened_at).total_seconds() for at in grid.moments(opened_at, prediction.closes_at, prediction.closes_at)]
    return [*(at for at in found[:: math.ceil(len(found) / MOST_MOMENTS)] if at < close), close]


def _scored(history: History, happened: int, prediction: Prediction) -> scoring.History:
    rows = history.rows
    return scoring.History(
        reader=history.reader,
        start=history.start,
        end=history.end,
        p_k=rows[:, happened],
        brier=scoring.briers(rows, happened),
        ranked=scoring.ranked_scores(rows, happened) if prediction.is_ordered else None,
    )


def _reader_rows(
    prediction_id: int, history: History, scores: QuestionScores | None, called: NDArray[np.int64]
) -> Iterator[Row]:
    """Yield a row for everybody who ever predicted."""
    readers = np.unique(history.reader)
    nothing = np.full(len(readers), np.nan)
    columns = {name: nothing.copy() for name in ("coverage", *FIGURES)}
    if scores is not None:
        counting = scores.coverage > 0
        places = np.searchsorted(readers, scores.reader[counting])
        for name, column in columns.items():
            column[places] = getattr(scores, name)[counting]
    is_called = np.isin(readers, called)
    for place, reader in enumerate(readers):
        figures = {name: None if math.isnan(column[place]) else float(column[place]) for name, column in columns.items()}
        row: Row = {"prediction_id": prediction_id, "reader_id": int(reader), "is_called": bool(is_called[place])}
        yield row | figures | {"coverage": figures["coverage"] or 0.0}


def _method_row(prediction_id: int, one: MethodFigures) -> Row:
    return {"prediction_id": prediction_id, "method": one.method, **{name: getattr(one, name) for name in METHOD_FIGURES}}


def _in_pieces(rows: Iterator[Row]) -> Iterator[list[Row]]:
    piece: list[Row] = []
    for row in rows:
        piece.append(row)
        if len(piece) == PIECE:
            yield piece
            piece = []
    if piece:
        yield piece
