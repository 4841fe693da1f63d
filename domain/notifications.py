"""Mail that has to leave: written as a row with its cause, sent by a job."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from domain import text
from extensions import db
from models import OutgoingMail

BATCH = 20  # mails taken at a time
TRIES = 8  # doubling from a minute: about four hours, longer than a mail server is usually away


def queue_mail(address: str, subject: str, body: str, *, now: datetime) -> OutgoingMail:
    """Write a mail to be sent. `subject` is set on one line, so that nothing typed reaches another header."""
    mail = OutgoingMail(address=address, subject=text.line(subject)[:200], body=body, made_at=now, next_try_at=now)
    db.session.add(mail)
    db.session.flush()
    return mail


def due_mail(now: datetime) -> list[OutgoingMail]:
    """Return the next mails to try, locked so that two workers do not send one twice."""
    due = OutgoingMail.sent_at.is_(None) & OutgoingMail.given_up_at.is_(None) & (OutgoingMail.next_try_at <= now)
    mails = select(OutgoingMail).where(due).order_by(OutgoingMail.id).limit(BATCH)
    return list(db.session.scalars(mails.with_for_update(skip_locked=True)))


def sent(mail: OutgoingMail, *, now: datetime) -> None:
    """Record that the mail has left."""
    mail.sent_at = now


def failed(mail: OutgoingMail, *, now: datetime) -> None:
    """Plan the next try, twice as far away as the last, or give up after `TRIES`."""
    mail.tries += 1
    mail.next_try_at = now + timedelta(minutes=2 ** (mail.tries - 1))
    if mail.tries >= TRIES:
        mail.given_up_at = now
