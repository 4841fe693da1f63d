from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from domain import moderation
from domain.judging import Judged
from domain.secondopinions import AT_ONCE, is_drawn
from extensions import db
from jobs import moderating
from models import ModerationAct, ModerationEntry, Role, SecondOpinion
from tests import factories
from tests.applications import leave_empty

MANY = AT_ONCE + 200  # more than one step draws from


@pytest.fixture
def decided(app: Flask) -> Iterator[list[int]]:
    """Give the numbers of many decisions, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        comment = factories.comment(factories.open_article(now), factories.guest())
        moderator = factories.account(role=Role.MODERATOR)
        first = moderation.approve(Judged(comment_id=comment.id, version=comment.version), by=moderator, now=now)
        again = {"comment_id": comment.id, "actor_id": moderator.id, "act": ModerationAct.APPROVED, "made_at": now}
        states = {"from_state": first.to_state, "to_state": first.to_state}
        db.session.add_all(ModerationEntry(**again, **states) for _ in range(MANY))
        db.session.commit()
        found = list(db.session.scalars(select(ModerationEntry.id).where(ModerationEntry.actor_id == moderator.id)))
        db.session.remove()  # or the job waits for this to end
        yield found
        leave_empty()


def test_the_job_draws_the_sample_of_everything_once(app: Flask, decided: list[int]) -> None:
    for _ in range(2):
        moderating.draw()
    key = str(app.secret_key).encode()
    drawn = db.session.scalars(select(SecondOpinion.entry_id).order_by(SecondOpinion.entry_id)).all()
    assert drawn == [entry_id for entry_id in sorted(decided) if is_drawn(entry_id, key=key)]
