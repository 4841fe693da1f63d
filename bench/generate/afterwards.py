"""What is worked out from ledgers, by the domain itself: points over time, crowd forecasts, scores, the chain of decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, text, update

from bench.generate.asking import Asked
from domain import audit, boardkeeping, crowds, restrictions, scorekeeping, series
from extensions import db
from models import Article, CrowdPoint, DecisionSeal, ModerationEntry, OpinionPoll, Prediction, TallyPoint

_SEALED = select(func.coalesce(func.max(DecisionSeal.entry_id), 0)).scalar_subquery()
_UNSEALED = select(ModerationEntry.made_at).where(ModerationEntry.id > _SEALED).order_by(ModerationEntry.id).limit(1)


def count_comments(counts: Mapping[int, tuple[int, int]]) -> None:
    """Write how many comments each article has."""
    rows = [{"id": number, "published_comments": shown, "appeared": appeared} for number, (shown, appeared) in counts.items()]
    db.session.execute(update(Article), rows)
    db.session.commit()


def work_out(asked: Sequence[Asked], *, now: datetime) -> Iterator[None]:
    """Work out what follows from the answers, question by question, and seal what was decided. Commits."""
    for one in asked:
        _take_time()
        _draw(db.session.get_one(OpinionPoll, one.poll_id), now)
        if one.outcomes:
            prediction = db.session.get_one(Prediction, one.prediction_id)
            _draw(prediction, now)
            crowds.refresh(prediction, now=now)
            if prediction.score_due_at is not None:
                scorekeeping.score(prediction, now=now)
        db.session.commit()
        db.session.expunge_all()
        yield
    _take_time()
    boardkeeping.renew(now=now)
    db.session.commit()
    _seal()
    while restrictions.keep_next(now=now):
        db.session.commit()


def _draw(question: OpinionPoll | Prediction, now: datetime) -> None:
    """Write every point of a question's line: what `series.extend` adds one by one over time."""
    table, owner = (TallyPoint, "poll_id") if isinstance(question, OpinionPoll) else (CrowdPoint, "prediction_id")
    if points := series.rebuilt(question, now=now):
        db.session.execute(insert(table), [{owner: question.id, "at": at, **columns} for at, columns in points])


def _seal() -> None:
    """Seal what was decided when it was: the job looks back one day."""
    while (at := db.session.scalar(_UNSEALED)) is not None:
        audit.seal(now=at + audit.SETTLED)
        db.session.commit()


def _take_time() -> None:
    """Let this transaction's statements be as slow as a long ledger on a busy machine is."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL statement_timeout = 0"))
