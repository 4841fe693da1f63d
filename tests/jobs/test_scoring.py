from __future__ import annotations

from datetime import datetime

import pytest

from extensions import db
from jobs import tasks
from models import Reader
from tests import ledgers

pytestmark = pytest.mark.usefixtures("stage")


def test_every_question_that_waits_is_scored_within_the_minute(reader: Reader, now: datetime) -> None:
    waiting = [ledgers.question(now, headline=f"Question {number}") for number in range(3)]
    for prediction in waiting:
        ledgers.say(prediction, reader, 1, (0.6, 0.3, 0.1))
        ledgers.end(prediction)
    db.session.commit()
    tasks.score_due.call_local()
    db.session.expire_all()
    assert [len(ledgers.kept(prediction)) for prediction in waiting] == [1, 1, 1]
    assert {prediction.score_due_at for prediction in waiting} == {None}
