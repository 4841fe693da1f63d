"""Mail that has to leave: written as a row with its cause, sent by a job."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from domain import text
from extensions import db
from models import MailPace, OutgoingMail, Reader

FIRST_PAUSE = timedelta(minutes=1)  # doubles with each try, and is longer than a mail server may take to answer
MOST_COUNTED = 1_000  # beyond it the number says nothing but "many"
TRIES = 8  # about four hours, longer than a mail server is usually away


def has_no_mail() -> ColumnElement[bool]:
    """Keep readers to whom nothing is mailed: what they are told is not for mailing, even if they begin to get mail later."""
    return Reader.email_confirmed_at.is_(None) | (Reader.mail_pace == MailPace.NEVER)


def backlog() -> dict[str, int]:
    """Return how much mail waits, and how much was given up; one more than `MOST_COUNTED` stands for many."""
    states = {"waiting": OutgoingMail.given_up_at.is_(None), "given_up": OutgoingMail.given_up_at.is_not(None)}
    found = (select(OutgoingMail.id).where(OutgoingMail.sent_at.is_(None), state) for state in states.values())
    sizes = (select(func.count()).select_from(some.limit(MOST_COUNTED + 1).subquery()).scalar_subquery() for some in found)
    return dict(zip(states, db.session.execute(select(*sizes)).one(), strict=True))


def queue_mail(address: str, subject: str, body: str, *, now: datetime) -> OutgoingMail:
    """Write a mail to be sent. `subject` is set on one line, so that nothing typed reaches another header."""
    mail = OutgoingMail(address=address, subject=text.line(subject)[:200], body=body, made_at=now, next_try_at=now)
    db.session.add(mail)
    db.session.flush()
    return mail


def claim_mail(*, now: datetime) -> OutgoingMail | None:
    """Take the next mail that is due, planning its next try already, so that nobody else sends it meanwhile.

    The caller commits before sending: no transaction waits for a mail server. A try that was cut off may have sent the mail
    without a word of it here: the mail is then marked as uncertain, and sent again, for twice is better than never.
    """
    due = OutgoingMail.sent_at.is_(None) & OutgoingMail.given_up_at.is_(None) & (OutgoingMail.next_try_at <= now)
    next_due = select(OutgoingMail).where(due).order_by(OutgoingMail.id).limit(1)
    mail = db.session.scalar(next_due.with_for_update(skip_locked=True))
    if mail is not None:
        mail.tries += 1
        mail.is_uncertain = mail.is_uncertain or mail.begun_at is not None
        mail.begun_at = now
        mail.next_try_at = now + FIRST_PAUSE * 2 ** (mail.tries - 1)
        db.session.flush()
    return mail


def mail_left(mail: OutgoingMail, *, now: datetime) -> None:
    """Record that the mail has been handed to a mail server."""
    mail.sent_at, mail.begun_at = now, None


def mail_is_pointless(mail: OutgoingMail, *, now: datetime) -> None:
    """Give up a mail that has nothing left to tell."""
    mail.given_up_at, mail.begun_at = now, None


def mail_failed(mail: OutgoingMail, *, now: datetime) -> None:
    """Record that the mail did not leave. Gives up after `TRIES`; until then the claim has planned the next try."""
    mail.begun_at = None
    if mail.tries >= TRIES:
        mail.given_up_at = now
