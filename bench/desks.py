"""A moderators' desk with so much waiting, put into the database at once and past the domain, with every counter as it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, text

from bench import sites
from domain.text import RENDERER_VERSION
from extensions import db
from models import (
    Article,
    Comment,
    CommentRevision,
    CommentState,
    Reader,
    Referral,
    ReferralKind,
    Report,
    ReportReason,
    RevisionState,
    ScreeningVerdict,
)
from tests import factories

KINDS = ("held", "reported", "edited", "flagged")  # a quarter of what waits is each
BY_EACH = 5  # comments of one author, however many wait
AT_ONCE = 5_000  # rows in a statement


def fill(count: int) -> int:
    """Let `count` comments wait, for four reasons in turns, and return the first that is held. The caller commits."""
    now = datetime.now(UTC)
    article = factories.open_article(now)
    guests = [_guest(number, now) for number in range(count // BY_EACH)]
    _insert(Reader, iter(guests))
    reader_ids = list(db.session.scalars(select(Reader.id).where(Reader.registered_at.is_(None)).order_by(Reader.id)))
    first = (db.session.scalar(select(func.max(Comment.id))) or 0) + 1
    _insert(Comment, (_comment(number, first, article, reader_ids, now) for number in range(count)))
    waiting = range(first, first + count)
    _insert(ScreeningVerdict, (_verdict(one, now) for one in waiting[::4]))
    _insert(Report, (_report(one, place, reader_ids, now) for one in waiting[1::4] for place in range(2)))
    _insert(CommentRevision, (_revision(one, number, now) for one in waiting[2::4] for number in (1, 2)))
    _insert(Referral, ({"comment_id": one, "kind": ReferralKind.FLAGGED, "note": "", "made_at": now} for one in waiting[3::4]))
    article.published_comments, article.appeared = count - len(waiting[::4]), count
    db.session.flush()
    _forget_numbers()
    return first


def _insert(table: type[Any], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == AT_ONCE:
            db.session.execute(insert(table), batch)
            batch = []
    if batch:
        db.session.execute(insert(table), batch)


def _forget_numbers() -> None:
    """Let the database give numbers after those given here, and know what its tables hold by now."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('comment', 'id'), (SELECT max(id) FROM comment))"))
    db.session.execute(text("ANALYZE"))


def _guest(number: int, now: datetime) -> dict[str, Any]:
    return {"public_id": f"bench{number}", "created_at": now - timedelta(days=30)}


def _comment(number: int, first: int, article: Article, reader_ids: list[int], now: datetime) -> dict[str, Any]:
    is_held = KINDS[number % 4] == "held"
    html = sites.remark_html(number % 200)
    return {
        "id": first + number,
        "article_id": article.id,
        "reader_id": reader_ids[number // BY_EACH],
        "appeared": None if is_held else number + 1,
        "is_listed": not is_held,
        "body_source": sites.remark(number % 200),
        "body_html": html,
        "renderer_version": RENDERER_VERSION,
        "state": CommentState.HELD if is_held else CommentState.PUBLISHED,
        "version": 1,
        "posted_at": now - timedelta(hours=1),
    }


def _verdict(comment_id: int, now: datetime) -> dict[str, Any]:
    return {"comment_id": comment_id, "check": "new_author", "detail": "", "check_version": 1, "made_at": now}


def _report(comment_id: int, place: int, reader_ids: list[int], now: datetime) -> dict[str, Any]:
    reader_id = reader_ids[(comment_id + 7 + place * 3) % len(reader_ids)]
    return {"comment_id": comment_id, "reader_id": reader_id, "reason": ReportReason.SPAM, "note": "", "made_at": now}


def _revision(comment_id: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "comment_id": comment_id,
        "number": number,
        "body_source": sites.remark(comment_id % 200 + number),
        "body_html": sites.remark_html(comment_id % 200 + number),
        "renderer_version": RENDERER_VERSION,
        "state": RevisionState.SHOWN if number == 1 else RevisionState.HELD,
        "written_at": now,
    }
