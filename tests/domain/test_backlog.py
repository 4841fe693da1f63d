from __future__ import annotations

from datetime import datetime

import pytest

from domain import outbox
from models import OutgoingMail

pytestmark = pytest.mark.usefixtures("stage")


def mail(now: datetime) -> OutgoingMail:
    return outbox.queue_mail("somebody@example.org", "Subject", "Body", now=now)


def test_mail_that_has_to_leave_waits(now: datetime) -> None:
    mail(now)
    assert outbox.backlog() == {"waiting": 1, "given_up": 0}


def test_mail_that_has_left_does_not(now: datetime) -> None:
    outbox.mail_left(mail(now), now=now)
    assert outbox.backlog() == {"waiting": 0, "given_up": 0}


def test_mail_that_was_tried_too_often_is_given_up(now: datetime) -> None:
    tried = mail(now)
    tried.tries = outbox.TRIES
    outbox.mail_failed(tried, now=now)
    assert outbox.backlog() == {"waiting": 0, "given_up": 1}


def test_many_are_not_counted_to_the_end(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "MOST_COUNTED", 2)
    for _ in range(5):
        mail(now)
    assert outbox.backlog() == {"waiting": 3, "given_up": 0}
