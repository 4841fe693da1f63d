"""Editors, readers and the clock at once, with real commits: what a rolled-back transaction cannot show."""

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

from domain import disputes, finality, participation, resolutions
from domain.disputes import MOST_OPEN
from domain.errors import DomainError
from domain.participation import Answer
from domain.resolutions import TIME_TO_DISPUTE
from extensions import db
from models import Dispute, DisputeDecision, News, Prediction, Reader, Resolution, ResolutionAct, Role
from tests import factories
from tests.applications import leave_empty
from tests.resolving import OBJECTION, dispute, finding, resolve

FINALISERS = 20
PEOPLE = 8


@dataclass(frozen=True)
class Committed:
    """A prediction said to have ended, as its rows are in the database."""

    prediction_id: int
    editor_ids: list[int]
    reader_ids: list[int]
    said_at: datetime

    @property
    def prediction(self) -> Prediction:
        """Return the prediction in this thread's own session."""
        return db.session.get_one(Prediction, self.prediction_id)

    def person(self, ids: list[int], number: int) -> Reader:
        """Return one of the people in this thread's own session."""
        return db.session.get_one(Reader, ids[number])


@pytest.fixture
def said(app: Flask) -> Iterator[Committed]:
    with app.app_context():
        now = datetime.now(UTC)
        article, resolver = factories.open_article(now), factories.account(role=Role.EDITOR)
        editors = [factories.account(role=Role.EDITOR).id for _ in range(PEOPLE)]
        readers = [factories.account().id for _ in range(PEOPLE)]
        resolve(article, resolver, now)
        db.session.commit()
        yield Committed(factories.asked(article)[1].id, editors, readers, now)
        leave_empty()


def at_once(app: Flask, count: int, act: Callable[[int], object]) -> Counter[str]:
    """Run `act` for each number at the same moment, each in a transaction of its own, and count how it ended."""
    start = Barrier(count)

    def alone(number: int) -> str:
        with app.app_context():
            start.wait(20)
            try:
                done = act(number)
                db.session.commit()
            except DomainError as refusal:
                db.session.rollback()
                return type(refusal).__name__
            finally:
                db.session.remove()
        return "nothing" if done is None else "done"

    db.session.remove()
    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(alone, range(count)))


def numbers() -> list[int]:
    return list(db.session.scalars(select(Resolution.number).order_by(Resolution.number)))


def count_of(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_twenty_who_make_it_final_at_once_write_one_row(app: Flask, said: Committed) -> None:
    def act(_number: int) -> object:
        return finality.finalise(said.prediction, now=said.said_at + TIME_TO_DISPUTE)

    assert at_once(app, FINALISERS, act) == {"done": 1, "nothing": FINALISERS - 1}
    acts = db.session.scalars(select(Resolution.act).order_by(Resolution.number)).all()
    assert acts == [ResolutionAct.PROVISIONAL, ResolutionAct.FINAL]
    assert count_of(News) == 2


@pytest.mark.parametrize("verb", ["resolve", "annul", "mark_ambiguous", "reopen"])
def test_of_many_editors_who_saw_the_same_one_is_heard(app: Flask, said: Committed, verb: str) -> None:
    def act(number: int) -> object:
        prediction, by = said.prediction, said.person(said.editor_ids, number)
        given = finding(prediction.outcomes[1], said.said_at) if verb == "resolve" else "Because."
        return getattr(resolutions, verb)(prediction, given, by=by, now=datetime.now(UTC), expected=1)

    assert at_once(app, PEOPLE, act) == {"done": 1, "Conflict": PEOPLE - 1}
    assert (numbers(), said.prediction.resolution_count) == ([1, 2], 2)


def test_editors_who_say_different_things_at_once_leave_one_of_them(app: Flask, said: Committed) -> None:
    verbs = (resolutions.annul, resolutions.mark_ambiguous, resolutions.reopen, resolutions.annul)

    def act(number: int) -> object:
        by = said.person(said.editor_ids, number)
        return verbs[number](said.prediction, f"Reason {number}.", by=by, now=datetime.now(UTC), expected=1)

    assert at_once(app, len(verbs), act) == {"done": 1, "Conflict": len(verbs) - 1}


def test_a_dispute_is_decided_by_one_editor(app: Flask, said: Committed) -> None:
    one = dispute(said.prediction, said.person(said.reader_ids, 0), said.said_at).id
    db.session.commit()

    def act(number: int) -> object:
        decide = disputes.uphold if number % 2 else disputes.dismiss
        return decide(disputes.by_id(one), "Because.", by=said.person(said.editor_ids, number), now=datetime.now(UTC))

    assert at_once(app, PEOPLE, act) == {"done": 1, "Conflict": PEOPLE - 1}
    assert count_of(DisputeDecision) == 1
    upheld = db.session.scalars(select(DisputeDecision.is_upheld)).one()
    assert numbers() == ([1, 2] if upheld else [1])


def test_a_dispute_either_comes_in_time_or_finds_it_final(app: Flask, said: Committed) -> None:
    over = said.said_at + TIME_TO_DISPUTE

    def act(number: int) -> object:
        if number == 0:
            return finality.finalise(said.prediction, now=over)
        by = said.person(said.reader_ids, number)
        return dispute(said.prediction, by, over - timedelta(microseconds=1))

    ended = at_once(app, PEOPLE, act)
    if said.prediction.is_final:
        assert (ended["done"], count_of(Dispute)) == (1, 0)
    else:
        assert ended == {"nothing": 1, "done": PEOPLE - 1}


def test_a_button_pressed_many_times_at_once_disputes_once(app: Flask, said: Committed) -> None:
    def act(_number: int) -> object:
        return dispute(said.prediction, said.person(said.reader_ids, 0), said.said_at)

    assert at_once(app, PEOPLE, act) == {"done": PEOPLE}
    assert count_of(Dispute) == 1


def test_however_many_dispute_at_once_only_so_many_wait(app: Flask, said: Committed) -> None:
    for _ in range(MOST_OPEN - 2):
        dispute(said.prediction, factories.guest(), said.said_at)
    db.session.commit()

    def act(number: int) -> object:
        return dispute(said.prediction, said.person(said.reader_ids, number), said.said_at)

    assert at_once(app, PEOPLE, act) == {"done": 2, "Closed": PEOPLE - 2}
    assert count_of(Dispute) == MOST_OPEN


def test_predicting_disputing_reopening_and_time_at_once_end_well(app: Flask, said: Committed) -> None:
    def act(number: int) -> object:
        prediction, now = said.prediction, said.said_at + timedelta(minutes=1)
        if number == 0:
            by = said.person(said.editor_ids, 0)
            return resolutions.reopen(prediction, "It was premature.", by=by, now=now, expected=1)
        if number == 1:
            return finality.finalise(prediction, now=now)
        reader = said.person(said.reader_ids, number)
        if number % 2:
            return disputes.dispute(prediction, OBJECTION, by=reader, now=now, expected=1)
        answer = Answer(outcome=prediction.outcomes[0], reason=f"Reason {number}")
        return participation.submit(prediction.article, answer, by=reader, now=now)

    ended = at_once(app, PEOPLE, act)
    assert set(ended) <= {"done", "nothing", "Closed", "Conflict"}
    assert (numbers(), said.prediction.verdict) == ([1, 2], None)
