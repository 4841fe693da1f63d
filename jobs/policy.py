"""The jobs of the policy: switching off rules that were wrong too often, and training a classifier."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypedDict

from huey import crontab

from domain import classifiers, rulekeeping, training
from domain.errors import N_, Conflict, Invalid
from extensions import db, jobs
from jobs.reading import reading
from jobs.tasks import app_of_jobs
from models import Reader

STATUS = "classifier-training"  # under which the queue keeps how the last training went


class Training(TypedDict):
    """How the last training went: when it was asked for and ended, the version it made, and why it made none."""

    asked_at: str
    ended_at: str
    version: str
    refusal: str


@jobs.periodic_task(crontab(minute="*/5"))
def switch_off_wrong_rules() -> int:
    """Switch off, every five minutes, the rules that were wrong too often."""
    with app_of_jobs().app_context():
        switched = rulekeeping.switch_off_wrong(now=datetime.now(UTC))
        db.session.commit()
        return len(switched)


def ask_for_training(by: Reader, *, now: datetime) -> None:
    """Let a classifier be trained from the decisions that there are now. Refuses while no job is taken: no row would ask again."""
    away = Conflict(N_("No jobs are taken at the moment, so no model is being trained. Try again in a few minutes."))
    try:
        jobs.put(STATUS, Training(asked_at=now.isoformat(), ended_at="", version="", refusal=""))
    except jobs.away as error:
        raise away from error
    if train_classifier(by.id) is None:
        raise away


def last_training() -> Training | None:
    """Return how the last training went, if there was one that the queue still knows of and can be asked for."""
    try:
        found: Training | None = jobs.get(STATUS, peek=True)
    except jobs.away:
        return None
    return found


@jobs.task()
def train_classifier(reader_id: int) -> str:
    """Train a classifier, in a minute or two, and keep it for an editor to look at. Return its version, or nothing."""
    with app_of_jobs().app_context():
        try:
            version, refusal = _trained(reader_id), ""
        except Invalid as refused:
            version, refusal = "", refused.message
        except Exception:
            _note(version="", refusal="failed")
            raise
        _note(version=version, refusal=refusal)
        return version


def _trained(reader_id: int) -> str:
    """Learn without the writer's turn, for which all readers wait, and take it only to keep what was learned."""
    with reading():
        lessons = list(classifiers.lessons())
    model = training.train(lessons)
    row = classifiers.keep(model, by=db.session.get(Reader, reader_id), now=datetime.now(UTC))
    db.session.commit()
    return row.version


def _note(*, version: str, refusal: str) -> None:
    asked = last_training()
    now = datetime.now(UTC).isoformat()
    jobs.put(STATUS, Training(asked_at=asked["asked_at"] if asked else now, ended_at=now, version=version, refusal=refusal))
