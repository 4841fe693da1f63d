"""Editors and readers at once, with real commits: what a rolled-back transaction cannot show."""

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

from domain import articles, participation, questions
from domain.errors import DomainError
from domain.participation import Answer
from domain.questions import Wording
from extensions import db
from models import Article, OpinionVote, QuestionChange, Reader, Role
from tests import factories
from tests.applications import leave_empty

EDITORS = 8


@dataclass(frozen=True)
class Committed:
    """An open article, editors, and readers who have not answered yet."""

    article_id: int
    editor_ids: list[int]
    reader_ids: list[int]

    def article(self) -> Article:
        """Return the article in this thread's own session."""
        return articles.by_id(self.article_id)

    def editor(self, number: int) -> Reader:
        """Return an editor."""
        return db.session.get_one(Reader, self.editor_ids[number])


@pytest.fixture
def committed(app: Flask) -> Iterator[Committed]:
    with app.app_context():
        article = factories.open_article(datetime.now(UTC))
        editors = [factories.account(role=Role.EDITOR).id for _ in range(EDITORS)]
        readers = [factories.account().id for _ in range(EDITORS)]
        db.session.commit()
        yield Committed(article.id, editors, readers)
        leave_empty()


def at_once(app: Flask, count: int, act: Callable[[int], object]) -> Counter[str]:
    """Run `act` for each number at the same moment, each in a transaction of its own, and count how it ended."""
    start = Barrier(count)

    def alone(number: int) -> str:
        with app.app_context():
            start.wait(20)
            try:
                act(number)
                db.session.commit()
            except DomainError as refusal:
                db.session.rollback()
                return type(refusal).__name__
            finally:
                db.session.remove()
        return "done"

    db.session.remove()
    with ThreadPoolExecutor(count) as pool:
        return Counter(pool.map(alone, range(count)))


def one_wins(app: Flask, act: Callable[[int], object]) -> bool:
    return at_once(app, EDITORS, act) == {"done": 1, "Conflict": EDITORS - 1}


def reworded(number: int) -> Wording:
    return Wording(question=f"As editor {number} words it?", answers=("Agree", "Disagree", "Not sure"))


def test_of_many_corrections_at_once_one_is_not_overwritten(app: Flask, committed: Committed) -> None:
    seen, now = questions.edition_of(committed.article()), datetime.now(UTC)

    def act(number: int) -> None:
        poll, _ = factories.asked(committed.article())
        questions.reword(poll, reworded(number), by=committed.editor(number), now=now, expected=seen)

    assert one_wins(app, act)


def test_of_many_closing_times_at_once_one_stands_and_one_change_is_kept(app: Flask, committed: Committed) -> None:
    seen, now = questions.edition_of(committed.article()), datetime.now(UTC)

    def act(number: int) -> None:
        _, prediction = factories.asked(committed.article())
        closes_at = now + timedelta(days=40 + number)
        questions.reschedule(prediction, closes_at, by=committed.editor(number), now=now, expected=seen)

    assert one_wins(app, act)
    assert db.session.scalar(select(func.count()).select_from(QuestionChange)) == 1


def test_of_many_outcomes_added_at_once_one_is(app: Flask, committed: Committed) -> None:
    seen, now = questions.edition_of(committed.article()), datetime.now(UTC)

    def act(number: int) -> None:
        _, prediction = factories.asked(committed.article())
        editor, label = committed.editor(number), f"Outcome {number}"
        questions.add_outcome(prediction, label, prediction.outcomes[-1], by=editor, now=now, expected=seen)

    assert one_wins(app, act)
    assert len(factories.asked(committed.article())[1].outcomes) == 4


def test_outcomes_added_one_after_the_other_each_have_their_place(app: Flask, committed: Committed) -> None:
    def act(number: int) -> None:
        _, prediction = factories.asked(committed.article())
        editor, last = committed.editor(number), prediction.outcomes[-1]
        questions.add_outcome(prediction, f"Outcome {number}", last, by=editor, now=datetime.now(UTC))

    assert at_once(app, EDITORS, act) == {"done": EDITORS}
    outcomes = factories.asked(committed.article())[1].outcomes
    assert len(outcomes) == 3 + EDITORS
    assert outcomes[-1].label == "No vote this year"


def test_a_question_is_ended_by_one_editor(app: Flask, committed: Committed) -> None:
    def act(number: int) -> None:
        poll, _ = factories.asked(committed.article())
        questions.close_now(poll, by=committed.editor(number), now=datetime.now(UTC))

    assert one_wins(app, act)


@pytest.mark.parametrize("_round", range(3))
def test_a_correction_amid_first_votes_loses_none_and_waits_for_nobody(app: Flask, committed: Committed, _round: int) -> None:
    def act(number: int) -> None:
        now = datetime.now(UTC)
        article = committed.article()
        poll, prediction = factories.asked(article)
        if number == 0:
            questions.reword(poll, reworded(0), by=committed.editor(0), now=now)
            return
        reader = db.session.get_one(Reader, committed.reader_ids[number])
        sent = Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[0], reason=f"Because of {number}.")
        participation.submit(article, sent, by=reader, now=now)

    assert at_once(app, EDITORS, act) == {"done": EDITORS}
    assert db.session.scalar(select(func.count()).select_from(OpinionVote)) == EDITORS - 1
    assert factories.asked(committed.article())[0].question == "As editor 0 words it?"


def test_a_vote_that_is_being_cast_was_cast_on_the_earlier_wording(app: Flask, committed: Committed) -> None:
    """Where both databases let the two overlap: on SQLite one writer waits for the other."""
    if db.engine.dialect.name == "sqlite":
        return
    now = datetime.now(UTC)
    article = committed.article()
    reader = db.session.get_one(Reader, committed.reader_ids[0])
    participation.submit(article, Answer(choices=[factories.asked(article)[0].choices[0]]), by=reader, now=now)
    db.session.flush()

    def correct() -> None:
        with app.app_context():
            poll, _ = factories.asked(committed.article())
            questions.reword(poll, reworded(0), by=committed.editor(0), now=now)
            db.session.commit()
            db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(correct).result(20)
    db.session.commit()
    assert len(questions.changes_of(factories.asked(committed.article())[0])) == 1
