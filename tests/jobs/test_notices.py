"""Telling those concerned by a worker that is killed, over and over, with real processes and real commits."""

from __future__ import annotations

import os
import random
import signal
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from domain import clauses, moderation, notices
from domain.moderation import Judged
from extensions import db
from jobs import moderating
from models import Notice, Notification, Role
from tests import factories
from tests.applications import leave_empty

pytestmark = pytest.mark.timeout(600)  # seconds: each worker has its turn
KILLS = 200
DECISIONS = 120
SOME = (0, 0, 0, 0, 1)  # decisions a worker has told of for certain when its last moment is drawn
LAST_MOMENT = 0.003  # seconds at most until the kill: in the midst of the next one


@pytest.fixture
def decided(app: Flask) -> Iterator[None]:
    """Give decisions whose notices are due, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        article, moderator = factories.open_article(now), factories.account(role=Role.MODERATOR)
        clause = clauses.current("spam")
        for _ in range(DECISIONS):
            comment = factories.comment(article, factories.account())
            judged = Judged(comment_id=comment.id, version=comment.version)
            moderation.remove(judged, clause, by=moderator, now=now - timedelta(minutes=1))
        db.session.commit()
        yield
        leave_empty()


def killed_worker(dice: random.Random) -> None:
    """Let another process tell, and kill it at some moment, as a machine that loses its power would."""
    begun, ready = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside other threads, which the worker has none of
        worker = os.fork()
    if worker == 0:
        try:
            db.session.remove()
            db.engine.dispose(close=False)  # its connections are the parent's
            db.session.execute(select(1))
            db.session.rollback()
            event.listen(db.session, "after_commit", lambda _: os.write(ready, b"."))
            os.write(ready, b".")
            moderating.tell()
        finally:
            os._exit(0)
    os.close(ready)
    for _ in range(1 + dice.choice(SOME)):
        os.read(begun, 1)  # or nothing, where it has ended
    time.sleep(dice.uniform(0, LAST_MOMENT))
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    os.close(begun)


@pytest.mark.usefixtures("decided")
def test_a_worker_killed_two_hundred_times_tells_everybody_exactly_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "AT_ONCE", 1)
    dice = random.Random(7)
    db.session.remove()
    for _ in range(KILLS):
        killed_worker(dice)
    by_killed = len(db.session.scalars(select(Notification.id)).all())
    db.session.remove()
    moderating.tell()
    told = Counter(db.session.execute(select(Notification.reader_id, Notification.entry_id)))
    assert len(told) == DECISIONS
    assert set(told.values()) == {1}
    assert db.session.scalars(select(Notice.id).where(Notice.told_at.is_(None))).all() == []
    assert by_killed > 0
