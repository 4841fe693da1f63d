"""The job that takes away what is kept for a while only."""

from __future__ import annotations

from datetime import UTC, datetime

from huey import crontab

from domain import forgetting
from extensions import db, jobs
from jobs.tasks import app_of_jobs


@jobs.periodic_task(crontab(minute="17"))
def forget_what_is_old() -> int:
    """Take away, each hour, what is too old, batch by batch, each in a transaction of its own; return how many rows."""
    gone = 0
    with app_of_jobs().app_context():
        for kept in forgetting.ALL:
            while count := forgetting.forget(kept, now=datetime.now(UTC)):
                db.session.commit()
                gone += count
            db.session.rollback()  # looking for more began a transaction
    return gone
