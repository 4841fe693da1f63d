"""The jobs: closing questions and making outcomes final on time, scoring, keeping what answers add up to, sending mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING

from flask import Flask
from huey import crontab

from domain import articles, boardkeeping, boards, crowds, finality, outbox, predictions, scorekeeping, series
from domain.crowds import WorkedOut
from extensions import db, jobs
from jobs.letters import Letter, letter_for
from jobs.reading import reading
from lazily import lazily
from models import OutgoingMail, Prediction

if TYPE_CHECKING:
    from jobs import mailer
else:
    mailer = lazily("jobs.mailer")  # what writes and sends mail is large, and in most minutes there is none

MAILING_LASTS = 5.0  # seconds, some ten mails: meanwhile no question closes, nothing is told, and a worker does not end

_apps: list[Flask] = []


def bind(app: Flask) -> None:
    """Run the tasks in this application's context from now on."""
    _apps[:] = [app]


def app_of_jobs() -> Flask:
    """Return the application in whose context the tasks run."""
    return _apps[0]


@jobs.periodic_task(crontab(minute="*"))
def close_questions() -> int:
    """Record, each minute, the closing of what is due, so that results appear and caches turn over."""
    with _apps[0].app_context():
        now = datetime.now(UTC)
        closed = articles.close_due_polls(now) + predictions.close_due(now)
        db.session.commit()
        return closed


@jobs.periodic_task(crontab(minute="*"))
def make_final() -> None:
    """Make final, each minute, what can no longer be disputed, each prediction in a transaction of its own."""
    with _apps[0].app_context():
        after = 0
        while (prediction := finality.next_due(datetime.now(UTC), after=after)) is not None:
            after = prediction.id
            finality.finalise(prediction, now=datetime.now(UTC))
            db.session.commit()


@jobs.periodic_task(crontab(minute="*"))
def score_due() -> None:
    """Work out, each minute, the scores that wait for it, each prediction's in a transaction of its own, then the boards."""
    with _apps[0].app_context():
        after = 0
        while (prediction := scorekeeping.due(after=after)) is not None:
            after = prediction.id
            scorekeeping.score(prediction, now=datetime.now(UTC))
            db.session.commit()
        _renew_boards()


def _renew_boards() -> None:
    """Make every leaderboard that waits: one that scores have changed, or from whose time something may have passed."""
    after = 0
    while (found := _next_board(after)) is not None:
        after = found.board_id
        boardkeeping.keep(found, now=datetime.now(UTC))
        db.session.commit()


def _next_board(after: int) -> boardkeeping.Made | None:
    with reading():
        now = datetime.now(UTC)
        board = boards.due(now=now, after=after)
        return boardkeeping.made(board, now=now) if board else None


@jobs.periodic_task(crontab(minute="*"))
def send_left_mail() -> None:
    """Send, each minute, what a lost job or a failing server left in the outbox."""
    drain_outbox()


@jobs.task()
def refresh_crowd(prediction_id: int) -> None:
    """Work out what the newest forecasts of a large crowd say, after one more. What all of them say follows by the minute."""
    with _apps[0].app_context():
        _work_out(prediction_id, lambda prediction: crowds.newest_worked_out(prediction, now=datetime.now(UTC)))


@jobs.periodic_task(crontab(minute="*"))
def refresh_left_crowds() -> None:
    """Work out, each minute, every crowd of which not all forecasts have been looked at."""
    with _apps[0].app_context():
        after = 0
        while (prediction_id := _stale(after)) is not None:
            after = prediction_id
            _work_out(prediction_id, crowds.worked_out)


def _stale(after: int) -> int | None:
    with reading():
        prediction = crowds.stale(now=datetime.now(UTC), after=after)
        return prediction.id if prediction else None


def _work_out(prediction_id: int, look: Callable[[Prediction], WorkedOut | None]) -> None:
    """Look without the writer's turn, which all voters wait for, and take it only to keep what was found."""
    with reading():
        prediction = db.session.get(Prediction, prediction_id)
        found = look(prediction) if prediction is not None else None
    if found is not None:
        crowds.keep(found, now=datetime.now(UTC))
        db.session.commit()


@jobs.periodic_task(crontab(minute="*"))
def extend_series() -> None:
    """Add, each minute, the points over time of every question of which a moment is over."""
    with _apps[0].app_context():
        now = datetime.now(UTC)
        for question in series.due(now):
            series.extend(question, now=now)
            db.session.commit()


@jobs.task()
def send_mail() -> None:
    """Send what has just been written to the outbox. Of several such jobs the last to wait does it: each would take its time."""
    if not jobs.has_waiting(send_mail):
        drain_outbox()


def drain_outbox() -> int:
    """Send mail that is due, one by one, and return how many left. Stops while no mail leaves at all.

    After `MAILING_LASTS` a job that waits for its turn like all others goes on.
    """
    app, left, end = _apps[0], 0, monotonic() + MAILING_LASTS
    with app.app_context():
        while (mail := outbox.claim_mail(now=datetime.now(UTC))) is not None:
            db.session.commit()
            try:
                left += _send(mail)
            except mailer.Unreachable:
                break
            finally:
                db.session.commit()
            if monotonic() >= end:
                _go_on_mailing()
                break
    return left


def _go_on_mailing() -> None:
    if not jobs.has_waiting(send_mail):
        send_mail()


def _send(mail: OutgoingMail) -> bool:
    """Send one mail and record how it went; return whether it left. Raises `Unreachable`."""
    address, number, unsubscribe_path = mail.address, str(mail.id), mail.unsubscribe_path
    if mail.is_uncertain:
        _apps[0].logger.warning("mail %s may have left before: try %s was cut off", number, mail.tries - 1)
    letter = Letter(subject=mail.subject, body=mail.body) if mail.reader_id is None else letter_for(mail)
    if letter is None:  # what it was to tell has been removed
        outbox.mail_is_pointless(mail, now=datetime.now(UTC))
        return False
    db.session.commit()  # reading it began a transaction; none is open while the mail server answers
    try:
        mailer.Mailer(_apps[0].extensions["foresay"]).send(
            address, letter.subject, letter.body, message_id=number, unsubscribe_path=unsubscribe_path
        )
    except mailer.NotSent as error:
        outbox.mail_failed(mail, now=datetime.now(UTC))
        _apps[0].logger.warning("mail %s did not leave at try %s: %s", number, mail.tries, error)
        if isinstance(error, mailer.Unreachable):
            raise
        return False
    outbox.mail_left(mail, now=datetime.now(UTC))
    return True
