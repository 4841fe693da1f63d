"""Authors, answers and moderators at once, with real commits: what a rolled-back transaction cannot show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import clauses, comments, moderation, revisions, visibility
from domain.errors import Conflict
from domain.moderation import Judged
from extensions import db
from models import (
    Comment,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    RevisionState,
    Role,
)
from tests import factories
from tests.applications import leave_empty

MANY = 12
WINDOW = timedelta(minutes=10)
A_WHILE = 0.4  # seconds a transaction stays open, so that another has to wait for it
LINK = "See https://example.org/why"


@dataclass(frozen=True)
class Stage:
    """What has been committed: a first comment, an answer to it, who wrote both, and moderators."""

    first: int
    answer: int
    author: int
    moderators: list[int]


@pytest.fixture
def stage_at_once(app: Flask) -> Iterator[Stage]:
    with app.app_context():
        article, author = factories.open_article(datetime.now(UTC)), factories.account()
        first = factories.comment(article, author)
        answer = factories.comment(article, author, parent=first)
        moderators = [factories.account(role=Role.MODERATOR) for _ in range(MANY)]
        db.session.commit()
        stage = Stage(first.id, answer.id, author.id, [one.id for one in moderators])
        db.session.remove()
        yield stage
        leave_empty()


def outcome_of(app: Flask, act: Callable[[], object], *, after: Event | None = None, before: Event | None = None) -> str:
    """Do something in a transaction of its own: begun after one event, and held open for a while once another is told."""
    with app.app_context():
        if after is not None:
            assert after.wait(30)
        try:
            act()
            if before is not None:
                before.set()
                sleep(A_WHILE)
            db.session.commit()
        except Conflict:
            db.session.rollback()
            return "conflict"
        finally:
            db.session.remove()
        return "done"


def edit(comment_id: int, body: str) -> None:
    comment = db.session.get_one(Comment, comment_id)
    revisions.edit(comment, body, by=comment.reader, now=datetime.now(UTC), window=WINDOW)


def answer(comment_id: int) -> None:
    comment = db.session.get_one(Comment, comment_id)
    factories.comment(comment.article, factories.account(), "I differ.", parent=comment)


def in_turn(app: Flask, first: Callable[[], object], second: Callable[[], object]) -> list[str]:
    """Do the second while the first is under way."""
    begun = Event()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(outcome_of, app, first, before=begun)
        other = pool.submit(outcome_of, app, second, after=begun)
        return [one.result(), other.result()]


def at_once(app: Flask, acts: list[Callable[[], object]]) -> Counter[str]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(lambda act: outcome_of(app, act), acts))


def test_an_answer_under_way_stops_the_edit(app: Flask, stage_at_once: Stage) -> None:
    here = stage_at_once.answer
    assert in_turn(app, lambda: answer(here), lambda: edit(here, "Something else.")) == ["done", "conflict"]
    assert db.session.get_one(Comment, here).edited_at is None


def test_an_answer_after_the_edit_finds_the_new_text(app: Flask, stage_at_once: Stage) -> None:
    here = stage_at_once.answer
    assert in_turn(app, lambda: edit(here, "Something else."), lambda: answer(here)) == ["done", "done"]
    assert db.session.get_one(Comment, here).body_source == "Something else."


def test_an_answer_and_an_edit_take_their_locks_in_one_order(app: Flask, stage_at_once: Stage) -> None:
    begun = Event()

    def slow_edit() -> None:
        comment = db.session.get_one(Comment, stage_at_once.answer, with_for_update=True)
        begun.set()
        sleep(A_WHILE)
        visibility.touch(comment.article_id)

    with ThreadPoolExecutor(2) as pool:
        ended = [
            pool.submit(outcome_of, app, slow_edit),
            pool.submit(outcome_of, app, lambda: answer(stage_at_once.answer), after=begun),
        ]
    assert [one.result() for one in ended] == ["done", "done"]


def test_answers_and_edits_at_once_wait_for_each_other_and_not_for_ever(app: Flask, stage_at_once: Stage) -> None:
    places = [stage_at_once.first, stage_at_once.answer] * 5
    acts: list[Callable[[], object]] = [lambda here=here: answer(here) for here in places]  # type: ignore[misc]
    acts += [lambda here=here: edit(here, f"Changed {here}.") for here in places]  # type: ignore[misc]
    ended = at_once(app, acts)
    assert ended["done"] >= len(places)
    assert ended.total() == len(acts)


def test_an_edit_sent_many_times_at_once_is_one(app: Flask, stage_at_once: Stage) -> None:
    at_once(app, [lambda: edit(stage_at_once.answer, "Changed once.")] * MANY)
    assert db.session.scalar(select(func.count()).select_from(CommentRevision)) == 2


def test_of_many_moderators_on_one_edit_one_decides(app: Flask, stage_at_once: Stage) -> None:
    edit(stage_at_once.answer, LINK)
    waiting = db.session.scalars(select(CommentRevision).where(CommentRevision.state == RevisionState.HELD)).one()
    version = db.session.get_one(Comment, stage_at_once.answer).version
    seen = Judged(comment_id=stage_at_once.answer, version=version, revision_id=waiting.id)
    db.session.commit()

    def decide(place: int) -> None:
        by, now = db.session.get_one(Reader, stage_at_once.moderators[place]), datetime.now(UTC)
        (moderation.approve_edit if place % 2 else moderation.refuse_edit)(seen, by=by, now=now)

    acts: list[Callable[[], object]] = [lambda place=place: decide(place) for place in range(MANY)]  # type: ignore[misc]
    assert at_once(app, acts) == {"done": 1, "conflict": MANY - 1}
    shown = db.session.get_one(Comment, stage_at_once.answer).body_source == LINK
    last = db.session.scalars(select(ModerationEntry.act).order_by(ModerationEntry.id)).all()[1:]
    assert last == [ModerationAct.EDIT_APPROVED if shown else ModerationAct.EDIT_REFUSED]


def test_a_comment_withdrawn_while_it_is_removed_ends_in_one_state(app: Flask, stage_at_once: Stage) -> None:
    comment = db.session.get_one(Comment, stage_at_once.answer)
    seen = Judged(comment_id=comment.id, version=comment.version)
    db.session.commit()

    def remove() -> None:
        by = db.session.get_one(Reader, stage_at_once.moderators[0])
        moderation.remove(seen, clauses.current("spam"), by=by, now=datetime.now(UTC))

    def withdraw() -> None:
        one = db.session.get_one(Comment, stage_at_once.answer)
        comments.withdraw(one, by=one.reader, now=datetime.now(UTC))

    assert in_turn(app, withdraw, remove) == ["done", "conflict"]
    db.session.expire_all()
    assert db.session.get_one(Comment, stage_at_once.answer).state is CommentState.WITHDRAWN
