from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import clauses, moderation, notices
from domain.moderation import Judged
from extensions import db
from models import (
    Article,
    Comment,
    MailPace,
    ModerationEntry,
    Notice,
    Notification,
    NotificationKind,
    Reader,
    Report,
    ReportReason,
)
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

LATER = notices.DELAY + timedelta(seconds=1)


@pytest.fixture
def reported(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> Comment:
    comment = factories.comment(article, reader)
    moderation.report(comment, ReportReason.ABUSE, "", by=another_reader, now=now)
    return comment


@pytest.fixture
def removal(reported: Comment, moderator: Reader, now: datetime) -> ModerationEntry:
    judged = Judged(comment_id=reported.id, version=reported.version)
    return moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)


def told() -> set[tuple[int, NotificationKind, int | None]]:
    return {(one.reader_id, one.kind, one.entry_id) for one in db.session.scalars(select(Notification))}


def test_nobody_hears_of_a_decision_for_twenty_seconds(removal: ModerationEntry, now: datetime) -> None:
    assert notices.tell_next(now=now + timedelta(seconds=19)) == 0
    assert told() == set()


def test_then_its_author_hears_and_whoever_complained(
    removal: ModerationEntry, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    assert notices.tell_next(now=now + LATER) == 2
    assert told() == {
        (reader.id, NotificationKind.DECISION, removal.id),
        (another_reader.id, NotificationKind.REPORT, removal.id),
    }


def test_nobody_hears_twice(removal: ModerationEntry, now: datetime) -> None:
    notices.tell_next(now=now + LATER)
    assert notices.tell_next(now=now + LATER) == 0


def test_what_was_undone_in_time_is_never_heard_of(removal: ModerationEntry, moderator: Reader, now: datetime) -> None:
    moderation.undo(removal.id, by=moderator, now=now + timedelta(seconds=10))
    assert notices.tell_next(now=now + timedelta(days=1)) == 0
    assert told() == set()


def test_whoever_has_heard_of_it_hears_that_it_was_undone(
    removal: ModerationEntry, moderator: Reader, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    notices.tell_next(now=now + LATER)
    undoing = moderation.undo(removal.id, by=moderator, now=now + LATER)
    notices.tell_next(now=now + 2 * LATER)
    assert {(who, entry) for who, _, entry in told()} == {
        (who, entry) for who in (reader.id, another_reader.id) for entry in (removal.id, undoing.id)
    }


def test_an_author_does_not_hear_of_what_changes_nothing_for_them(
    reported: Comment, moderator: Reader, reader: Reader, now: datetime
) -> None:
    newest = db.session.scalar(select(Report.id))
    assert newest is not None
    judged = Judged(comment_id=reported.id, version=reported.version, report_id=newest)
    moderation.approve(judged, by=moderator, now=now)
    assert reader.id not in set(db.session.scalars(select(Notice.reader_id)))


def test_what_is_told_to_somebody_without_mail_is_not_for_mailing(
    removal: ModerationEntry, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    reader.mail_pace = MailPace.NEVER
    notices.tell_next(now=now + LATER)
    told_of = {one.reader_id: one.mailed_at for one in db.session.scalars(select(Notification))}
    assert told_of == {reader.id: now + LATER, another_reader.id: None}
