"""News by mail: which of a reader's notifications go into which mail, and when; and ending it.

Nothing here has words: `jobs.letters` writes them when the mail is sent, from what can still be read then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import ColumnElement, and_, case, func, or_, select, update

from domain import notifications
from domain.errors import N_, Forbidden
from domain.notifications import Told
from extensions import db
from models import MailPace, Notification, NotificationKind, OutgoingMail, Reader

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAILS_AN_HOUR = 10  # of one notification each; what comes above it goes into one digest an hour
ITEMS_A_DIGEST = 20  # more is not read in a mail; the rest is a number and a link
READERS_AT_ONCE = 200  # whose being due is asked for in one query

_MOST_PERSONAL_FIRST = case(*((Notification.kind == kind, place) for place, kind in enumerate(NotificationKind)))


def due_readers(*, now: datetime, after: int = 0) -> Sequence[int]:
    """Return the next readers, by id, for whom something is to be written now."""
    waiting = select(Notification.reader_id).where(Notification.mailed_at.is_(None), Notification.reader_id > after)
    due = select(Reader.id).where(Reader.id.in_(waiting), _is_due(now))
    return db.session.scalars(due.order_by(Reader.id).limit(READERS_AT_ONCE)).all()


def write_mails(reader_id: int, *, now: datetime) -> list[OutgoingMail]:
    """Write the mails that are due to a reader, without their words. The caller commits.

    A notification is in one mail at most. Somebody else writing to the same reader at this moment is left to it.
    """
    held = select(Reader).where(Reader.id == reader_id, _is_due(now)).with_for_update(skip_locked=True, key_share=True)
    reader = db.session.scalar(held.execution_options(populate_existing=True))
    if reader is None:
        return []
    _pass_over(_waiting(reader) & (Notification.read_at.is_not(None) | ~notifications.is_shown()), now)
    if reader.mail_pace is MailPace.INSTANT:
        return _instant_mails(reader, now)
    return _digest(reader, now, since=0)


def told_in(mail: OutgoingMail) -> tuple[int, tuple[Told, ...]]:
    """Return how much a mail tells of that can still be read, and the most personal of it."""
    inside = Notification.mail_id == mail.id
    count = db.session.scalar(select(func.count()).select_from(Notification).where(inside, notifications.is_shown())) or 0
    some = notifications.told(inside).order_by(_MOST_PERSONAL_FIRST, Notification.id).limit(ITEMS_A_DIGEST)
    return count, notifications.rows_of(some)


def set_pace(reader: Reader, pace: MailPace, *, now: datetime) -> None:
    """Change how soon the reader's news is mailed; `NEVER` ends it at once, with what is already written. The caller commits.

    Nothing that was told meanwhile is mailed when it begins again. Raises `Forbidden` for a guest, who has no address.
    """
    if reader.is_guest:
        raise Forbidden(N_("Mail needs an account with an address of yours. Sign up to get it."))
    if MailPace.NEVER in {reader.mail_pace, pace}:
        pass_over(reader, now=now)
    reader.mail_pace = pace
    if pace is MailPace.NEVER:
        unsent = (OutgoingMail.reader_id == reader.id) & OutgoingMail.sent_at.is_(None) & OutgoingMail.given_up_at.is_(None)
        db.session.execute(update(OutgoingMail).where(unsent).values(given_up_at=now))
    db.session.flush()


def pass_over(reader: Reader, *, now: datetime) -> None:
    """Mail nothing of what the reader has been told so far. The caller commits."""
    _pass_over(_waiting(reader), now)


# --- the link that ends it -------------------------------------------------------------------------------------------


def token_for(reader_id: int, *, secret: str) -> str:
    """Return what the link in a reader's mails ends with: signed, and good for as long as the mail is kept."""
    return str(_serializer(secret).dumps(reader_id))


def reader_with(token: str, *, secret: str) -> Reader | None:
    """Return the account whose mails hold this token, if it is one of ours."""
    try:
        reader_id = _serializer(secret).loads(token)
    except BadData:
        return None
    reader = db.session.get(Reader, reader_id)
    return reader if reader is not None and not reader.is_guest else None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="unsubscribe")


# --- which notification goes into which mail -------------------------------------------------------------------------


def _instant_mails(reader: Reader, now: datetime) -> list[OutgoingMail]:
    room = max(0, MAILS_AN_HOUR - _mails_since(reader, now - HOUR))
    waiting = select(Notification.id).where(_waiting(reader)).order_by(Notification.id).limit(room + 1)
    ids = db.session.scalars(waiting).all()
    mails = [_mail(reader, Notification.id == one, now) for one in ids[:room]]
    if len(ids) > room and (reader.digested_at is None or reader.digested_at <= now - HOUR):
        mails += _digest(reader, now, since=ids[room])
    return mails


def _digest(reader: Reader, now: datetime, *, since: int) -> list[OutgoingMail]:
    """Put everything that waits, from one notification on, into one mail."""
    rest = _waiting(reader) & (Notification.id >= since)
    if db.session.scalar(select(Notification.id).where(rest).limit(1)) is None:
        return []
    reader.digested_at = now
    return [_mail(reader, rest, now)]


def _mail(reader: Reader, about: ColumnElement[bool], now: datetime) -> OutgoingMail:
    mail = OutgoingMail(address=reader.email or "", subject="", body="", reader_id=reader.id, made_at=now, next_try_at=now)
    db.session.add(mail)
    db.session.flush()
    db.session.execute(update(Notification).where(about).values(mailed_at=now, mail_id=mail.id))
    return mail


def _waiting(reader: Reader) -> ColumnElement[bool]:
    return (Notification.reader_id == reader.id) & Notification.mailed_at.is_(None)


def _pass_over(which: ColumnElement[bool], now: datetime) -> None:
    """Record that some notifications are not for mailing."""
    db.session.execute(update(Notification).where(which).values(mailed_at=now).execution_options(synchronize_session="fetch"))


def _mails_since(reader: Reader, since: datetime) -> int:
    recent = (OutgoingMail.reader_id == reader.id) & (OutgoingMail.made_at > since)
    return db.session.scalar(select(func.count()).select_from(OutgoingMail).where(recent)) or 0


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Keep readers who take mail and whose oldest waiting notification has waited for as long as they chose."""
    waiting = (Notification.reader_id == Reader.id) & Notification.mailed_at.is_(None)
    oldest = select(Notification.made_at).where(waiting).order_by(Notification.id).limit(1).scalar_subquery()

    def has_waited(pace: MailPace, length: timedelta) -> ColumnElement[bool]:
        rested = Reader.digested_at.is_(None) | (Reader.digested_at <= now - length)
        return and_(Reader.mail_pace == pace, oldest <= now - length, rested)

    paces = or_(Reader.mail_pace == MailPace.INSTANT, has_waited(MailPace.HOURLY, HOUR), has_waited(MailPace.DAILY, DAY))
    return Reader.email_confirmed_at.is_not(None) & paces
