"""Appeals and sanctions at once, with real commits: what a rolled-back transaction cannot show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import appeals, clauses, comments, moderation, sanctions
from domain.entries import Why
from domain.errors import Conflict, Restrained
from domain.moderation import Judged
from domain.sanctions import Measure
from extensions import db
from models import (
    Appeal,
    Article,
    Comment,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    Role,
    Sanction,
    SanctionKind,
    StatementOfReasons,
)
from tests import factories
from tests.applications import leave_empty

MODERATORS = 12


@dataclass(frozen=True)
class Committed:
    """The ids of what is there."""

    article: int
    author: int
    statement: int
    moderators: list[int]


@pytest.fixture
def committed(app: Flask) -> Iterator[Committed]:
    """Give the statement of a removed comment and moderators who did not decide about it; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        article, author, first = factories.open_article(now), factories.account(), factories.account(role=Role.MODERATOR)
        comment = factories.comment(article, author)
        judged = Judged(comment_id=comment.id, version=comment.version)
        entry = moderation.remove(judged, clauses.current("spam"), by=first, now=now)
        statement = db.session.scalars(select(StatementOfReasons).where(StatementOfReasons.entry_id == entry.id)).one()
        people = [factories.account(role=Role.MODERATOR) for _ in range(MODERATORS)]
        db.session.commit()
        seen = Committed(article.id, author.id, statement.id, [one.id for one in people])
        db.session.remove()
        yield seen
        leave_empty()


def at_once(app: Flask, acts: list[Callable[[], object]]) -> Counter[str]:
    """Let all of this happen at the same moment, each in a transaction of its own, and count how it ended."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        with app.app_context():
            start.wait(30)
            try:
                act()
                db.session.commit()
            except (Conflict, Restrained) as refusal:
                db.session.rollback()
                return type(refusal).__name__
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(one, acts))


def reader(reader_id: int) -> Reader:
    return db.session.get_one(Reader, reader_id)


def appealed(there: Committed) -> int:
    statement = db.session.get_one(StatementOfReasons, there.statement)
    appeal = appeals.make(statement, "It was none.", by=reader(there.author), now=datetime.now(UTC))
    db.session.commit()
    appeal_id = appeal.id
    db.session.remove()
    return appeal_id


def acts(act: ModerationAct) -> int:
    return db.session.scalar(select(func.count()).select_from(ModerationEntry).where(ModerationEntry.act == act)) or 0


def test_of_many_moderators_on_one_appeal_one_decides(app: Flask, committed: Committed) -> None:
    appeal_id, now = appealed(committed), datetime.now(UTC)

    def decision(place: int, by: int) -> Callable[[], object]:
        if place % 2:
            return lambda: appeals.grant(appeal_id, by=reader(by), now=now)
        return lambda: appeals.refuse(appeal_id, "No.", by=reader(by), now=now)

    ended = at_once(app, [decision(place, by) for place, by in enumerate(committed.moderators)])
    assert ended == {"done": 1, "Conflict": MODERATORS - 1}
    appeal = db.session.get_one(Appeal, appeal_id)
    assert acts(ModerationAct.APPEAL_GRANTED) + acts(ModerationAct.APPEAL_REFUSED) == 1
    states = {True: CommentState.PUBLISHED, False: CommentState.REMOVED}
    assert db.session.scalars(select(Comment.state)).one() is states[appeal.is_granted is True]


def test_one_appeal_sent_many_times_is_one(app: Flask, committed: Committed) -> None:
    def send() -> object:
        statement = db.session.get_one(StatementOfReasons, committed.statement)
        return appeals.make(statement, "It was none.", by=reader(committed.author), now=datetime.now(UTC))

    assert at_once(app, [send] * MODERATORS) == {"done": MODERATORS}
    assert acts(ModerationAct.APPEALED) == 1


def test_of_many_moderators_who_sanction_one_reader_one_does(app: Flask, committed: Committed) -> None:
    now = datetime.now(UTC)

    def sanction(place: int, by: int) -> Callable[[], object]:
        kind = SanctionKind.MUTED if place % 2 else SanctionKind.SUSPENDED
        return lambda: sanctions.impose(
            reader(committed.author),
            Measure(kind=kind, lasts=timedelta(days=1)),
            by=reader(by),
            now=now,
            why=Why(clause=clauses.current("abuse")),
            seen=0,
        )

    ended = at_once(app, [sanction(place, by) for place, by in enumerate(committed.moderators)])
    assert ended == {"done": 1, "Conflict": MODERATORS - 1}
    assert db.session.scalar(select(func.count()).select_from(Sanction)) == 1


def test_nothing_is_written_after_a_suspension(app: Flask, committed: Committed) -> None:
    def suspend() -> object:
        measure, why = Measure(kind=SanctionKind.SUSPENDED, lasts=timedelta(days=1)), Why(clause=clauses.current("abuse"))
        by = reader(committed.moderators[0])
        return sanctions.impose(reader(committed.author), measure, by=by, now=datetime.now(UTC), why=why)

    def write(place: int) -> Callable[[], object]:
        return lambda: comments.post(
            db.session.get_one(Article, committed.article), f"Text {place}.", by=reader(committed.author), now=datetime.now(UTC)
        )

    ended = at_once(app, [suspend, *(write(place) for place in range(MODERATORS))])
    assert ended["done"] + ended["Restrained"] == MODERATORS + 1
    posted = db.session.scalar(select(func.count()).select_from(Comment)) or 0
    assert posted == ended["done"]  # the removed one is there besides, the suspension is none
