"""The jobs of moderation: telling those concerned what was decided, and sealing it."""

from __future__ import annotations

from datetime import UTC, datetime

from huey import crontab
from sqlalchemy.exc import IntegrityError

from domain import audit, notices, restrictions, sanctions, secondopinions
from extensions import db, jobs
from jobs.tasks import app_of_jobs

SOON = notices.DELAY.total_seconds() + 1  # a little after a notice is due


@jobs.task()
def tell_notices() -> None:
    """Tell those whose notice is due."""
    tell()


@jobs.periodic_task(crontab(minute="*"))
def tell_left_notices() -> None:
    """Tell, each minute, those of whom a lost job knew."""
    tell()


@jobs.periodic_task(crontab(minute="*"))
def seal_decisions() -> None:
    """Seal, each minute, what was decided."""
    seal()


@jobs.periodic_task(crontab(minute="*"))
def end_sanctions() -> int:
    """End, each minute, the sanctions whose time is over, and return how many."""
    ended = 0
    with app_of_jobs().app_context():
        while step := sanctions.end_due(datetime.now(UTC)):
            db.session.commit()
            ended += step
        db.session.commit()
    return ended


@jobs.periodic_task(crontab(minute="*/10"))
def draw_second_opinions() -> None:
    """Draw, every ten minutes, of which decisions a second opinion is asked."""
    draw()


@jobs.periodic_task(crontab(minute="27"))
def keep_months() -> None:
    """Keep, each hour, what months that are over add up to, each in a transaction of its own."""
    with app_of_jobs().app_context():
        while restrictions.keep_next(now=datetime.now(UTC)):
            db.session.commit()
        db.session.rollback()  # looking for more began a transaction


def tell() -> int:
    """Tell everybody whose notice is due, and return how many. Commits after each step, so that nothing is told twice."""
    told = 0
    with app_of_jobs().app_context():
        while step := notices.tell_next(now=datetime.now(UTC)):
            db.session.commit()
            told += step
        db.session.commit()
    return told


def seal() -> int:
    """Seal everything that is not sealed, and return how many entries; whoever seals at the same time is left to it."""
    sealed = 0
    with app_of_jobs().app_context():
        try:
            while step := audit.seal(now=datetime.now(UTC)):
                db.session.commit()
                sealed += step
        except IntegrityError:
            db.session.rollback()
    return sealed


def draw() -> None:
    """Draw the sample of everything that was decided."""
    app, after = app_of_jobs(), 0
    with app.app_context():
        while last := secondopinions.draw(key=str(app.secret_key).encode(), now=datetime.now(UTC), after=after):
            db.session.commit()
            after = last
        db.session.commit()


def tell_soon() -> None:
    """Tell those concerned as soon as their notice is due."""
    tell_notices.schedule(delay=SOON)
