"""Several workers at one outbox, with real commits."""

from __future__ import annotations

import dataclasses
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import delete

from config import Config
from domain import outbox
from extensions import db
from jobs import start_consumer, tasks
from models import OutgoingMail
from tests.postbox import Postbox, open_postbox

MAILS, WORKERS = 30, 6
PATIENCE = 60.0  # seconds, on a busy machine


@pytest.fixture
def postbox(app: Flask) -> Iterator[Postbox]:
    """Return the server for an outbox of committed mail, which is emptied afterwards."""
    kept: Config = app.extensions["foresay"]
    with open_postbox() as box, app.app_context():
        app.extensions["foresay"] = dataclasses.replace(kept, mail=f"smtp://127.0.0.1:{box.port}")
        for place in range(MAILS):
            outbox.queue_mail(f"reader{place}@example.org", "Hello", "A text.", now=datetime.now(UTC))
        db.session.commit()
        yield box
        app.extensions["foresay"] = kept
        db.session.execute(delete(OutgoingMail))
        db.session.commit()


def until_it_has(postbox: Postbox, count: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(postbox.received) < count:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_workers_at_once_send_each_mail_once(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MAILING_LASTS", PATIENCE)
    with ThreadPoolExecutor(WORKERS) as pool:
        left = sum(pool.map(lambda _: tasks.drain_outbox(), range(WORKERS)))
    arrived = Counter(mail["To"] for mail in postbox.received)
    assert left == len(arrived) == MAILS
    assert set(arrived.values()) == {1}


def test_a_worker_that_is_told_to_end_leaves_the_rest_to_the_next(postbox: Postbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "MAILING_LASTS", 0.0)
    postbox.pause = 1.0
    first = start_consumer()
    until_it_has(postbox, 1)
    first.stop(graceful=True)
    sent_by_first, postbox.pause = len(postbox.received), 0.0
    second = start_consumer()
    until_it_has(postbox, MAILS)
    second.stop(graceful=True)
    assert sent_by_first < MAILS
    assert set(Counter(mail["To"] for mail in postbox.received).values()) == {1}
