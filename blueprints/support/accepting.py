"""Counts what readers gave when it is stored, and not before."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from domain import happenings
from extensions import db
from observing import metrics

COUNTED = {"accepted": metrics.ACCEPTED, "verdict": metrics.VERDICTS}


def bind(_app: Flask) -> None:
    """Count from now on, once however many applications there are."""
    if not event.contains(db.session, "after_commit", _count):
        event.listen(db.session, "after_commit", _count)
        event.listen(db.session, "after_soft_rollback", _forget)


def _count(session: Session) -> None:
    if session.in_nested_transaction():
        return
    for (what, *labels), times in happenings.taken(session).items():
        COUNTED[what].labels(*labels).inc(times)


def _forget(session: Session, _transaction: object) -> None:
    if not session.in_transaction():
        happenings.taken(session)
