"""A queue in a Redis that goes and comes back: what was asked for meanwhile is done afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from blueprints.accounts import joining
from connections import REDIS_ANSWERS
from domain.errors import Conflict
from extensions import db
from extensions import jobs as queue
from jobs import policy, start_consumer, stores
from models import OutgoingMail, Role
from tests import factories
from tests.applications import another_app, leave_empty
from tests.conftest import SeparateContextClient
from tests.outbox import mails
from tests.servers import PrivateRedis

ANN = {"name": "Ann Lee", "email": "ann@example.org", "password": "four plain words here"}
LONGEST = 60  # seconds a job may take on a busy machine


@pytest.fixture
def site(
    app: Flask, database_url: str, redis_server: PrivateRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """Return the site with its jobs and limits in Redis."""
    monkeypatch.setattr(joining, "EVEN_TIME", 0)
    monkeypatch.setattr(queue, "pause", 0.0)
    with another_app(database_url, redis_url=redis_server.url, instance=tmp_path, rate_limits=True) as site:
        site.test_client_class = SeparateContextClient
        with site.app_context():
            yield site
            leave_empty()


def sign_up(site: Flask) -> TestResponse:
    return site.test_client().post("/sign-up", data=ANN)


def the_mail_left() -> bool:
    """Wait for the mail to leave, which it does on the console."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        has_left = [mail.sent_at is not None for mail in mails()] == [True]
        db.session.rollback()  # gives back the one writer's turn
        if has_left:
            return True
        time.sleep(0.05)
    return False


def test_a_mail_leaves_as_soon_as_it_is_asked_for(site: Flask) -> None:
    consumer = start_consumer()
    time.sleep(1.5)  # the jobs of the minute are over
    sign_up(site)
    left = the_mail_left()
    consumer.stop(graceful=True)
    assert left


def test_what_is_asked_for_without_redis_is_stored_and_acknowledged(site: Flask, redis_server: PrivateRedis) -> None:
    redis_server.kill()
    answer = sign_up(site)
    assert (answer.status_code, [mail.address for mail in mails()]) == (303, ["ann@example.org"])


def test_a_mail_asked_for_without_redis_leaves_when_redis_is_back(site: Flask, redis_server: PrivateRedis) -> None:
    redis_server.kill()
    sign_up(site)
    redis_server.start()
    consumer = start_consumer()  # its first minute begins now
    left = the_mail_left()
    consumer.stop(graceful=True)
    assert left


def test_a_worker_outlives_a_restart_of_redis(site: Flask, redis_server: PrivateRedis) -> None:
    consumer = start_consumer()
    time.sleep(1.5)
    redis_server.kill()
    time.sleep(1.5)
    redis_server.start()
    sign_up(site)
    left = the_mail_left()
    consumer.stop(graceful=True)
    assert left


def shortest(act: Callable[[], object]) -> float:
    """Return the least seconds that something takes, done several times: what else the machine does keeps it up now and then."""
    took = []
    for _ in range(5):
        began = time.monotonic()
        act()
        took.append(time.monotonic() - began)
    return min(took)


def test_nobody_waits_for_a_redis_that_is_gone(site: Flask, redis_server: PrivateRedis) -> None:
    redis_server.kill()
    site.test_client().post("/sign-in", data={})
    assert shortest(lambda: site.test_client().post("/sign-in", data={})) < REDIS_ANSWERS / 2


def test_a_redis_that_does_not_answer_is_waited_for_once(
    site: Flask, redis_server: PrivateRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "pause", 30.0)
    redis_server.freeze()
    sign_up(site)
    waited = shortest(lambda: queue.enqueue(policy.train_classifier.s(0)))
    redis_server.thaw()
    assert (waited < REDIS_ANSWERS / 2, len(db.session.scalars(db.select(OutgoingMail)).all())) == (True, 1)


def test_who_works_off_the_queue_too_waits_no_longer_when_asking_for_a_job(site: Flask, redis_server: PrivateRedis) -> None:
    consumer = start_consumer()
    redis_server.freeze()
    began = time.monotonic()
    queue.enqueue(policy.train_classifier.s(0))
    waited = time.monotonic() - began
    redis_server.thaw()
    consumer.stop(graceful=True)
    assert waited < stores.PATIENCE / 2


def test_a_training_that_no_row_would_ask_for_again_is_refused(site: Flask, redis_server: PrivateRedis, now: datetime) -> None:
    editor = factories.account("Ed", role=Role.EDITOR)
    redis_server.kill()
    with pytest.raises(Conflict, match="no model is being trained"):
        policy.ask_for_training(editor, now=now)
    assert policy.last_training() is None
