from __future__ import annotations

import dataclasses
import logging
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from domain import outbox
from domain.outbox import FIRST_PAUSE, TRIES
from extensions import db
from extensions import jobs as queue
from jobs import tasks
from jobs.mailer import Mailer, Unreachable
from models import OutgoingMail
from tests.outbox import mails
from tests.postbox import Postbox, open_postbox

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def postbox(app: Flask) -> Iterator[Postbox]:
    """Return a mail server to which the site sends."""
    with open_postbox() as box:
        kept: Config = app.extensions["foresay"]
        app.extensions["foresay"] = dataclasses.replace(kept, mail=f"smtp://127.0.0.1:{box.port}")
        yield box
        app.extensions["foresay"] = kept


def write(now: datetime, address: str = "ann@example.org", subject: str = "Hello", body: str = "A text.") -> OutgoingMail:
    return outbox.queue_mail(address, subject, body, now=now - timedelta(seconds=1))


def drain() -> int:
    """Send what is due, and see what came of it."""
    db.session.commit()
    left = tasks.drain_outbox()
    db.session.expire_all()
    return left


def make_due(mail: OutgoingMail, now: datetime) -> None:
    mail.next_try_at = now - timedelta(seconds=1)


def test_a_mail_reaches_the_server(postbox: Postbox, now: datetime) -> None:
    mail = write(now, subject="Grüße", body="Zeile eins – 日本語\n\nhttp://127.0.0.1:8000/" + "x" * 200)
    assert drain() == 1
    (received,) = postbox.received
    assert (received["To"], received["Subject"], received["Auto-Submitted"]) == ("ann@example.org", "Grüße", "auto-generated")
    assert received.get_content().splitlines() == mail.body.splitlines()
    assert received["Message-ID"] == f"<{mail.id}.outbox@localhost>"
    assert mail.sent_at is not None


@pytest.mark.usefixtures("postbox")
def test_a_mail_leaves_once(now: datetime) -> None:
    write(now)
    assert (drain(), drain()) == (1, 0)


def test_a_mail_leaves_once_it_is_due(postbox: Postbox, now: datetime) -> None:
    outbox.queue_mail("ann@example.org", "Later", "A text.", now=now + timedelta(minutes=5))
    assert drain() == 0
    assert postbox.received == []


def test_a_refused_mail_does_not_hold_up_the_next(postbox: Postbox, now: datetime) -> None:
    postbox.refused.add("gone@example.org")
    refused, other = write(now, "gone@example.org"), write(now)
    assert drain() == 1
    assert [mail["To"] for mail in postbox.received] == ["ann@example.org"]
    assert (refused.tries, refused.sent_at, other.tries) == (1, None, 1)


def test_a_mail_that_cannot_be_written_does_not_hold_up_the_next(postbox: Postbox, now: datetime) -> None:
    write(now, "ann@example.org\r\nBcc: bea@example.org")
    write(now, subject="Second")
    assert drain() == 1
    assert [mail["Subject"] for mail in postbox.received] == ["Second"]


def test_a_refused_mail_is_tried_again_later(postbox: Postbox, now: datetime) -> None:
    postbox.refused.add("gone@example.org")
    mail = write(now, "gone@example.org")
    assert (drain(), drain()) == (0, 0)
    assert mail.next_try_at >= now + FIRST_PAUSE
    postbox.refused.clear()
    make_due(mail, now)
    assert drain() == 1
    assert (mail.tries, len(postbox.received)) == (2, 1)


def test_pauses_double_until_it_is_given_up(postbox: Postbox, now: datetime) -> None:
    postbox.refused.add("gone@example.org")
    mail = write(now, "gone@example.org")
    pauses = []
    for _ in range(TRIES):
        drain()
        pauses.append(round((mail.next_try_at - now) / FIRST_PAUSE))
        make_due(mail, now)
    assert pauses == [2**place for place in range(TRIES)]
    assert mail.given_up_at is not None
    postbox.refused.clear()
    assert drain() == 0


def queued() -> int:
    return len([task for task in queue.pending() if task.name == "send_mail"])


@pytest.fixture
def brief(postbox: Postbox, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """Return the server for three mails of which a run sends one."""
    monkeypatch.setattr(tasks, "MAILING_LASTS", 0.0)
    for place in range(3):
        write(now, f"reader{place}@example.org")
    queue.flush()
    return postbox


def test_a_run_leaves_the_rest_to_a_job_that_waits_for_its_turn(brief: Postbox) -> None:
    assert (drain(), len(brief.received), queued()) == (1, 1, 1)


def test_mail_goes_on_run_by_run_until_all_has_left_once(brief: Postbox) -> None:
    drain()
    while (job := queue.dequeue()) is not None:
        queue.execute(job)
    assert [mail["To"] for mail in brief.received] == [f"reader{place}@example.org" for place in range(3)]


def test_several_runs_leave_the_rest_to_one_job(brief: Postbox) -> None:
    assert (drain(), drain(), len(brief.received), queued()) == (1, 1, 2, 1)


def test_of_several_jobs_that_send_mail_the_last_does_it(brief: Postbox) -> None:
    tasks.send_mail()
    tasks.send_mail()
    db.session.commit()
    queue.execute(queue.dequeue())
    assert (len(brief.received), queued()) == (0, 1)


def test_no_mail_is_tried_while_the_server_is_away(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = write(now), write(now)
    with socket.socket() as deaf:  # nobody else can have its port meanwhile
        deaf.bind(("127.0.0.1", 0))
        kept: Config = app.extensions["foresay"]
        away = f"smtp://127.0.0.1:{deaf.getsockname()[1]}"
        monkeypatch.setitem(app.extensions, "foresay", dataclasses.replace(kept, mail=away))
        assert drain() == 0
    assert (first.tries, second.tries) == (1, 0)


def test_a_mail_whose_sending_was_cut_off_is_sent_later(postbox: Postbox, now: datetime) -> None:
    mail = write(now)
    outbox.claim_mail(now=now)
    assert drain() == 0
    make_due(mail, now)
    assert (drain(), len(postbox.received)) == (1, 1)


def test_a_mail_whose_sending_was_cut_off_is_marked_as_uncertain(postbox: Postbox, now: datetime) -> None:
    mail = write(now)
    outbox.claim_mail(now=now)
    make_due(mail, now)
    drain()
    assert (mail.is_uncertain, mail.begun_at, len(postbox.received)) == (True, None, 1)


def test_a_mail_that_was_refused_before_is_not_uncertain(postbox: Postbox, now: datetime) -> None:
    postbox.refused.add("gone@example.org")
    mail = write(now, "gone@example.org")
    drain()
    postbox.refused.clear()
    make_due(mail, now)
    assert (drain(), mail.is_uncertain) == (1, False)


def test_the_log_tells_of_a_mail_that_may_arrive_twice(
    postbox: Postbox, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    mail = write(now)
    outbox.claim_mail(now=now)
    make_due(mail, now)
    with caplog.at_level(logging.WARNING, logger="app"):
        drain()
    assert f"mail {mail.id} may have left before: try 1 was cut off" in caplog.text
    assert len(postbox.received) == 1


def test_the_log_names_no_address(postbox: Postbox, now: datetime, caplog: pytest.LogCaptureFixture) -> None:
    postbox.refused.add("gone@example.org")
    mail = write(now, "gone@example.org", body="A secret.")
    with caplog.at_level(logging.DEBUG, logger="app"):
        drain()
    assert f"mail {mail.id} did not leave at try 1: SMTPRecipientsRefused 550" in caplog.text
    assert "gone" not in caplog.text
    assert "secret" not in caplog.text


def test_a_subject_of_several_lines_stays_a_subject(postbox: Postbox, now: datetime) -> None:
    write(now, subject="Hello\r\nBcc: bea@example.org")
    drain()
    assert postbox.received[0]["Subject"] == "Hello Bcc: bea@example.org"
    assert postbox.received[0]["Bcc"] is None


def mailer(app: Flask, mail: str) -> Mailer:
    return Mailer(dataclasses.replace(app.extensions["foresay"], mail=mail))


def test_credentials_are_used(app: Flask, postbox: Postbox) -> None:
    sender = mailer(app, f"smtp://Jo%40desk:right%3A%20%25@127.0.0.1:{postbox.port}")
    sender.send("ann@example.org", "Hello", "A text.", message_id="1")
    assert postbox.logged_in == [(b"Jo@desk", b"right: %")]
    assert len(postbox.received) == 1


def test_wrong_credentials_stop_all_mail(app: Flask, postbox: Postbox) -> None:
    with pytest.raises(Unreachable, match="SMTPAuthenticationError 535"):
        mailer(app, f"smtp://jo:wrong@127.0.0.1:{postbox.port}").send("a@example.org", "Hello", "A text.", message_id="1")
    assert postbox.received == []


def test_a_server_that_speaks_no_tls_gets_nothing_over_smtps(app: Flask, postbox: Postbox) -> None:
    with pytest.raises(Unreachable, match="SSLError"):
        mailer(app, f"smtps://127.0.0.1:{postbox.port}").send("a@example.org", "Hello", "A text.", message_id="1")
    assert postbox.received == []


def test_the_console_shows_a_mail_as_it_is_read(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    link = "http://127.0.0.1:8000/email-confirmation/" + "x" * 150
    mailer(app, "console:").send("ann@example.org", "Grüße", f"Für dich:\n\n{link}\n", message_id="1")
    printed = capsys.readouterr().out.splitlines()
    assert link in printed
    assert "To: ann@example.org" in printed
    assert "Subject: Grüße" in printed
    assert "Für dich:" in printed


def test_signing_up_leaves_a_job_that_sends_its_mail(client: FlaskClient, postbox: Postbox) -> None:
    queue.flush()
    client.post("/sign-up", data={"name": "Ann", "email": "ann@example.org", "password": "four plain words here"})
    db.session.commit()
    queue.execute(queue.dequeue())
    assert [mail["To"] for mail in postbox.received] == ["ann@example.org"]
    assert "/email-confirmation/" in postbox.received[0].get_content()
    assert mails()[0].address == "ann@example.org"
