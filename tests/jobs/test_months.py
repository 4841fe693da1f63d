from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import clauses, moderation
from domain.judging import Judged
from extensions import db
from jobs.moderating import keep_months
from models import RestrictionMonth, Role
from tests import factories
from tests.applications import leave_empty


@pytest.fixture
def removed(app: Flask) -> Iterator[None]:
    """Let a comment be removed in each of three months that are over, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        article, moderator = factories.open_article(now), factories.account(role=Role.MODERATOR)
        for number in range(2, 5):
            comment = factories.comment(article, factories.account())
            judged = Judged(comment_id=comment.id, version=comment.version)
            moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now - timedelta(days=35 * number))
        db.session.commit()
        db.session.remove()  # or the job waits for this to end
        yield
        leave_empty()


@pytest.mark.usefixtures("removed")
def test_the_job_keeps_every_month_that_is_over_once() -> None:
    for _ in range(2):
        keep_months.call_local()
    assert db.session.scalar(select(func.count()).select_from(RestrictionMonth)) == 3
