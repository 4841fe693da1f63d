"""What each account's scores add up to: sums that ranks are made of, kept beside the scores they follow from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, delete, func, insert, literal, select, text, union_all

from domain import disclosure
from domain.scoring import SHRINKAGE
from extensions import db
from models import Forecast, ForecastScore, Prediction, Reader, ReaderSkill

Sums = dict[str, Any]

LEAST_QUESTIONS = 10  # below that a rank would be luck
ONE_AT_A_TIME = 7_310_211  # an advisory lock: two questions that are scored at once have readers in common


def sums_of(chosen: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Select, of each account, what its skill is made of on the chosen scores that may be told."""
    found = select(ForecastScore.reader_id, *(column.label(name) for name, column in SUMS.items()))
    accounts = found.join(Reader, Reader.id == ForecastScore.reader_id).where(
        Reader.registered_at.is_not(None), disclosure.told_scores(), *chosen
    )
    return accounts.group_by(ForecastScore.reader_id)


def add_up(prediction: Prediction) -> None:
    """Add up anew the scores of everybody who ever predicted on this. The caller commits."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
    concerned = select(Forecast.reader_id).where(Forecast.prediction_id == prediction.id)
    gone = delete(ReaderSkill).where(ReaderSkill.reader_id.in_(concerned))
    db.session.execute(gone, execution_options={"synchronize_session": False})
    fresh = sums_of([ForecastScore.reader_id.in_(concerned)]).having(func.count(_PEER) > 0)
    db.session.execute(insert(ReaderSkill).from_select(["reader_id", *SUMS], fresh, include_defaults=False))


def recount(prediction: Prediction) -> Iterator[tuple[int, Sums | None, Sums | None]]:
    """Yield, of everybody who ever predicted on this, what is kept and what the scores add up to: one statement's moment."""
    concerned = select(Forecast.reader_id).where(Forecast.prediction_id == prediction.id)
    mine: Any = ReaderSkill.__table__.c
    kept = select(literal(0).label("place"), mine.reader_id, *(mine[name] for name in SUMS)).where(
        mine.reader_id.in_(concerned)
    )
    told = sums_of([ForecastScore.reader_id.in_(concerned)]).having(func.count(_PEER) > 0).subquery()
    fresh = select(literal(1).label("place"), told.c.reader_id, *(told.c[name] for name in SUMS))
    found: dict[int, list[Sums | None]] = defaultdict(lambda: [None, None])
    for place, reader_id, *sums in db.session.execute(union_all(kept, fresh)):
        found[reader_id][place] = dict(zip(SUMS, sums, strict=True))
    for reader_id in sorted(found):
        yield reader_id, found[reader_id][0], found[reader_id][1]


_PEER, _COVERAGE = ForecastScore.peer, ForecastScore.coverage
SUMS: Mapping[str, ColumnElement[Any]] = {
    "questions": func.count(_PEER),
    "predicted": func.count(),
    "called": func.sum(case((ForecastScore.is_called, 1), else_=0)),
    "covered": func.sum(_COVERAGE),
    "peers": func.sum(_PEER),
    "peers_squared": func.sum(_PEER * _PEER),
    "peers_covered": func.sum(_PEER * _COVERAGE),
    "covered_squared": func.sum(_COVERAGE * _COVERAGE),
    "skill": func.sum(_PEER) / (SHRINKAGE + func.sum(_COVERAGE)),
}
