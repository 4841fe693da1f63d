"""What follows a new forecast or take: the crowd forecast is worked out, at once where that takes no time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from domain import crowds
from extensions import db
from jobs.tasks import refresh_crowd
from models import Article
from observing.faults import described
from observing.logs import log


def follow_up(article: Article, now: datetime) -> None:
    """Work the crowd forecast out in a transaction of its own, so that no voter waits for another; or leave it to a job."""
    prediction = article.prediction
    if prediction is None:
        return
    try:
        if crowds.is_small(prediction):
            crowds.refresh(prediction, now=now)
            db.session.commit()
        else:
            refresh_crowd(prediction.id)
    except (
        SQLAlchemyError,
        TimeoutError,
    ) as error:  # the answer itself is stored, and each minute a job looks for crowds like this
        log.warning("crowd_left_to_job", **described(error))
        db.session.rollback()
