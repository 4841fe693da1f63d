from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from domain import moderation, secondopinions
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
    """Give the numbers of many decisions of the last nine days, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        comment = factories.comment(factories.open_article(now), factories.guest())
        moderator = factories.account(role=Role.MODERATOR)
        first = moderation.approve(Judged(comment_id=comment.id, version=comment.version), by=moderator, now=now)
        again = {"comment_id": comment.id, "actor_id": moderator.id, "act": ModerationAct.APPROVED}
        states = {"from_state": first.to_state, "to_state": first.to_state}
        times = (now - timedelta(days=9) + number * timedelta(minutes=10) for number in range(MANY))
        db.session.add_all(ModerationEntry(**again, **states, made_at=at) for at in times)
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


def test_a_job_that_was_killed_half_way_leaves_nothing_out(app: Flask, decided: list[int]) -> None:
    key = str(app.secret_key).encode()
    secondopinions.draw(key=key, now=datetime.now(UTC))
    db.session.commit()
    moderating.draw()
    drawn = db.session.scalars(select(SecondOpinion.entry_id).order_by(SecondOpinion.entry_id)).all()
    assert drawn == [entry_id for entry_id in sorted(decided) if is_drawn(entry_id, key=key)]
